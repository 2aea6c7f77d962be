"""`viche up`: the whole suite on one machine, as children of one supervisor."""
