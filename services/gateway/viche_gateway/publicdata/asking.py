"""What a reader of public data asks for in the address.

As on the UK's site, a page that is no number is the first one, and ``count`` asks for fewer than a whole page.
"""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import request

from viche_chassis.errors import InvalidFields, invalid
from viche_gateway.branding.current import here
from viche_gateway.problem import QUERY
from viche_gateway.regions import find_authority

PAGE_SIZE = 50
MOST_PAGES = 100_000
MOST_QUERY_CHARS = 200
Kept = Mapping[str, str]


def page() -> int:
    """The number of the page, from 1 on."""
    return min(max(_whole("page", 1), 1), MOST_PAGES)


def page_size() -> int:
    """How many petitions stand on a page."""
    return min(max(_whole("count", PAGE_SIZE), 1), PAGE_SIZE)


def _whole(name: str, usual: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else (usual if not text else 0)


def query() -> str:
    """The words to look for.

    Raises:
        InvalidFields: there are too many, or some that cannot be.
    """
    words = request.args.get("q", "").strip()
    if "\x00" in words:
        raise InvalidFields(invalid(f"{QUERY}q", "NUL_BYTE"))
    if len(words) > MOST_QUERY_CHARS:
        raise InvalidFields(invalid(f"{QUERY}q", "TOO_LONG", limit=MOST_QUERY_CHARS))
    return words


def choice(name: str, *choices: str) -> str:
    """One of ``choices``; the first where none is given.

    Raises:
        InvalidFields: it is another.
    """
    value = request.args.get(name, "") or choices[0]
    if value not in choices:
        raise InvalidFields(invalid(f"{QUERY}{name}", "UNKNOWN_VALUE", choices=", ".join(choices)))
    return value


def authority_id() -> str:
    """The authority whose petitions are asked for, by its slug or id; empty for all.

    Raises:
        InvalidFields: there is no such authority.
    """
    name = request.args.get("authority", "")
    found = find_authority(name) if name else None
    if name and found is None:
        raise InvalidFields(invalid(f"{QUERY}authority", "UNKNOWN_AUTHORITY"))
    return found.id if found else ""


def kept() -> Kept:
    """What the links to other pages keep."""
    return {name: request.args[name] for name in ("state", "q", "count") if request.args.get(name)}


def link(path: str, values: Mapping[str, object]) -> str:
    """An address with these values in it."""
    return f"{here().url}{path}" + (f"?{urlencode(values)}" if values else "")


def links(path: str, number: int, total: int, size: int) -> dict[str, str | None]:
    """The links of a page of a list; past the end, the page before is the last one.

    Args:
        number: of the page.
        total: how many entries the list has in all.
        size: how many stand on a page.
    """
    last = max(1, -(-total // size))

    def to(page_number: int) -> str:
        return link(path, {**({"page": page_number} if page_number > 1 else {}), **kept()})

    return {
        "self": to(number),
        "first": to(1),
        "last": to(last),
        "next": to(number + 1) if number < last else None,
        "prev": to(min(number - 1, last)) if number > 1 else None,
    }
