"""Pure decisions of writing and proof-reading: no Django, no clock, no files."""
