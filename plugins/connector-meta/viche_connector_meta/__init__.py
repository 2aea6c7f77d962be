"""Facebook Pages and Instagram accounts."""
