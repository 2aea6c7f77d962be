"""All SQL of the surveys service."""
