"""Accounts of authorities on platforms: connected, watched over, disconnected.

What is secret is entered here and never comes back to a page, not even after a mistake in another field.
"""
