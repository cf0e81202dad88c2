"""Gift cards and those that were sent."""
