"""The demo: a region that does not exist, its people and their petitions. Every address ends in example.org."""
