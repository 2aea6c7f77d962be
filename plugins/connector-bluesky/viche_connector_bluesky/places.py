"""Where records stand: "at://DID/COLLECTION/RKEY"."""

import hashlib
from uuid import UUID

POST = "app.bsky.feed.post"
THREADGATE = "app.bsky.feed.threadgate"

_LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
_UUID7 = 7


def rkey_of(key: str) -> str:
    """The record key of a post, always the same for one key of ours: a TID (atproto.com/specs/tid), which is 53 bits
    of microseconds and 10 bits of a clock's number. The time is that of the key, the rest of it is drawn from the key.
    """
    drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
    try:
        uuid = UUID(key)
    except ValueError:
        return _written(drawn >> 1)
    if uuid.version != _UUID7:
        return _written(drawn >> 1)
    micros = (uuid.int >> 80) * 1_000 + drawn % 1_000
    return _written((micros << 10 | drawn >> 54) & (1 << 63) - 1)


def _written(number: int) -> str:
    return "".join(_LETTERS[number >> shift & 31] for shift in range(60, -1, -5))


def parts_of(uri: str) -> tuple[str, str]:
    """DID and record key of a uri.

    Raises:
        ValueError: it is none.
    """
    did, _, rkey = uri.removeprefix("at://").split("/")
    return did, rkey


def address(uri: str, handle: str) -> str:
    """Where people see a post."""
    return f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}"
