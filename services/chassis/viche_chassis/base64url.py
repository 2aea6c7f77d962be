"""Bytes as text that fits into addresses and claims (RFC 4648, section 5, without padding)."""

import base64


def encode(value: bytes) -> str:
    """The one text of ``value``."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """The bytes of a text that :func:`encode` made.

    Raises:
        ValueError: it is none; also another spelling of the same bytes, so that one thing has one token.
    """
    value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encode(value) != text:
        raise ValueError("not the shortest spelling")
    return value
