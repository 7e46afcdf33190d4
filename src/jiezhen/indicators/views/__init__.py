"""Pages of figures: the board, one indicator, one number, definitions, targets, supplied data."""
