"""Proof of human work on anonymous forms (ALTCHA), for browsers that run scripts.

Where scripts do not run, e-mail confirmation, the honeypot and the stricter limits of the services hold.
"""


def is_checked(payload: str) -> bool:
    """Whether ``payload`` is a solved challenge of ours that was not used before."""
    return False
