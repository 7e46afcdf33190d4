"""What was done: services, visits, inspections, payments."""
