"""Words of offices, and what to write instead, by language: one TOML file each."""
