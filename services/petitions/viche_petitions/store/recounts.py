"""Counting the signatures of petitions one by one, and what that has shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_petitions.domain.sides import Side, side_of
from viche_petitions.store.carrying import OFFICERS_SHARD
from viche_petitions.store.sides import TABLES

_COUNT = sql.SQL("""
WITH held AS (
    SELECT s.territory_code, s.channel, count(*) AS count FROM {signatures} s
    WHERE s.petition_id = %(id)s AND s.created_at >= (SELECT p.created_at FROM petitions p WHERE p.id = %(id)s)
        AND 'validated' = (SELECT t.state FROM signature_transitions t
        WHERE t.signature_id = s.id ORDER BY t.step DESC LIMIT 1)
    GROUP BY 1, 2
), published AS (
    SELECT territory_code, channel, sum(count)::bigint AS count FROM {tallies} WHERE petition_id = %(id)s GROUP BY 1, 2
), wrong AS (
    SELECT territory_code, channel, coalesce(held.count, 0) - coalesce(published.count, 0) AS added
    FROM held FULL JOIN published USING (territory_code, channel)
)
SELECT (SELECT coalesce(sum(count), 0)::bigint FROM held) AS counted,
    (SELECT coalesce(sum(count), 0)::bigint FROM published) AS published,
    (SELECT coalesce(sum(count), 0)::bigint FROM {minutes} WHERE petition_id = %(id)s) AS in_history,
    (SELECT coalesce(jsonb_agg(jsonb_build_array(territory_code, channel, added) ORDER BY 1, 2), '[]')
     FROM wrong WHERE added <> 0) AS wrong
""")
"""One statement sees one state of the database, and whoever moves signatures moves the tallies with them: so both are
of the same moment, whatever is under way, and nobody has to be kept from signing."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What has to be added to the tally of a territory and channel."""

    territory_code: str
    channel: str
    added: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Signatures one by one, as published, and at the end of the history, all at one moment."""

    counted: int
    published: int
    in_history: int
    corrections: tuple[Correction, ...]

    @property
    def is_right(self) -> bool:
        """Whether all of them agree."""
        return self.counted == self.published == self.in_history and not self.corrections


@dataclass(frozen=True, slots=True)
class Recount:
    """A recount as stored, with the petition's public number."""

    id: UUID
    petition_id: UUID
    number: int
    counted: int
    published: int
    in_history: int
    corrections: tuple[Correction, ...]
    is_mended: bool
    at: datetime
    side: Side


async def count(conn: Connection, petition_id: UUID, side: Side) -> Counted:
    """Counts the signatures of a petition, or its votes against, and what is published of them, at one moment."""
    row = await (await conn.execute(TABLES[side].in_(_COUNT), {"id": petition_id})).fetchone()
    assert row is not None  # a bare SELECT has one row
    return Counted(row[0], row[1], row[2], _corrections(row[3]))


async def mend(conn: Connection, petition_id: UUID, found: Counted, side: Side) -> None:
    """Adds to the tallies what was wrong, and to the minute of now what the history lacks.

    What is signed meanwhile moves both sides alike, so the difference stays right.
    """
    tallies = sql.SQL(
        "INSERT INTO {tallies} AS known (petition_id, territory_code, channel, shard, count)"
        " SELECT %(id)s, territory_code, channel, %(shard)s, added FROM unnest(%(territories)s::text[],"
        " %(channels)s::text[], %(added)s::bigint[]) AS wrong (territory_code, channel, added) ORDER BY 2, 3"
        " ON CONFLICT (petition_id, territory_code, channel, shard) DO UPDATE SET count = known.count + excluded.count"
    )
    await conn.execute(
        TABLES[side].in_(tallies),
        {
            "id": petition_id, "shard": OFFICERS_SHARD,
            "territories": [each.territory_code for each in found.corrections],
            "channels": [each.channel for each in found.corrections],
            "added": [each.added for each in found.corrections],
        },
    )  # fmt: skip
    if found.in_history != found.counted:
        minutes = sql.SQL(
            "INSERT INTO {minutes} AS known (petition_id, minute, shard, count)"
            " VALUES (%(id)s, date_trunc('minute', clock_timestamp()), %(shard)s, %(added)s)"
            " ON CONFLICT (petition_id, minute, shard) DO UPDATE SET count = known.count + excluded.count"
        )
        await conn.execute(
            TABLES[side].in_(minutes),
            {"id": petition_id, "shard": OFFICERS_SHARD, "added": found.counted - found.in_history},
        )


async def add(conn: Connection, petition_id: UUID, found: Counted, side: Side, *, is_mended: bool) -> Recount:
    """Notes what a recount has shown."""
    cursor = await conn.execute(
        "WITH noted AS (INSERT INTO recounts"
        " (id, petition_id, counted, published, minutes, corrections, is_mended, at, is_against)"
        " VALUES (%(id)s, %(petition_id)s, %(counted)s, %(published)s, %(in_history)s, %(corrections)s, %(is_mended)s,"
        " clock_timestamp(), %(is_against)s) RETURNING *)"
        " SELECT noted.*, p.number FROM noted JOIN petitions p ON p.id = noted.petition_id",
        {
            "id": new_id(), "petition_id": petition_id, "counted": found.counted, "published": found.published,
            "in_history": found.in_history, "is_mended": is_mended, "is_against": side is Side.AGAINST,
            "corrections": Jsonb([[each.territory_code, each.channel, each.added] for each in found.corrections]),
        },
    )  # fmt: skip
    return _read(await cursor.fetchone())


