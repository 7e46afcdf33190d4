"""What must be done, moving through the states of a flow."""
