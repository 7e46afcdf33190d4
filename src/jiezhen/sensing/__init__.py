"""What was measured, and the statistics supplied from outside."""
