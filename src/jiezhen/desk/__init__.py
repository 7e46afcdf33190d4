"""Staff pages that cross engines: sign in, today, search, administration."""
