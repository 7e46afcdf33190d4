"""Every read of reports and of the numbers in them."""
