"""Petitions of other systems as files: one reader for each format."""
