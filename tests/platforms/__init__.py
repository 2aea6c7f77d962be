"""Real servers of platforms, for tests alone; each in an environment of its own, which nothing of ours depends on."""
