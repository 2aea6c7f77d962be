"""Posts and polls in VK communities."""
