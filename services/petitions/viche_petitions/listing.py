"""Pages of public petitions."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import sql

from viche_chassis import pages
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_petitions.domain.petition import Petition
from viche_petitions.store import listing as store
from viche_petitions.store import search
from viche_petitions.store.filters import Filter
from viche_petitions.store.listing import After, Order, Place, Span
from viche_petitions.store.rows import COLUMNS

MOST = 100
USUAL = 20
EXACT_UP_TO = search.MOST_COUNTED
"""Totals up to this are counted each time; to count so few costs nothing."""

TOTAL_KEPT_S = 10.0
"""How old a greater total may be."""

_MOST_KEPT = 1000


@dataclass(frozen=True, slots=True)
class Total:
    """How many petitions there are in all; more than that where it is not ``is_exact``."""

    number: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Petitions, a token for those that follow (empty on the last page), and how many there are in all."""

    petitions: list[Petition]
    next_token: str
    total: Total


class Lists:
    """Pages of public petitions.

    Args:
        clock: seconds, never going back.
    """

    def __init__(self, pool: Pool, clock: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._clock = clock
        self._totals: dict[Filter, tuple[float, int]] = {}

    async def page(self, which: Filter, order: Order, token: str, skip: int, size: int) -> Page:
        """A page of petitions.

        Args:
            token: from the page before; wins over ``skip``.
            size: 1 to 100; 0 means the usual.

        Raises:
            InvalidFields: the token is not of such a list.
        """
        size = pages.page_size(size, USUAL, MOST)
        after = _read(order, token) or After(skip=max(0, skip))
        found, total = await self.part(which, Span(order, after, size + 1), COLUMNS)
        last = found[size - 1][0] if len(found) > size else None
        next_token = _token(order, last, after.skip + size) if last else ""
        return Page([petition for _, petition in found[:size]], next_token, total)

    async def part(
        self, which: Filter, span: Span, columns: sql.SQL | sql.Composed
    ) -> tuple[list[tuple[Place, Petition]], Total]:
        """A part of a list, read with these columns, and how many petitions there are in all."""
        if not which.query:
            async with reading(self._pool) as conn:
                places, total = await store.walk(conn, which, span), await self._total(conn, which)
                return await _petitions(conn, places, columns), total
        async with reading(self._pool) as conn:
            places, matches = await search.few(conn, which, span)
            if matches is not None:
                return await _petitions(conn, places, columns), Total(matches)
        async with transaction(self._pool) as conn:
            places = await search.many(conn, which, span)
            return await _petitions(conn, places, columns), Total(search.MOST_COUNTED, is_exact=False)

    async def _total(self, conn: Connection, which: Filter) -> Total:
        counted_at, total = self._totals.get(which, (float("-inf"), 0))
        if total <= EXACT_UP_TO or self._clock() >= counted_at + TOTAL_KEPT_S:
            counted_at, total = self._clock(), await store.count(conn, which)
            if len(self._totals) >= _MOST_KEPT:
                self._totals.clear()
            self._totals[which] = counted_at, total
        return Total(total)


async def _petitions(
    conn: Connection, places: list[Place], columns: sql.SQL | sql.Composed
) -> list[tuple[Place, Petition]]:
    found = {each.id: each for each in await store.read(conn, [each.id for each in places], columns)}
    return [(each, found[each.id]) for each in places if each.id in found]


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


def _token(order: Order, last: Place, skip: int) -> str:
    match order:
        case Order.COUNT:
            return pages.page_token(order, last.count, last.id)
        case Order.RECENT:
            return pages.page_token(order, last.listed_at.isoformat() if last.listed_at else "", last.id)
        case Order.MATCH | Order.REACHED:
            return pages.page_token(order, skip)


def _read(order: Order, token: str) -> After | None:
    match order:
        case Order.COUNT:
            values = pages.read_page_token(token, (_exactly(order), int, UUID))
            return After(count=values[1], id=values[2]) if values else None
        case Order.RECENT:
            values = pages.read_page_token(token, (_exactly(order), _instant_or_none, UUID))
            return After(listed_at=values[1], id=values[2]) if values else None
        case Order.MATCH | Order.REACHED:
            values = pages.read_page_token(token, (_exactly(order), _whole))
            return After(skip=values[1]) if values else None


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
