"""Posts, polls and replies in Matrix rooms."""
