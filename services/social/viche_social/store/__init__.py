"""All SQL of the social service."""
