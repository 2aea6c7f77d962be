"""Bodies that platforms send. Pure."""

import json
from typing import Any

from viche_social.domain.errors import HookMalformed


def check_body(body: bytes) -> None:
    """Looks whether a body can be read and kept; one that does not begin as JSON is left to its connector.

    Raises:
        HookMalformed: it is no JSON, although it begins as one, or a text in it holds NUL, which no database takes, or
            half a character (RFC 8259, 8.2).
    """
    if not body.lstrip().startswith((b"{", b"[")):
        return
    try:
        is_whole = _is_whole(json.loads(body))
    except (ValueError, RecursionError) as fault:
        raise HookMalformed() from fault
    if not is_whole:
        raise HookMalformed()


def _is_whole(found: Any) -> bool:
    match found:
        case str():
            return "\0" not in found and not any("\ud800" <= each <= "\udfff" for each in found)
        case list():
            return all(map(_is_whole, found))
        case dict():
            return all(_is_whole(name) and _is_whole(each) for name, each in found.items())
        case _:
            return True
