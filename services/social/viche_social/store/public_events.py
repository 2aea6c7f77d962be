"""Public events."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import namedtuple_row

from viche_chassis.db import Connection
from viche_social.domain.event_documents import from_json, to_json
from viche_social.domain.public_events import Content, EventPhase, EventState, Times, times_of

_COLUMNS = (
    "e.id, e.number, e.authority_id, e.content, e.state, e.version, e.starts_at, e.ends_at, e.over_at,"
    " e.registration_until, e.remind_at, e.capacity, e.taken, e.sequence, e.cancelled_because, e.created_at,"
    " e.changed_at, e.published_at, e.people_deleted_at, now.at AS now"
)
_NOW = "LATERAL (SELECT clock_timestamp() AS at) now"
_PHASE = (
    "CASE WHEN e.state = 'published' THEN CASE WHEN e.over_at <= now.at THEN 'past' ELSE 'coming' END ELSE e.state END"
)


@dataclass(frozen=True, slots=True)
class PublicEvent:
    """One event; ``now`` is when it was read, by the clock of the database."""

    id: UUID
    number: int
    authority_id: UUID
    content: Content
    state: EventState
    version: int
    times: Times
    capacity: int | None
    taken: int
    sequence: int
    cancelled_because: str
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None
    people_deleted_at: datetime | None
    now: datetime


async def insert(conn: Connection, id: UUID, authority_id: UUID, content: Content, person: bytes | None) -> None:
    """Adds a draft."""
    await conn.execute(
        "INSERT INTO public_events (id, authority_id, content, starts_at, ends_at, over_at, registration_until,"
        " remind_at, capacity, written_by) VALUES (%(id)s, %(authority_id)s, %(content)s, %(starts_at)s, %(ends_at)s,"
        " %(over_at)s, %(registration_until)s, %(remind_at)s, %(capacity)s, %(person)s)",
        {"id": id, "authority_id": authority_id, "person": person, **_content(content)},
    )


async def change(conn: Connection, id: UUID, content: Content, person: bytes | None, *, has_moved: bool) -> None:
    """Puts another content in its place: a new version. What has moved is reminded of again, and who
    registers for what is ahead of us once more is forgotten after it."""
    await conn.execute(
        "UPDATE public_events SET content = %(content)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s,"
        " over_at = %(over_at)s, registration_until = %(registration_until)s, remind_at = %(remind_at)s,"
        " capacity = %(capacity)s, written_by = %(person)s, version = version + 1, changed_at = clock_timestamp(),"
        " reminded_at = CASE WHEN %(has_moved)s THEN NULL ELSE reminded_at END,"
        " people_deleted_at = CASE WHEN %(over_at)s > clock_timestamp() THEN NULL ELSE people_deleted_at END,"
        " sequence = sequence + CASE WHEN %(has_moved)s THEN 1 ELSE 0 END WHERE id = %(id)s",
        {"id": id, "person": person, "has_moved": has_moved, **_content(content)},
    )


async def publish(conn: Connection, id: UUID) -> None:
    """Shows a draft to everybody."""
    await conn.execute(
        "UPDATE public_events SET state = 'published', published_at = clock_timestamp(), version = version + 1,"
        " changed_at = clock_timestamp() WHERE id = %(id)s",
        {"id": id},
    )


async def cancel(conn: Connection, id: UUID, reason: str) -> None:
    """Says that it does not take place."""
    await conn.execute(
        "UPDATE public_events SET state = 'cancelled', cancelled_because = %(reason)s, sequence = sequence + 1,"
        " version = version + 1, changed_at = clock_timestamp() WHERE id = %(id)s",
        {"id": id, "reason": reason},
    )


async def delete(conn: Connection, id: UUID) -> None:
    """Deletes a draft."""
    await conn.execute("DELETE FROM public_events WHERE id = %(id)s", {"id": id})


async def take(conn: Connection, id: UUID, seats: int) -> None:
    """Counts seats as taken, or as free again where ``seats`` is negative."""
    await conn.execute(
        "UPDATE public_events SET taken = taken + %(seats)s WHERE id = %(id)s", {"id": id, "seats": seats}
    )


async def get(conn: Connection, id: UUID) -> PublicEvent | None:
    """One event."""
    return await _one(conn, "e.id = %(key)s", id)


async def by_number(conn: Connection, number: int) -> PublicEvent | None:
    """One event by its public number."""
    return await _one(conn, "e.number = %(key)s", number)


async def hold(conn: Connection, id: UUID) -> PublicEvent | None:
    """One event, which nobody else changes, nor its registrations, until the transaction ends."""
    await conn.execute("SELECT 1 FROM public_events WHERE id = %(id)s FOR UPDATE", {"id": id})
    return await get(conn, id)  # a statement of its own: it sees what was committed while this one waited


async def by_ids(conn: Connection, ids: Sequence[UUID]) -> dict[UUID, PublicEvent]:
    """Events by id."""
    found = await _several(conn, "e.id = ANY(%(ids)s)", "e.id", {"ids": list(ids)})
    return {event.id: event for event in found}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: behind this event."""

    rank: int
    at: datetime
    id: UUID


