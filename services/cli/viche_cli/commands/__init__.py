"""One module for each command of `viche`."""
