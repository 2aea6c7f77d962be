"""Maps of tiles: every territory has one place on a grid, made by us, so that no map has to be licensed."""
