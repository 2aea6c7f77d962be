"""Scripts that run in pods, with what the images bring along."""
