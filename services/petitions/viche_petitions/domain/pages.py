"""Page sizes and page tokens: opaque to callers, keyset values inside."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from viche_chassis.errors import InvalidFields, invalid


def page_size(asked: int, default: int, most: int) -> int:
    """The number of rows for a page: the default for 0, else from 1 to ``most``."""
    return default if asked <= 0 else min(asked, most)


def page_token(*values: object) -> str:
    """A token that :func:`read_page_token` reads."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def read_page_token(token: str, kinds: tuple[Callable[[Any], Any], ...]) -> list[Any] | None:
    """The values of a token; None for an empty one.

    Raises:
        InvalidFields: it is not one of ours.
    """
    if not token:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if isinstance(values, list) and len(values) == len(kinds):
            return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, AttributeError, binascii.Error):  # AttributeError: UUID() of no text
        pass
    raise InvalidFields(invalid("page_token", "BAD_PAGE_TOKEN"))
