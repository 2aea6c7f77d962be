"""Posts, polls and replies on X."""
