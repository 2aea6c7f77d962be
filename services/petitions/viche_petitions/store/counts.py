"""Published numbers, and what they are held against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.sides import Side
from viche_petitions.store.residences import BY_TERRITORY
from viche_petitions.store.sides import TABLES

FINE = "3 days"
SETTLED = "5 minutes"


@dataclass(frozen=True, slots=True)
class Due:
    """A petition that collects: its count, terms as stored, thresholds noted already, and whether its term is over.

    ``by_territory`` has its signatures by territory, each with all below it; None where its terms ask for no minima.
    """

    id: UUID
    number: int
    terms: dict[str, object]
    count: int
    listed: int | None
    reached: list[str]
    closes_at: datetime
    is_over: bool
    by_territory: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The same number twice: counted one by one, and as published."""

    counted: int
    published: int


async def tally(conn: Connection, petition_id: UUID, side: Side = Side.FOR) -> list[tuple[str, int]]:
    """Validated signatures, or votes against, by territory, most first."""
    query = sql.SQL(
        "SELECT territory_code, sum(count)::bigint FROM {tallies} WHERE petition_id = %(id)s"
        " GROUP BY territory_code HAVING sum(count) <> 0 ORDER BY 2 DESC, 1"
    )
    cursor = await conn.execute(TABLES[side].in_(query), {"id": petition_id})
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def channels(conn: Connection, petition_id: UUID, side: Side = Side.FOR) -> list[tuple[str, int]]:
    """Validated signatures, or votes against, by channel, most first."""
    query = sql.SQL(
        "SELECT channel, sum(count)::bigint FROM {tallies} WHERE petition_id = %(id)s"
        " GROUP BY channel HAVING sum(count) > 0 ORDER BY 2 DESC, 1"
    )
    cursor = await conn.execute(TABLES[side].in_(query), {"id": petition_id})
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def history(conn: Connection, petition_id: UUID, side: Side = Side.FOR) -> list[tuple[datetime, int]]:
    """The count of signatures, or of votes against, at the end of each minute in which it moved."""
    query = sql.SQL(
        "SELECT minute, sum(sum(count)) OVER (ORDER BY minute)::bigint FROM {minutes} WHERE petition_id = %(id)s"
        " GROUP BY minute ORDER BY minute"
    )
    cursor = await conn.execute(TABLES[side].in_(query), {"id": petition_id})
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def coarse_history(conn: Connection, petition_id: UUID) -> list[tuple[datetime, int]]:
    """The count at the end of each hour in which it moved; of each minute where it began less than ``FINE`` ago."""
    cursor = await conn.execute(
        "WITH known AS (SELECT CASE WHEN p.opened_at < now() - %(fine)s::interval THEN u.until ELSE '-infinity' END"
        " AS until FROM petitions p CROSS JOIN count_hours_until u WHERE p.id = %(id)s),"
        " moved AS (SELECT h.hour AS at, h.count FROM count_hours h, known WHERE h.petition_id = %(id)s"
        " AND h.hour < known.until"
        " UNION ALL SELECT m.minute, m.count FROM count_minutes m, known WHERE m.petition_id = %(id)s"
        " AND m.minute >= known.until)"
        " SELECT at, sum(sum(count)) OVER (ORDER BY at)::bigint FROM moved GROUP BY at ORDER BY at",
        {"id": petition_id, "fine": FINE},
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def sum_up_hours(conn: Connection) -> int:
    """Sums the minutes of hours that are over up, once.

    A signature bears the time at which its transaction began; by ``SETTLED`` after the hour all of them have ended.

    Returns:
        how many hours of petitions there were.
    """
    cursor = await conn.execute(
        "WITH span AS (SELECT until AS since, date_trunc('hour', now() - %(settled)s::interval) AS until"
        " FROM count_hours_until FOR UPDATE),"
        " noted AS (UPDATE count_hours_until SET until = span.until FROM span WHERE span.since < span.until)"
        " INSERT INTO count_hours (petition_id, hour, count)"
        " SELECT m.petition_id, date_trunc('hour', m.minute), sum(m.count) FROM span, petitions p"
        " JOIN count_minutes m ON m.petition_id = p.id WHERE NOT p.is_archived"
        " AND m.minute >= span.since AND m.minute < span.until GROUP BY 1, 2 ORDER BY 1, 2",
        {"settled": SETTLED},
    )
    return cursor.rowcount


async def recount(conn: Connection, petition_id: UUID | None) -> Numbers:
    """Counts signatures that hold, of one petition or of all, and what is published for the same."""
    cursor = await conn.execute(
        "SELECT (SELECT count(*) FROM signatures s JOIN signature_transitions t ON t.signature_id = s.id"
        " WHERE (%(id)s::uuid IS NULL OR s.petition_id = %(id)s) AND t.state = 'validated' AND NOT EXISTS"
        " (SELECT 1 FROM signature_transitions later"
        " WHERE later.signature_id = t.signature_id AND later.step > t.step)),"
        " (SELECT coalesce(sum(count), 0)::bigint FROM tallies WHERE %(id)s::uuid IS NULL OR petition_id = %(id)s)",
        {"id": petition_id},
    )
    row = await cursor.fetchone()
    assert row is not None  # a bare SELECT has one row
    return Numbers(row[0], row[1])


async def over(conn: Connection) -> list[UUID]:
    """Petitions that collect and whose term is over."""
    cursor = await conn.execute(
        "SELECT id FROM petitions WHERE state IN ('open', 'threshold_reached') AND NOT is_archived"
        " AND closes_at <= clock_timestamp() ORDER BY id"
    )
    return [row[0] for row in await cursor.fetchall()]


async def moved(conn: Connection) -> list[UUID]:
    """Petitions that collect and whose count differs from the one that was noted for lists."""
    cursor = await conn.execute(
        "SELECT p.id FROM petitions p LEFT JOIN listed_counts l ON l.petition_id = p.id"
        " WHERE p.state IN ('open', 'threshold_reached') AND NOT p.is_archived AND coalesce(l.count, 0)"
        " <> coalesce((SELECT sum(t.count) FROM tallies t WHERE t.petition_id = p.id), 0) ORDER BY p.id"
    )
    return [row[0] for row in await cursor.fetchall()]


async def due(conn: Connection, petition_ids: list[UUID], *, closed: bool = False) -> list[Due]:
    """Those of the petitions that collect; with ``closed`` those that have closed, too."""
    query = sql.SQL(
        "SELECT p.id, p.number, p.terms,"
        " coalesce((SELECT sum(t.count) FROM tallies t WHERE t.petition_id = p.id), 0)::bigint, l.count,"
        " ARRAY(SELECT r.threshold FROM thresholds_reached r WHERE r.petition_id = p.id),"
        " p.closes_at, p.closes_at <= clock_timestamp(), {}"
        " FROM petitions p LEFT JOIN listed_counts l ON l.petition_id = p.id"
        " WHERE (p.state IN ('open', 'threshold_reached') OR %(closed)s AND p.state = 'closed') AND NOT p.is_archived"
        " AND p.id = ANY(%(ids)s) ORDER BY p.id"
    ).format(BY_TERRITORY)
    cursor = await conn.execute(query, {"ids": petition_ids, "closed": closed})
    return [Due(*row) for row in await cursor.fetchall()]


async def put_listed(conn: Connection, petition_id: UUID, count: int) -> None:
    """Notes a count for the order of lists."""
    await conn.execute(
        "UPDATE listed_counts SET count = %(count)s, changed_at = clock_timestamp() WHERE petition_id = %(id)s",
        {"id": petition_id, "count": count},
    )


async def touch_listed(conn: Connection, petition_ids: Sequence[UUID]) -> None:
    """Notes that numbers moved by which lists are not ordered."""
    await conn.execute(
        "UPDATE listed_counts SET changed_at = clock_timestamp() WHERE petition_id = ANY(%(ids)s)",
        {"ids": sorted(petition_ids)},
    )


async def add_threshold(
    conn: Connection, petition_id: UUID, threshold: str, signatures: int, by: datetime
) -> datetime | None:
    """Notes that a threshold was reached, now or ``by`` a time that has passed.

    Returns:
        when it was reached; None when that was noted before.
    """
    cursor = await conn.execute(
        "INSERT INTO thresholds_reached (petition_id, threshold, signatures, reached_at)"
        " VALUES (%(id)s, %(threshold)s, %(signatures)s, least(now(), %(by)s)) ON CONFLICT DO NOTHING"
        " RETURNING reached_at",
        {"id": petition_id, "threshold": threshold, "signatures": signatures, "by": by},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def mark_threshold_reached(conn: Connection, petition_id: UUID) -> None:
    """Moves an open petition on; one that closed meanwhile stays closed."""
    await conn.execute(
        "UPDATE petitions SET state = 'threshold_reached', updated_at = now() WHERE id = %(id)s AND state = 'open'",
        {"id": petition_id},
    )


async def reverse_threshold(
    conn: Connection, petition_id: UUID, reversal_id: UUID, threshold: str, signatures: int, ended: Sequence[str]
) -> bool:
    """Takes back that a threshold was reached, with the deadlines that it started and those that it met.

    Args:
        signatures: that are left.
        ended: names of clocks that reaching it ends.

    Returns:
        False when it was not reached.
    """
    event = f"threshold_reached:{threshold}"
    cursor = await conn.execute(
        "WITH reached AS (DELETE FROM thresholds_reached WHERE petition_id = %(id)s AND threshold = %(threshold)s"
        " RETURNING reached_at),"
        " started AS (DELETE FROM deadlines WHERE petition_id = %(id)s AND event = %(event)s AND EXISTS"
        " (SELECT 1 FROM reached) RETURNING clock, met_at, body),"
        " unmet AS (UPDATE deadlines d SET met_at = NULL FROM reached WHERE d.petition_id = %(id)s"
        " AND d.clock = ANY(%(ended)s) AND d.met_at = reached.reached_at AND d.event <> %(event)s)"
        " INSERT INTO threshold_reversals (id, petition_id, threshold, reached_at, signatures, body)"
        " SELECT %(reversal_id)s, %(id)s, %(threshold)s, reached_at, %(signatures)s, coalesce((SELECT"
        " jsonb_agg(jsonb_build_object('deadline', body, 'met_at', met_at) ORDER BY clock) FROM started), '[]')"
        " FROM reached",
        {
            "id": petition_id, "reversal_id": reversal_id, "threshold": threshold, "event": event,
            "signatures": signatures, "ended": list(ended),
        },
    )  # fmt: skip
    return cursor.rowcount == 1


async def mark_no_threshold_reached(conn: Connection, petition_id: UUID) -> None:
    """Moves a petition back that collects, where none of its thresholds is reached any more."""
    await conn.execute(
        "UPDATE petitions SET state = 'open', updated_at = now() WHERE id = %(id)s AND state = 'threshold_reached'"
        " AND NOT EXISTS (SELECT 1 FROM thresholds_reached WHERE petition_id = %(id)s)",
        {"id": petition_id},
    )
