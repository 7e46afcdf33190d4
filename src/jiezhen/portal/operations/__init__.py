"""Every write of the residents' pages."""
