"""How authorities stand on networks, as officers see it."""
