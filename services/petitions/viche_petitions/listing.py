"""Pages of public petitions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis import pages
from viche_chassis.db import Connection
from viche_petitions.domain.petition import Petition
from viche_petitions.store import listing as store
from viche_petitions.store.listing import After, Filter, Order

MOST = 100
USUAL = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Petitions, a token for those that follow (empty on the last page), and how many there are in all."""

    petitions: list[Petition]
    next_token: str
    total: int


async def page(conn: Connection, which: Filter, order: Order, token: str, skip: int, size: int) -> Page:
    """A page of petitions.

    Args:
        token: from the page before; wins over ``skip``.
        size: 1 to 100; 0 means the usual.

    Raises:
        InvalidFields: the token is not of such a list.
    """
    size = pages.page_size(size, USUAL, MOST)
    after = _read(order, token) or After(skip=max(0, skip))
    found = await store.list_(conn, which, order, after, size + 1)
    last = found[size - 1] if len(found) > size else None
    next_token = _token(order, last.petition, last.sorted_by, after.skip + size) if last else ""
    return Page([each.petition for each in found[:size]], next_token, await store.count(conn, which))


def instant(value: object) -> datetime:
    """An instant in a token.

    Raises:
        ValueError: it is none, or has no zone.
    """
    at = datetime.fromisoformat(str(value))
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at


def _instant_or_none(value: object) -> datetime | None:
    return instant(value) if value else None


def _token(order: Order, last: Petition, sorted_by: int, skip: int) -> str:
    match order:
        case Order.MATCH:
            return pages.page_token("match", skip)
        case Order.COUNT:
            return pages.page_token("count", sorted_by, last.id)
        case Order.RECENT:
            opened_at = last.opened_at or last.created_at
            return pages.page_token("recent", opened_at.isoformat() if opened_at else "", last.id)


def _read(order: Order, token: str) -> After | None:
    match order:
        case Order.MATCH:
            values = pages.read_page_token(token, (_exactly("match"), _whole))
            return After(skip=values[1]) if values else None
        case Order.COUNT:
            values = pages.read_page_token(token, (_exactly("count"), int, UUID))
            return After(count=values[1], id=values[2]) if values else None
        case Order.RECENT:
            values = pages.read_page_token(token, (_exactly("recent"), _instant_or_none, UUID))
            return After(opened_at=values[1], id=values[2]) if values else None


def _exactly(name: str) -> Callable[[object], str]:
    def check(value: object) -> str:
        if value != name:
            raise ValueError(f"a token of another order, not {name}")
        return name

    return check


def _whole(value: object) -> int:
    number = int(str(value))
    if not 0 <= number < 2**31:
        raise ValueError("out of range")
    return number
