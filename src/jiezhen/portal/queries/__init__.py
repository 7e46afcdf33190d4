"""Reads of the residents' pages."""
