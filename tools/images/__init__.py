"""Builds the images of all services, and tries them out."""
