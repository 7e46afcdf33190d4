"""What exists: people, firms, buildings, lifts, roads, documents."""
