"""What authorities say on networks, what comes back, and how present they are there."""
