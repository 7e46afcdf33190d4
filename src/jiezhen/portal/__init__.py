"""Residents' pages. Not built yet: the folder keeps its step of the staircase."""
