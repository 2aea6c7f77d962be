"""Registers of accounts, and tables of figures, as files of others and of our own."""
