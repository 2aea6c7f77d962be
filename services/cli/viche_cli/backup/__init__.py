"""Backups: everything of an instance in one file, and back."""
