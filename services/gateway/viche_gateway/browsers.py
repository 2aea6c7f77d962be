"""What only this browser knows: whatever was begun here can be finished nowhere else."""

import secrets

from flask import session

BROWSER = "browser"
BROWSER_BYTES = 32


def browser_secret() -> str:
    """The secret of this browser; it gets one in the signed cookie of its forms where it has none."""
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(BROWSER_BYTES)
    return session[BROWSER]


def known_browser() -> str:
    """The secret of this browser; empty where it has none."""
    return session.get(BROWSER, "")
