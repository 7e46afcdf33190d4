"""What is counted: definitions, figures, growth, targets, and where each number comes from."""
