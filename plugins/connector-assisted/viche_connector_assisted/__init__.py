"""Posts that a person puts where no program may: text, picture and list to tick off."""
