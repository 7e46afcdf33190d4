"""Settings, addresses, start-up and the command line. Nothing imports this package."""
