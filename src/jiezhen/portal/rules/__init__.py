"""Pure decisions of the residents' pages."""
