"""Posts and polls in Telegram channels, comments of linked groups."""
