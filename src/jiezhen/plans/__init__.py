"""计划: documents become commitments, commitments tasks, tasks lights, until they are closed."""
