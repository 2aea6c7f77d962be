"""Page sizes and page tokens (AIP-158): opaque to callers, keyset values inside."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from viche_chassis import base64url
from viche_chassis.errors import InvalidFields, invalid


def page_size(asked: int, default: int, most: int) -> int:
    """The number of rows for a page: ``default`` for 0, and never more than ``most``.

    Raises:
        InvalidFields: it is negative.
    """
    if asked < 0:
        raise InvalidFields(invalid("page_size", "OUT_OF_RANGE", least=0, most=most))
    return min(asked or default, most)


def page_token(*values: object) -> str:
    """A token that :func:`read_page_token` reads."""
    return base64url.encode(json.dumps(values, default=str).encode())


def read_page_token(token: str, kinds: Sequence[Callable[[Any], Any]]) -> list[Any] | None:
    """The values of a token; None for an empty one.

    Args:
        kinds: what makes each value from its JSON, or raises ValueError, TypeError or AttributeError.
    Raises:
        InvalidFields: it is not one of ours.
    """
    if not token:
        return None
    try:
        values = json.loads(base64url.decode(token))
        if isinstance(values, list) and len(values) == len(kinds):
            return [kind(value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, AttributeError, RecursionError):  # AttributeError: UUID() of no text
        pass
    raise InvalidFields(invalid("page_token", "BAD_PAGE_TOKEN"))
