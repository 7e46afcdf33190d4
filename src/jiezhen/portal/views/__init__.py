"""The pages of residents, and the one on which the office says how it is reached."""