async def of_authorities(
    conn: Connection, authorities: Sequence[UUID], phase: EventPhase | None, after: Place | None, limit: int
) -> list[tuple[PublicEvent, Place]]:
    """Events of authorities: drafts, coming ones (the next first), past and cancelled ones (the latest first)."""
    cursor = conn.cursor(row_factory=namedtuple_row)
    await cursor.execute(
        f"SELECT {_COLUMNS}, place.rank, place.at AS place_at FROM public_events e, {_NOW},"  # noqa: S608 (ours)
        f" LATERAL (SELECT {_PHASE} AS phase) phased,"
        " LATERAL (SELECT array_position(ARRAY['draft', 'coming', 'past', 'cancelled'], phase) AS rank,"
        " coalesce(e.starts_at, e.created_at) AS at) place,"
        " LATERAL (SELECT CASE WHEN phase = 'coming' THEN extract(epoch FROM place.at)"
        " ELSE -extract(epoch FROM place.at) END AS key) sorted"
        " WHERE e.authority_id = ANY(%(authorities)s) AND (%(phase)s::text IS NULL OR phase = %(phase)s)"
        " AND (%(rank)s::int IS NULL OR (place.rank, sorted.key, e.id) > (%(rank)s,"
        " CASE WHEN %(rank)s = 2 THEN 1 ELSE -1 END * extract(epoch FROM %(at)s::timestamptz), %(id)s::uuid))"
        " ORDER BY place.rank, sorted.key, e.id LIMIT %(limit)s",
        {
            "authorities": list(authorities),
            "phase": phase,
            "rank": after.rank if after else None,
            "at": after.at if after else None,
            "id": after.id if after else None,
            "limit": limit,
        },
    )
    rows: list[Any] = await cursor.fetchall()
    return [(_event(row), Place(row.rank, row.place_at, row.id)) for row in rows]


