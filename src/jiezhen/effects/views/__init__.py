"""Pages: the own notices, and the administration of what leaves."""
