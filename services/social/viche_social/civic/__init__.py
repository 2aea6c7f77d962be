"""Words that tell topics and tones, as lemmas: a TOML file for each language."""