async def phases(conn: Connection, authorities: Sequence[UUID]) -> dict[EventPhase, int]:
    """How many events of authorities are in each phase."""
    cursor = await conn.execute(
        f"SELECT phase, count(*) FROM public_events e, {_NOW}, LATERAL (SELECT {_PHASE} AS phase) phased"  # noqa: S608 (ours)
        " WHERE e.authority_id = ANY(%(authorities)s) GROUP BY phase ORDER BY phase",
        {"authorities": list(authorities)},
    )
    return {EventPhase(row[0]): row[1] for row in await cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class Shown:
    """Which events everybody asks for; without authorities those of all."""

    authorities: Sequence[UUID] = ()
    since: datetime | None = None
    before: datetime | None = None
    is_past: bool = False
    latest_first: bool = False


async def shown(conn: Connection, wanted: Shown, after: tuple[datetime, UUID] | None, limit: int) -> list[PublicEvent]:
    """Published and cancelled events in the order of their beginning."""
    compared, way = ("<", "DESC") if wanted.latest_first else (">", "ASC")
    return await _several(
        conn,
        "e.state <> 'draft' AND (%(authorities)s::uuid[] IS NULL OR e.authority_id = ANY(%(authorities)s))"
        " AND CASE WHEN %(is_past)s THEN e.over_at <= now.at"
        " ELSE %(since)s::timestamptz IS NULL OR e.over_at > %(since)s END"
        " AND (%(before)s::timestamptz IS NULL OR e.starts_at < %(before)s)"
        f" AND (%(at)s::timestamptz IS NULL OR (e.starts_at, e.id) {compared} (%(at)s, %(id)s::uuid))",
        f"e.starts_at {way}, e.id {way} LIMIT %(limit)s",
        {
            "authorities": list(wanted.authorities) or None,
            "is_past": wanted.is_past,
            "since": wanted.since,
            "before": wanted.before,
            "at": after[0] if after else None,
            "id": after[1] if after else None,
            "limit": limit,
        },
    )


async def moments(conn: Connection, post_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Public numbers of those posts with main moments that are out."""
    cursor = await conn.execute(
        "SELECT id, number FROM posts WHERE id = ANY(%(ids)s) AND state = 'out' ORDER BY id", {"ids": list(post_ids)}
    )
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def to_remind(conn: Connection, limit: int) -> list[UUID]:
    """Events whose reminder is due and that have not begun."""
    cursor = await conn.execute(
        "SELECT id FROM public_events WHERE state = 'published' AND reminded_at IS NULL"
        " AND remind_at <= clock_timestamp() AND starts_at > clock_timestamp() ORDER BY remind_at, id LIMIT %(limit)s",
        {"limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def note_reminded(conn: Connection, id: UUID) -> bool:
    """Notes that people were reminded; False when somebody else has done it, or it is not due any more."""
    cursor = await conn.execute(
        "UPDATE public_events SET reminded_at = clock_timestamp() WHERE id = %(id)s AND state = 'published'"
        " AND reminded_at IS NULL AND remind_at <= clock_timestamp() AND starts_at > clock_timestamp()",
        {"id": id},
    )
    return cursor.rowcount == 1


async def to_forget(conn: Connection, kept: timedelta, limit: int) -> list[UUID]:
    """Events whose people have been kept long enough."""
    cursor = await conn.execute(
        "SELECT id FROM public_events WHERE people_deleted_at IS NULL AND state <> 'draft'"
        " AND over_at <= clock_timestamp() - %(kept)s ORDER BY over_at, id LIMIT %(limit)s",
        {"kept": kept, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def note_forgotten(conn: Connection, id: UUID) -> None:
    """Notes that names and addresses are deleted."""
    await conn.execute("UPDATE public_events SET people_deleted_at = clock_timestamp() WHERE id = %(id)s", {"id": id})


async def _one(conn: Connection, where: str, key: object) -> PublicEvent | None:
    found = await _several(conn, where, "e.id", {"key": key})
    return found[0] if found else None


async def _several(conn: Connection, where: str, order: str, values: Mapping[str, object]) -> list[PublicEvent]:
    cursor = conn.cursor(row_factory=namedtuple_row)
    query = f"SELECT {_COLUMNS} FROM public_events e, {_NOW} WHERE {where} ORDER BY {order}"  # noqa: S608 (ours)
    await cursor.execute(query, values)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return [_event(row) for row in await cursor.fetchall()]


def _event(row: Any) -> PublicEvent:
    return PublicEvent(
        row.id, row.number, row.authority_id, from_json(row.content), EventState(row.state), row.version,
        Times(row.starts_at, row.ends_at, row.over_at, row.registration_until, row.remind_at), row.capacity, row.taken,
        row.sequence, row.cancelled_because, row.created_at, row.changed_at, row.published_at, row.people_deleted_at,
        row.now,
    )  # fmt: skip


def _content(content: Content) -> dict[str, Any]:
    times, rules = times_of(content), content.registering
    return {
        "content": json.dumps(to_json(content)),
        "starts_at": times.starts_at,
        "ends_at": times.ends_at,
        "over_at": times.over_at,
        "registration_until": times.registration_until,
        "remind_at": times.remind_at,
        "capacity": rules.capacity if rules.is_needed and rules.capacity > 0 else None,
    }
