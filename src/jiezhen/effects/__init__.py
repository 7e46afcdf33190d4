"""What follows from an act: notices and messages that leave, through one outbox."""
