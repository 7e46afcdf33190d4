"""Pure decisions about plans: rows, marks, links, changes, splits and lights. No Django, no clock."""
