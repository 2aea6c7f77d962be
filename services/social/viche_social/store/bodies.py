"""Bodies, and what they were when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_social.domain.register import Body, BodyKind, Span, Standing

_LOCK = 0x736F6369  # "soci"

_COLUMNS = sql.SQL(
    "b.id, b.kind, b.title, b.register, b.key, s.authority_kind, s.field, s.parent_id, s.from_on, s.until_on"
)
_GIVEN = sql.SQL(
    "unnest(%(ids)s::uuid[], %(kinds)s::text[], %(fields)s::text[], %(parents)s::uuid[])"
    " AS g (body_id, authority_kind, field, parent_id)"
)
_DIFFERS = sql.SQL(
    "(s.authority_kind, s.field, s.parent_id)"
    " IS DISTINCT FROM (g.authority_kind, coalesce(g.field, s.field), g.parent_id)"
)
_CORRECT = sql.SQL(
    "UPDATE standings AS s SET authority_kind = g.authority_kind, field = coalesce(g.field, s.field),"
    " parent_id = g.parent_id FROM {}"
    " WHERE s.body_id = g.body_id AND s.until_on IS NULL AND s.from_on >= %(on)s AND {}"
).format(_GIVEN, _DIFFERS)
_END_CHANGED = sql.SQL(
    "UPDATE standings AS s SET until_on = %(on)s FROM {}"
    " WHERE s.body_id = g.body_id AND s.until_on IS NULL AND s.from_on < %(on)s AND {}"
).format(_GIVEN, _DIFFERS)
_BEGIN = sql.SQL(
    "INSERT INTO standings (body_id, from_on, authority_kind, field, parent_id)"
    " SELECT g.body_id, %(on)s, g.authority_kind, coalesce(g.field, (SELECT o.field FROM standings AS o"
    " WHERE o.body_id = g.body_id ORDER BY o.from_on DESC, o.until_on DESC LIMIT 1), ''), g.parent_id"
    " FROM {} WHERE NOT EXISTS (SELECT FROM standings AS s WHERE s.body_id = g.body_id AND s.until_on IS NULL)"
).format(_GIVEN)


@dataclass(frozen=True, slots=True)
class Given:
    """A body as it is to be kept; see :class:`viche_social.domain.register.Body`."""

    id: UUID
    kind: BodyKind
    register: str
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class After:
    """The last body of the page before."""

    authority_kind: str
    title: str
    id: UUID


async def lock(conn: Connection) -> None:
    """Lets nobody else change the register until the transaction ends: spans follow one another."""
    await conn.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": _LOCK})


async def put(conn: Connection, given: Sequence[Given]) -> None:
    """Keeps bodies by their ids."""
    await conn.execute(
        "INSERT INTO bodies (id, kind, register, key, title)"
        " SELECT * FROM unnest(%(ids)s::uuid[], %(kinds)s::text[], %(registers)s::text[], %(keys)s::text[],"
        " %(titles)s::text[]) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title"
        " WHERE (bodies.kind, bodies.title) IS DISTINCT FROM (excluded.kind, excluded.title)",
        {
            "ids": [each.id for each in given],
            "kinds": [str(each.kind) for each in given],
            "registers": [each.register for each in given],
            "keys": [each.key for each in given],
            "titles": [each.title for each in given],
        },
    )


async def place(conn: Connection, standings: Mapping[UUID, Standing], on: date) -> int:
    """Says what bodies are from a day on: a span that says something else ends, unless it began later.

    Returns:
        how many of them were not there the moment before.
    """
    there = await _count_current(conn, list(standings))
    given = {
        "on": on,
        "ids": list(standings),
        "kinds": [each.authority_kind for each in standings.values()],
        "fields": [each.field for each in standings.values()],
        "parents": [each.parent_id for each in standings.values()],
    }
    for statement in (_CORRECT, _END_CHANGED, _BEGIN):
        await conn.execute(statement, given)
    return len(standings) - there


async def _count_current(conn: Connection, ids: Sequence[UUID]) -> int:
    cursor = await conn.execute(
        "SELECT count(*) FROM standings WHERE until_on IS NULL AND body_id = ANY(%(ids)s)", {"ids": list(ids)}
    )
    (count,) = await cursor.fetchone() or (0,)
    return count


async def end_others(conn: Connection, register: str, kept: Sequence[UUID], on: date) -> int:
    """Ends all bodies of a register but some; gives how many."""
    cursor = await conn.execute(
        "UPDATE standings AS s SET until_on = greatest(s.from_on, %(on)s) FROM bodies AS b"
        " WHERE b.id = s.body_id AND b.register = %(register)s AND s.until_on IS NULL AND s.body_id <> ALL(%(kept)s)",
        {"register": register, "kept": list(kept), "on": on},
    )
    return cursor.rowcount


async def ids(conn: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Ids by register and key, of those that are known."""
    cursor = await conn.execute(
        "SELECT b.register, b.key, b.id FROM bodies AS b"
        " JOIN unnest(%(registers)s::text[], %(keys)s::text[]) AS w (register, key) USING (register, key)"
        " WHERE b.register <> ''",
        {"registers": [register for register, _ in keys], "keys": [key for _, key in keys]},
    )
    return {(register, key): id for register, key, id in await cursor.fetchall()}


