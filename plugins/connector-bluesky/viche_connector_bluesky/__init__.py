"""Posts, replies and figures on Bluesky, over the AT Protocol."""
