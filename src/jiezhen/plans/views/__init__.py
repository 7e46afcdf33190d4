"""Pages of plans: files, reading, changes, tasks, and the same lists as files."""
