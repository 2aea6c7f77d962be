"""Posts to any address, signed as Standard Webhooks says."""
