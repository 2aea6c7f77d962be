"""Pages of public petitions in a total order, found by walking an index of small rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.petition import Petition
from viche_petitions.store import filters
from viche_petitions.store.filters import Filter
from viche_petitions.store.rows import SOURCE, petition

FIRST_REACHED = sql.SQL("(SELECT min(r.reached_at) FROM thresholds_reached r WHERE r.petition_id = l.petition_id)")
PLACE = sql.SQL("l.petition_id AS id, l.count, nullif(l.listed_at, '-infinity') AS listed_at")


class Order(StrEnum):
    """In which order petitions are listed; best match first without words means most signatures first."""

    RECENT = "recent"
    COUNT = "count"
    MATCH = "match"
    REACHED = "reached"


_BY_COUNT = sql.SQL("l.count DESC, l.petition_id DESC")
ORDERS = {
    Order.RECENT: sql.SQL("l.listed_at DESC, l.petition_id DESC"),
    Order.COUNT: _BY_COUNT,
    Order.MATCH: _BY_COUNT,
    Order.REACHED: sql.SQL("{} ASC NULLS LAST, l.petition_id DESC").format(FIRST_REACHED),
}
"""Of rows ``listed_counts l``."""


@dataclass(frozen=True, slots=True)
class After:
    """The last petition of the page before, or a number of rows to skip."""

    listed_at: datetime | None = None
    count: int | None = None
    id: UUID | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a list: so many rows after a place."""

    order: Order
    after: After
    limit: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a petition stands in lists; ``listed_at`` is None where it is not known when it was created."""

    id: UUID
    count: int
    listed_at: datetime | None


async def walk(conn: Connection, which: Filter, span: Span) -> list[Place]:
    """Places of petitions, whatever the words of the filter."""
    query = sql.SQL(
        "SELECT {place} FROM {source} WHERE {where} {after} ORDER BY {order} LIMIT %(limit)s OFFSET %(skip)s"
    ).format(
        place=PLACE, source=_source(which), where=filters.of_listed(which), after=after(span), order=ORDERS[span.order]
    )
    cursor = await conn.execute(query, {**values(span), **filters.values(which)})
    return [place(row) for row in await cursor.fetchall()]


async def count(conn: Connection, which: Filter) -> int:
    """How many petitions there are in all, whatever the words of the filter."""
    query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(_source(which), filters.of_listed(which))
    row = await (await conn.execute(query, filters.values(which))).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def read(conn: Connection, ids: Sequence[UUID], columns: sql.SQL | sql.Composed) -> list[Petition]:
    """The petitions in this order, with these columns of ``petitions p`` and ``listed_counts l``."""
    query = sql.SQL("SELECT {} FROM {} WHERE p.id = ANY(%(ids)s) ORDER BY array_position(%(ids)s, p.id)").format(
        columns, SOURCE
    )
    cursor = await conn.execute(query, {"ids": list(ids)})
    return [petition(row) for row in await cursor.fetchall()]


def after(span: Span) -> sql.SQL:
    """The condition that leaves out what stands before the span."""
    if span.after.id is None:
        return sql.SQL("")
    if span.order is Order.COUNT:
        return sql.SQL("AND (l.count, l.petition_id) < (%(after_count)s, %(after_id)s::uuid)")
    return sql.SQL(
        "AND (l.listed_at, l.petition_id) < (coalesce(%(after_at)s::timestamptz, '-infinity'), %(after_id)s::uuid)"
    )


def values(span: Span) -> dict[str, object]:
    """What the statements refer to."""
    return {
        "limit": span.limit, "skip": span.after.skip, "after_at": span.after.listed_at,
        "after_count": span.after.count, "after_id": span.after.id,
    }  # fmt: skip


def place(row: Any) -> Place:
    """A place from a row of :data:`PLACE`."""
    return Place(row.id, row.count, row.listed_at)


def _source(which: Filter) -> sql.SQL:
    if which.asks_the_source:
        return sql.SQL("listed_counts l JOIN petitions p ON p.id = l.petition_id")
    return sql.SQL("listed_counts l")
