"""Public petitions, searched, filtered and sorted."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.petition import PUBLIC, SHOWN, Petition
from viche_petitions.store.rows import COLUMNS, SOURCE, petition

RANK = sql.SQL("ts_rank('{{0.05, 0.1, 0.3, 1.0}}', p.searchable, %(query)s::tsquery)")
OPENED = sql.SQL("coalesce(p.opened_at, p.created_at, '-infinity')")
"""Of some archived petitions it is known only when they were created, or nothing."""

LISTED = sql.SQL("coalesce(p.stated_count, l.count, 0)")


class Order(StrEnum):
    """In which order petitions are listed."""

    RECENT = "recent"
    COUNT = "count"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which petitions; ``query`` is a tsquery written out, empty for all. ``states`` empty means any but rejected,
    ``authorities`` empty any.

    ``archived`` says whether they were taken over from another system; None means either. ``has_answer`` leaves those
    alone that were answered here.
    """

    query: str
    states: tuple[str, ...]
    authorities: tuple[UUID, ...] = ()
    archived: bool | None = None
    has_answer: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """The last petition of the page before, or a number of rows to skip."""

    opened_at: datetime | None = None
    count: int | None = None
    id: UUID | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A petition in a list, with the count that it was sorted by."""

    petition: Petition
    sorted_by: int


async def list_(conn: Connection, which: Filter, order: Order, after: After, limit: int) -> list[Listed]:
    """A page of petitions in a total order."""
    query = sql.SQL(
        "SELECT {columns}, {listed}::bigint AS sorted_by FROM (SELECT p.id FROM {source} WHERE {where} {after}"
        " ORDER BY {order} LIMIT %(limit)s OFFSET %(skip)s) AS page"
        " JOIN petitions p USING (id) LEFT JOIN listed_counts l ON l.petition_id = p.id ORDER BY {order}"
    ).format(
        columns=COLUMNS, listed=LISTED, source=SOURCE, where=_where(which), after=_after(order, after),
        order=_order(order),
    )  # fmt: skip
    values = {
        "limit": limit, "skip": after.skip, "after_opened_at": after.opened_at, "after_count": after.count,
        "after_id": after.id, **_values(which),
    }  # fmt: skip
    cursor = await conn.execute(query, values)
    return [Listed(petition(row), row.sorted_by) for row in await cursor.fetchall()]  # pyright: ignore[reportAttributeAccessIssue] (rows are named tuples)


async def count(conn: Connection, which: Filter) -> int:
    """How many petitions there are in all."""
    query = sql.SQL("SELECT count(*) FROM petitions p WHERE {}").format(_where(which))
    row = await (await conn.execute(query, _values(which))).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


def _where(which: Filter) -> sql.Composed:
    parts = [sql.SQL("p.number IS NOT NULL"), sql.SQL("p.state = ANY(%(states)s)")]
    if which.authorities:
        parts.append(sql.SQL("p.authority_id = ANY(%(authorities)s)"))
    if which.archived is not None:
        parts.append(sql.SQL("p.is_archived = %(archived)s"))
    if which.has_answer:
        parts.append(sql.SQL("EXISTS (SELECT 1 FROM answers a WHERE a.petition_id = p.id)"))
    if which.query:
        parts.append(sql.SQL("p.searchable @@ %(query)s::tsquery AND NOT p.text_hidden"))
    return sql.SQL(" AND ").join(parts)


def _values(which: Filter) -> dict[str, object]:
    return {
        "states": [state for state in which.states or SHOWN if state in PUBLIC],
        "authorities": list(which.authorities),
        "archived": which.archived, "query": which.query,
    }  # fmt: skip


def _after(order: Order, after: After) -> sql.SQL | sql.Composed:
    if after.id is None or order is Order.MATCH:
        return sql.SQL("")
    if order is Order.COUNT:
        return sql.SQL("AND ({listed}, p.id) < (%(after_count)s, %(after_id)s)").format(listed=LISTED)
    return sql.SQL(
        "AND ({}, p.id) < (coalesce(%(after_opened_at)s::timestamptz, '-infinity'), %(after_id)s::uuid)"
    ).format(OPENED)


def _order(order: Order) -> sql.Composed:
    if order is Order.MATCH:
        return sql.SQL("{} DESC, {} DESC, p.id DESC").format(RANK.format(), LISTED)
    if order is Order.COUNT:
        return sql.SQL("{} DESC, p.id DESC").format(LISTED)
    return sql.SQL("{} DESC, p.id DESC").format(OPENED)
