"""The look of the region and of authorities with a host of their own: colours, logo, names, addresses."""
