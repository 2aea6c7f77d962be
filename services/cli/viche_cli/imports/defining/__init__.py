"""A survey out of a table of answers: what is guessed is said, each time with its reason."""
