"""Public petitions as data: in pages by number, and all of them in the order of their numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.petition import PUBLIC, SHOWN, Petition, State
from viche_petitions.store.rows import ALONE, SOURCE, petition

COUNT = sql.SQL(
    "CASE WHEN p.is_archived OR p.opened_at IS NOT NULL THEN"
    " coalesce(p.stated_count, (SELECT sum(t.count) FROM tallies t WHERE t.petition_id = p.id), 0) ELSE 0 END::bigint"
)
"""Sponsors of a petition that was rejected never count."""

LISTED = sql.SQL("coalesce(p.stated_count, l.count, 0)")
FIRST_REACHED = sql.SQL("(SELECT min(r.reached_at) FROM thresholds_reached r WHERE r.petition_id = p.id)")


_ANSWERED = sql.SQL("EXISTS (SELECT 1 FROM answers a WHERE a.petition_id = p.id)")
_HEARING = (
    "EXISTS (SELECT 1 FROM (SELECT DISTINCT ON (h.hearing) h.outcome, h.is_cancelled FROM hearings h"
    " WHERE h.petition_id = p.id ORDER BY h.hearing, h.version DESC) AS last"
    " WHERE NOT last.is_cancelled AND last.outcome {} '{{}}')"
)


class Outcome(StrEnum):
    """What became of petitions that are asked for."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    HEARING_AHEAD = "hearing_ahead"
    HEARD = "heard"


class Order(StrEnum):
    """In which order pages come."""

    COUNT = "count"
    RECENT = "recent"
    REACHED = "reached"


OUTCOMES = {
    Outcome.ANSWERED: _ANSWERED,
    Outcome.UNANSWERED: sql.SQL("NOT {}").format(_ANSWERED),
    Outcome.HEARING_AHEAD: sql.SQL(_HEARING).format(sql.SQL("=")),
    Outcome.HEARD: sql.SQL(_HEARING).format(sql.SQL("<>")),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which public petitions; an empty value lets all through, ``states`` all but rejected ones.

    ``query`` is a tsquery written out; ``archived`` None means either.
    """

    query: str = ""
    states: tuple[str, ...] = ()
    authority_id: UUID | None = None
    archived: bool | None = None
    source_states: tuple[str, ...] = ()
    source_has: str = ""
    reached: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A petition without its texts and terms. A hidden title is empty."""

    id: UUID
    number: int
    title: str
    state: State
    source_state: str
    is_archived: bool
    signature_count: int
    created_at: datetime | None
    opened_at: datetime | None
    closes_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SigningDays:
    """Signatures of a petition by day; only days that have some."""

    number: int
    title: str
    days: tuple[tuple[date, int], ...]


async def page(conn: Connection, which: Filter, order: Order, skip: int, limit: int) -> list[Petition]:
    """A page of petitions in a total order."""
    query = sql.SQL(
        "SELECT {columns} FROM (SELECT p.id FROM {source} WHERE {where} ORDER BY {order}"
        " LIMIT %(limit)s OFFSET %(skip)s) AS page"
        " JOIN petitions p USING (id) LEFT JOIN listed_counts l ON l.petition_id = p.id ORDER BY {order}"
    ).format(columns=ALONE, source=SOURCE, where=_where(which), order=_order(order))
    cursor = await conn.execute(query, {"limit": limit, "skip": skip, **_values(which)})
    return [petition(row) for row in await cursor.fetchall()]


async def count(conn: Connection, which: Filter) -> int:
    """How many petitions there are in all."""
    query = sql.SQL("SELECT count(*) FROM petitions p WHERE {}").format(_where(which))
    row = await (await conn.execute(query, _values(which))).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0]


async def version(conn: Connection, which: Filter) -> tuple[int, datetime | None]:
    """How many petitions there are, and when one of them changed last, counts included."""
    query = sql.SQL("SELECT count(*), max(greatest(p.updated_at, l.changed_at)) FROM {} WHERE {}").format(
        SOURCE, _where(which)
    )
    row = await (await conn.execute(query, _values(which))).fetchone()
    assert row is not None  # an aggregate has one row
    return row[0], row[1]


async def whole(conn: Connection, which: Filter, after: int, limit: int) -> list[Petition]:
    """Petitions with a higher number than ``after``."""
    query = sql.SQL(
        "SELECT {columns} FROM {source} WHERE {where} AND p.number > %(after)s ORDER BY p.number LIMIT %(limit)s"
    ).format(columns=ALONE, source=SOURCE, where=_where(which))
    cursor = await conn.execute(query, {"after": after, "limit": limit, **_values(which)})
    return [petition(row) for row in await cursor.fetchall()]


