"""Accounts, what a viewer may do, and the masking of personal values."""
