"""Every read of plans. What other engines and the desk may ask for is named here."""