async def entries(conn: Connection, which: Filter, after: int, limit: int) -> list[Entry]:
    """The same without texts and terms."""
    query = sql.SQL(
        "SELECT p.id, p.number, CASE WHEN p.text_hidden THEN '' ELSE p.title END AS title, p.state,"
        " p.source_state, p.is_archived, {count} AS signature_count,"
        " p.created_at, p.opened_at, p.closes_at, greatest(p.updated_at, l.changed_at) AS updated_at FROM {source}"
        " WHERE {where} AND p.number > %(after)s ORDER BY p.number LIMIT %(limit)s"
    ).format(count=COUNT, source=SOURCE, where=_where(which))
    cursor = await conn.execute(query, {"after": after, "limit": limit, **_values(which)})
    return [_entry(row) for row in await cursor.fetchall()]


async def signing_days(conn: Connection, which: Filter, after: int, limit: int, zone: str) -> list[SigningDays]:
    """Petitions with a higher number than ``after``, with their signatures by day of ``zone``."""
    query = sql.SQL(
        "SELECT page.number, page.title, ARRAY_AGG(d.day ORDER BY d.day) FILTER (WHERE d.day IS NOT NULL) AS days,"
        " ARRAY_AGG(d.signatures ORDER BY d.day) FILTER (WHERE d.day IS NOT NULL) AS signatures"
        " FROM (SELECT p.id, p.number, CASE WHEN p.text_hidden THEN '' ELSE p.title END AS title,"
        " EXISTS (SELECT 1 FROM invalidations i WHERE i.petition_id = p.id) AS is_thinned,"
        " p.opened_at IS NOT NULL AS is_opened"
        " FROM petitions p WHERE {where} AND p.number > %(after)s ORDER BY p.number LIMIT %(limit)s) AS page"
        " LEFT JOIN LATERAL (SELECT day, sum(signatures)::bigint AS signatures FROM ("
        " SELECT (m.minute AT TIME ZONE %(zone)s)::date AS day, m.count AS signatures FROM count_minutes m"
        " WHERE m.petition_id = page.id AND NOT page.is_thinned"
        " UNION ALL"
        # what was taken out must leave the day on which it was signed
        " SELECT (s.created_at AT TIME ZONE %(zone)s)::date, 1 FROM signatures s"
        " WHERE s.petition_id = page.id AND page.is_thinned AND (SELECT t.state FROM signature_transitions t"
        " WHERE t.signature_id = s.id ORDER BY t.step DESC LIMIT 1) = 'validated'"
        ") AS signed GROUP BY day) AS d ON page.is_opened"
        " GROUP BY page.number, page.title ORDER BY page.number"
    ).format(where=_where(which))
    cursor = await conn.execute(query, {"after": after, "limit": limit, "zone": zone, **_values(which)})
    return [
        SigningDays(number, title, tuple(zip(days or (), signatures or (), strict=True)))
        for number, title, days, signatures in await cursor.fetchall()
    ]


def _entry(row: Any) -> Entry:
    return Entry(
        id=row.id, number=row.number, title=row.title, state=State(row.state), source_state=row.source_state,
        is_archived=row.is_archived, signature_count=row.signature_count, created_at=row.created_at,
        opened_at=row.opened_at, closes_at=row.closes_at, updated_at=row.updated_at,
    )  # fmt: skip


def _where(which: Filter) -> sql.Composed:
    # a petition that waits again after its rejection was taken back keeps its number, and is not public
    parts = [sql.SQL("p.number IS NOT NULL"), sql.SQL("p.state = ANY(%(states)s)")]
    if which.source_states:
        parts.append(sql.SQL("p.source_state = ANY(%(source_states)s)"))
    if which.source_has:
        parts.append(sql.SQL("p.source_facts ? %(source_has)s"))
    if which.authority_id:
        parts.append(sql.SQL("p.authority_id = %(authority_id)s"))
    if which.archived is not None:
        parts.append(sql.SQL("p.is_archived = %(archived)s"))
    if which.reached:
        parts.append(sql.SQL("EXISTS (SELECT 1 FROM thresholds_reached r WHERE r.petition_id = p.id)"))
    if which.query:
        parts.append(sql.SQL("p.searchable @@ %(query)s::tsquery AND NOT p.text_hidden"))
    if which.outcome:
        parts.append(OUTCOMES[which.outcome])
    return sql.SQL(" AND ").join(parts)


def _values(which: Filter) -> dict[str, object]:
    return {
        "states": [state for state in which.states or SHOWN if state in PUBLIC],
        "source_states": list(which.source_states), "source_has": which.source_has,
        "authority_id": which.authority_id, "archived": which.archived, "query": which.query,
    }  # fmt: skip


def _order(order: Order) -> sql.Composed:
    match order:
        case Order.COUNT:
            return sql.SQL("{} DESC, p.id DESC").format(LISTED)
        case Order.RECENT:
            return sql.SQL("coalesce(p.opened_at, p.created_at, '-infinity') DESC, p.id DESC").format()
        case Order.REACHED:
            return sql.SQL("{} ASC NULLS LAST, p.id DESC").format(FIRST_REACHED)