async def set_fields(conn: Connection, fields: Mapping[UUID, str], on: date) -> None:
    """Says what bodies work on from a day on; all else stays as it is."""
    cursor = await conn.execute(
        "SELECT body_id, authority_kind, parent_id FROM standings WHERE until_on IS NULL AND body_id = ANY(%(ids)s)",
        {"ids": list(fields)},
    )
    standings = {id: Standing(kind, fields[id], parent_id) for id, kind, parent_id in await cursor.fetchall()}
    await place(conn, standings, on)


async def known_since(conn: Connection) -> date | None:
    """The first day of which the register knows a body; None where it is empty."""
    cursor = await conn.execute("SELECT min(from_on) FROM standings")
    (day,) = await cursor.fetchone() or (None,)
    return day


async def get(conn: Connection, id: UUID) -> Body | None:
    """A body as it is, or was at last."""
    cursor = await conn.execute(
        sql.SQL(
            "SELECT {} FROM bodies AS b JOIN standings AS s ON s.body_id = b.id WHERE b.id = %(id)s"
            " ORDER BY s.from_on DESC, s.until_on DESC LIMIT 1"
        ).format(_COLUMNS),
        {"id": id},
    )
    row = await cursor.fetchone()
    return _body(*row) if row else None


async def near(conn: Connection, ids: Sequence[UUID], on: date) -> dict[UUID, Body]:
    """Bodies as they were on a day; one that the register did not know on that day as it was next, else at last."""
    cursor = await conn.execute(
        sql.SQL(
            "SELECT DISTINCT ON (b.id) {} FROM bodies AS b JOIN standings AS s ON s.body_id = b.id"
            " WHERE b.id = ANY(%(ids)s) ORDER BY b.id,"
            " s.from_on <= %(on)s AND (s.until_on IS NULL OR s.until_on > %(on)s) DESC,"
            " s.from_on > %(on)s DESC, abs(s.from_on - %(on)s)"
        ).format(_COLUMNS),
        {"ids": list(ids), "on": on},
    )
    return {body.id: body for body in (_body(*row) for row in await cursor.fetchall())}


async def on_day(
    conn: Connection, on: date, kind: BodyKind | None, after: After | None, limit: int
) -> list[Body]:  # fmt: skip
    """Bodies of a day, by authority_kind, title and id."""
    cursor = await conn.execute(
        sql.SQL(
            "SELECT {} FROM bodies AS b JOIN standings AS s ON s.body_id = b.id"
        " WHERE s.from_on <= %(on)s AND (s.until_on IS NULL OR s.until_on > %(on)s)"
        " AND (%(kind)s::text IS NULL OR b.kind = %(kind)s)"
        " AND (%(id)s::uuid IS NULL OR (s.authority_kind, b.title, b.id) > (%(authority_kind)s, %(title)s, %(id)s))"
        " ORDER BY s.authority_kind, b.title, b.id LIMIT %(limit)s"
        ).format(_COLUMNS),
        {
            "on": on, "kind": kind, "limit": limit, "id": after.id if after else None,
            "authority_kind": after.authority_kind if after else "", "title": after.title if after else "",
        },
    )  # fmt: skip
    return [_body(*row) for row in await cursor.fetchall()]


def _body(*row: Any) -> Body:
    id, kind, title, register, key, authority_kind, field, parent_id, from_on, until_on = row
    standing, span = Standing(authority_kind, field, parent_id), Span(from_on, until_on)
    return Body(id, BodyKind(kind), title, standing, span, register, key)
