"""Looks at everything that an instance needs, and says what to do."""
