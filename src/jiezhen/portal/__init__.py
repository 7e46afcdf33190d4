"""Residents' pages: what the office publishes, without an account. Open311 stands beside them."""
