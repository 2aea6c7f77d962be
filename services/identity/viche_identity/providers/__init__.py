"""Signing in through providers: the operator's list of them, and what is asked of them over the network."""
