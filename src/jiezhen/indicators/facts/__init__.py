"""From definitions to numbers: the compiler, the running of its statements, the roll-up."""
