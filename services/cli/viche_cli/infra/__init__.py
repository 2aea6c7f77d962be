"""Real engines on this machine: PostgreSQL and NATS from wheels, as context managers for `viche up` and for tests."""
