"""Where signatures came from: traces, kept for some weeks and never told to anybody but officers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection

_BY_HOUR = sql.SQL(
    "SELECT {key}, date_trunc('hour', {at}), count(*) FROM {table} t WHERE petition_id = %(id)s"
    " AND {at} >= %(since)s{alone} GROUP BY 1, 2"
)
_OTHERS = sql.SQL(
    "SELECT {key}, count(*) FROM {table} t WHERE petition_id <> %(id)s AND {at} >= %(since)s"
    " AND {key} = ANY(%(keys)s){alone} GROUP BY 1"
)
_ALL_OTHERS = sql.SQL(
    "SELECT count(*) FROM {table} t WHERE petition_id <> %(id)s AND {at} >= %(since)s AND {key} <> ''{alone}"
)
_NO_VOTES_AGAINST = sql.SQL(" AND NOT EXISTS (SELECT FROM votes_against v WHERE v.id = t.signature_id)")


@dataclass(frozen=True, slots=True)
class Source:
    """What signatures can be grouped by: a column, and the table and instant that belong to it.

    ``alone`` leaves out rows of the table that belong to no signature.
    """

    key: str
    table: str
    at: str
    alone: sql.SQL

    def of(self, query: sql.SQL) -> sql.Composed:
        """A query by this source."""
        names = {name: sql.Identifier(getattr(self, name)) for name in ("key", "table", "at")}
        return query.format(alone=self.alone, **names)


NETWORK = Source("network", "signature_traces", "at", _NO_VOTES_AGAINST)
MAIL_DOMAIN = Source("mail_domain", "signature_traces", "at", _NO_VOTES_AGAINST)
TERRITORY = Source("territory_code", "signatures", "created_at", sql.SQL(""))


async def by_hour(
    conn: Connection, petition_id: UUID, source: Source, since: datetime
) -> list[tuple[str, datetime, int]]:
    """Signatures of a petition since a time, by group and hour."""
    cursor = await conn.execute(source.of(_BY_HOUR), {"id": petition_id, "since": since})
    return [(row[0], row[1], row[2]) for row in await cursor.fetchall()]


async def of_others(
    conn: Connection, petition_id: UUID, source: Source, since: datetime, keys: Sequence[str]
) -> tuple[dict[str, int], int]:
    """Signatures of all other petitions since a time: those of some groups, and all that have a group."""
    values = {"id": petition_id, "since": since, "keys": list(keys)}
    cursor = await conn.execute(source.of(_OTHERS), values)
    groups = {row[0]: row[1] for row in await cursor.fetchall()}
    row = await (await conn.execute(source.of(_ALL_OTHERS), values)).fetchone()
    assert row is not None  # an aggregate has one row
    return groups, row[0]


async def hours(conn: Connection, petition_id: UUID, since: datetime) -> list[tuple[datetime, int]]:
    """Signatures of a petition that were counted since a time, by hour; only hours that have some."""
    cursor = await conn.execute(
        "SELECT date_trunc('hour', minute) AS hour, sum(count)::bigint FROM count_minutes"
        " WHERE petition_id = %(id)s AND minute >= %(since)s AND count > 0 GROUP BY 1 ORDER BY 1",
        {"id": petition_id, "since": since},
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def forget(conn: Connection, days: int) -> None:
    """Deletes what has been kept for so many days."""
    await conn.execute(
        "DELETE FROM signature_traces WHERE at < now() - make_interval(days => %(days)s)", {"days": days}
    )
