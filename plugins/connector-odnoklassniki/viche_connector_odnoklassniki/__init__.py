"""Posts in groups of Odnoklassniki."""
