"""`viche bench`: what this machine can do, measured on an instance of its own."""
