"""The pages of reports: list and editor, settling, checks, files."""