async def changed(conn: Connection, after: UUID | None, limit: int) -> list[UUID]:
    """Petitions of ours whose counts moved since their last recount, or were left wrong by it, ordered by their ids."""
    cursor = await conn.execute(
        "SELECT p.id FROM petitions p WHERE p.opened_at IS NOT NULL AND NOT p.is_archived"
        " AND (%(after)s::uuid IS NULL OR p.id > %(after)s) AND (NOT EXISTS (SELECT 1 FROM recounts r"
        " WHERE r.petition_id = p.id AND r.is_mended AND NOT r.is_against AND r.at >= coalesce(greatest("
        "(SELECT max(m.minute) FROM count_minutes m WHERE m.petition_id = p.id),"
        " (SELECT max(a.minute) FROM count_minutes_against a WHERE a.petition_id = p.id)) + interval '1 minute',"
        " p.opened_at))"
        # somebody looked at the votes against, and left them wrong
        " OR (SELECT NOT r.is_mended FROM recounts r WHERE r.petition_id = p.id AND r.is_against"
        " ORDER BY r.at DESC, r.id DESC LIMIT 1)) ORDER BY p.id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def sides(conn: Connection, petition_id: UUID) -> tuple[Side, ...]:
    """What there is to be counted under the terms of a petition."""
    cursor = await conn.execute(
        "SELECT terms -> 'votes_against' = 'true' FROM petitions WHERE id = %(id)s", {"id": petition_id}
    )
    row = await cursor.fetchone()
    return tuple(Side) if row and row[0] else (Side.FOR,)


async def find(conn: Connection, number: int) -> UUID | None:
    """The petition of ours with a public number, whose signatures can be counted."""
    cursor = await conn.execute(
        "SELECT id FROM petitions WHERE number = %(number)s AND opened_at IS NOT NULL AND NOT is_archived",
        {"number": number},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def list_(
    conn: Connection, authorities: Sequence[UUID], after: tuple[datetime, UUID] | None, limit: int, *, only_wrong: bool
) -> list[Recount]:
    """Recounts of petitions to authorities, the latest first."""
    after_at, after_id = after or (None, None)
    cursor = await conn.execute(
        "SELECT r.*, p.number FROM recounts r JOIN petitions p ON p.id = r.petition_id"
        " WHERE p.authority_id = ANY(%(authorities)s)"
        " AND (NOT %(only_wrong)s OR r.counted <> r.published OR r.counted <> r.minutes OR r.corrections <> '[]')"
        " AND (%(after_at)s::timestamptz IS NULL OR (r.at, r.id) < (%(after_at)s, %(after_id)s::uuid))"
        " ORDER BY r.at DESC, r.id DESC LIMIT %(limit)s",
        {
            "authorities": list(authorities), "only_wrong": only_wrong, "after_at": after_at, "after_id": after_id,
            "limit": limit,
        },
    )  # fmt: skip
    return [_read(row) for row in await cursor.fetchall()]


async def is_night_due(conn: Connection, zone: str, hour: int) -> bool:
    """Whether the recount of the night that began last, at ``hour`` o'clock in a zone, is still to be done."""
    cursor = await conn.execute(
        "SELECT NOT EXISTS (SELECT 1 FROM recount_nights WHERE day = (clock_timestamp() AT TIME ZONE %(zone)s"
        " - make_interval(hours => %(hour)s))::date)",
        {"zone": zone, "hour": hour},
    )
    row = await cursor.fetchone()
    assert row is not None  # a bare SELECT has one row
    return row[0]


async def end_night(conn: Connection, zone: str, hour: int) -> None:
    """Notes that the recount of the night is done."""
    await conn.execute(
        "INSERT INTO recount_nights (day) VALUES ((clock_timestamp() AT TIME ZONE %(zone)s"
        " - make_interval(hours => %(hour)s))::date) ON CONFLICT DO NOTHING",
        {"zone": zone, "hour": hour},
    )


async def rebuild_listed(conn: Connection) -> int:
    """Brings the counts by which lists are ordered up to the tallies.

    Returns:
        how many differed.
    """
    cursor = await conn.execute(
        "UPDATE listed_counts l SET count = t.count, changed_at = clock_timestamp() FROM petitions p CROSS JOIN LATERAL"
        " (SELECT coalesce(sum(count), 0)::bigint AS count FROM tallies WHERE petition_id = p.id) AS t"
        " WHERE p.id = l.petition_id AND p.opened_at IS NOT NULL AND NOT p.is_archived AND t.count <> l.count"
    )
    return cursor.rowcount


def _corrections(stored: list[list[Any]]) -> tuple[Correction, ...]:
    return tuple(Correction(*each) for each in stored)


def _read(row: Any) -> Recount:
    return Recount(
        id=row.id, petition_id=row.petition_id, number=row.number, counted=row.counted, published=row.published,
        in_history=row.minutes, corrections=_corrections(row.corrections), is_mended=row.is_mended, at=row.at,
        side=side_of(row.is_against),
    )  # fmt: skip
