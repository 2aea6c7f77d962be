"""Posts, polls, replies and figures on Mastodon and what speaks its API."""
