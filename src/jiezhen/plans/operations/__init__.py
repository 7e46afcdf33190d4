"""Every write of plans, by what is written: documents, commitments, tasks, notices, decisions."""
