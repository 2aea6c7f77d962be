"""All SQL of the petitions service."""
