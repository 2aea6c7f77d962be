"""Rules of the social service: pure."""
