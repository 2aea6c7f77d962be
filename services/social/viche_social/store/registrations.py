"""Who comes to public events, and mails to them that are on their way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.rows import namedtuple_row

from viche_chassis.db import Connection
from viche_social.domain.public_events import RegistrationState

_COLUMNS = (
    "id, event_id, state, seats, has_seats, person, sealed, language, held_until, waiting_since, is_from_door,"
    " created_at, checked_in_at"
)


@dataclass(frozen=True, slots=True)
class Registration:
    """One registration; ``sealed`` is None where name and address were deleted."""

    id: UUID
    event_id: UUID
    state: RegistrationState
    seats: int
    has_seats: bool
    person: bytes | None = field(repr=False)
    sealed: bytes | None = field(repr=False)
    language: str
    held_until: datetime | None
    waiting_since: datetime | None
    is_from_door: bool
    created_at: datetime
    checked_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Who comes: seats, and registrations where it says so."""

    registered: int = 0
    pending: int = 0
    waiting: int = 0
    checked_in: int = 0
    registrations: int = 0
    waiting_registrations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """What is kept of a new registration."""

    id: UUID
    event_id: UUID
    state: RegistrationState
    seats: int
    has_seats: bool
    sealed: bytes = field(repr=False)
    email_key: bytes | None = field(default=None, repr=False)
    person: bytes | None = field(default=None, repr=False)
    language: str = ""
    held_for: timedelta | None = None
    is_from_door: bool = False


@dataclass(frozen=True, slots=True)
class Again:
    """What is wished of a pending registration now."""

    seats: int
    has_seats: bool
    sealed: bytes = field(repr=False)
    person: bytes | None = field(repr=False)
    language: str
    held_for: timedelta


async def insert(conn: Connection, new: New) -> None:
    """Adds a registration; one from the door is checked in."""
    await conn.execute(
        "INSERT INTO registrations (id, event_id, state, seats, has_seats, email_key, person, sealed, language,"
        " held_until, waiting_since, is_from_door, checked_in_at) VALUES (%(id)s, %(event_id)s, %(state)s, %(seats)s,"
        " %(has_seats)s, %(email_key)s, %(person)s, %(sealed)s, %(language)s,"
        " clock_timestamp() + %(held_for)s::interval,"
        " CASE WHEN %(state)s = 'waiting' THEN clock_timestamp() END, %(is_from_door)s,"
        " CASE WHEN %(is_from_door)s THEN clock_timestamp() END)",
        {
            "id": new.id,
            "event_id": new.event_id,
            "state": new.state,
            "seats": new.seats,
            "has_seats": new.has_seats,
            "email_key": new.email_key,
            "person": new.person,
            "sealed": new.sealed,
            "language": new.language,
            "held_for": new.held_for,
            "is_from_door": new.is_from_door,
        },
    )


async def drop_mails(conn: Connection, id: UUID) -> None:
    """Takes back mails of a registration that have not left: what they say holds no more."""
    await conn.execute("DELETE FROM event_mails WHERE registration_id = %(id)s", {"id": id})


async def set_state(conn: Connection, id: UUID, state: RegistrationState) -> None:
    """Moves a registration on to "registered" or "waiting"."""
    await conn.execute(
        "UPDATE registrations SET state = %(state)s, has_seats = %(state)s = 'registered', held_until = NULL,"
        " waiting_since = CASE WHEN %(state)s = 'waiting' THEN clock_timestamp() END WHERE id = %(id)s",
        {"id": id, "state": state},
    )


async def end(conn: Connection, id: UUID, state: RegistrationState) -> None:
    """Ends a registration: who it was is forgotten."""
    await conn.execute(
        "UPDATE registrations SET state = %(state)s, has_seats = false, held_until = NULL, waiting_since = NULL,"
        " email_key = NULL, person = NULL, sealed = NULL WHERE id = %(id)s",
        {"id": id, "state": state},
    )


async def wish_again(conn: Connection, id: UUID, again: Again) -> None:
    """Puts another wish in the place of one that is pending."""
    await conn.execute(
        "UPDATE registrations SET seats = %(seats)s, has_seats = %(has_seats)s, sealed = %(sealed)s,"
        " person = %(person)s, language = %(language)s, held_until = clock_timestamp() + %(held_for)s"
        " WHERE id = %(id)s",
        {
            "id": id,
            "seats": again.seats,
            "has_seats": again.has_seats,
            "sealed": again.sealed,
            "person": again.person,
            "language": again.language,
            "held_for": again.held_for,
        },
    )


async def set_person(conn: Connection, id: UUID, person: bytes) -> None:
    """Says whose it is."""
    await conn.execute("UPDATE registrations SET person = %(person)s WHERE id = %(id)s", {"id": id, "person": person})


async def set_checked_in(conn: Connection, id: UUID, *, is_in: bool) -> None:
    """Notes that somebody came, or takes that back; the first time stays."""
    await conn.execute(
        "UPDATE registrations SET checked_in_at = CASE WHEN %(is_in)s THEN coalesce(checked_in_at, clock_timestamp())"
        " END WHERE id = %(id)s",
        {"id": id, "is_in": is_in},
    )


async def get(conn: Connection, id: UUID) -> Registration | None:
    """One registration."""
    found = await _several(conn, "id = %(id)s", "id", {"id": id})
    return found[0] if found else None


async def by_mailbox(conn: Connection, event_id: UUID, email_key: bytes) -> Registration | None:
    """The registration of a mailbox for an event."""
    where = "event_id = %(event_id)s AND email_key = %(email_key)s"
    found = await _several(conn, where, "id", {"event_id": event_id, "email_key": email_key})
    return found[0] if found else None


async def of_person(conn: Connection, person: bytes, event_id: UUID | None = None) -> list[Registration]:
    """Registrations of a person, the latest first; with an event those for it alone."""
    where = "person = %(person)s AND (%(event_id)s::uuid IS NULL OR event_id = %(event_id)s)"
    return await _several(conn, where, "id DESC", {"person": person, "event_id": event_id})


async def page_of_person(conn: Connection, person: bytes, before: UUID | None, limit: int) -> list[Registration]:
    """A page of them."""
    where = "person = %(person)s AND (%(before)s::uuid IS NULL OR id < %(before)s)"
    return await _several(conn, where, "id DESC LIMIT %(limit)s", {"person": person, "before": before, "limit": limit})


async def of_event(conn: Connection, event_id: UUID, states: Collection[RegistrationState]) -> list[Registration]:
    """Registrations of an event: those that wait in their order, all others in that in which they were made."""
    return await _several(
        conn,
        "event_id = %(event_id)s AND state = ANY(%(states)s)",
        "waiting_since NULLS FIRST, id",
        {"event_id": event_id, "states": sorted(states)},
    )


async def late(conn: Connection, event_id: UUID) -> list[Registration]:
    """Pending registrations of an event whose time is over."""
    where = "event_id = %(event_id)s AND state = 'pending' AND held_until <= clock_timestamp()"
    return await _several(conn, where, "id", {"event_id": event_id})


async def events_with_late(conn: Connection, limit: int) -> list[UUID]:
    """Events that have such registrations."""
    cursor = await conn.execute(
        "SELECT event_id FROM registrations WHERE state = 'pending' AND held_until <= clock_timestamp()"
        " GROUP BY event_id ORDER BY min(held_until), event_id LIMIT %(limit)s",
        {"limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def position(conn: Connection, found: Registration) -> int:
    """Place on the waiting list, from 1; 0 where it does not wait."""
    cursor = await conn.execute(
        "SELECT count(*) FROM registrations WHERE event_id = %(event_id)s AND state = 'waiting'"
        " AND (waiting_since, id) <= (%(since)s::timestamptz, %(id)s)",
        {"event_id": found.event_id, "since": found.waiting_since, "id": found.id},
    )
    row = await cursor.fetchone()
    return row[0] if row else 0


async def counts(conn: Connection, event_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Who comes to events."""
    cursor = await conn.execute(
        "SELECT event_id, coalesce(sum(seats) FILTER (WHERE state = 'registered'), 0) AS registered,"
        " coalesce(sum(seats) FILTER (WHERE state = 'pending' AND has_seats), 0) AS pending,"
        " coalesce(sum(seats) FILTER (WHERE state = 'waiting'), 0) AS waiting,"
        " coalesce(sum(seats) FILTER (WHERE checked_in_at IS NOT NULL AND state = 'registered'), 0) AS checked_in,"
        " count(*) FILTER (WHERE state = 'registered') AS registrations,"
        " count(*) FILTER (WHERE state = 'waiting') AS waiting_registrations"
        " FROM registrations WHERE event_id = ANY(%(ids)s) GROUP BY event_id ORDER BY event_id",
        {"ids": list(event_ids)},
    )
    return {row[0]: Counts(*row[1:]) for row in await cursor.fetchall()}


async def forget(conn: Connection, event_id: UUID) -> None:
    """Deletes who registered for an event; how many, and what became of it, stays."""
    await conn.execute("DELETE FROM event_mails WHERE event_id = %(event_id)s", {"event_id": event_id})
    await conn.execute(
        "UPDATE registrations SET sealed = NULL, email_key = NULL, person = NULL WHERE event_id = %(event_id)s",
        {"event_id": event_id},
    )


async def forget_one(conn: Connection, id: UUID) -> None:
    """Deletes who made a registration; that seats were taken stays."""
    await drop_mails(conn, id)
    await conn.execute(
        "UPDATE registrations SET sealed = NULL, email_key = NULL, person = NULL WHERE id = %(id)s", {"id": id}
    )


async def remember_erased(conn: Connection, person: bytes) -> None:
    """Keeps for a while who was erased."""
    await conn.execute(
        "INSERT INTO erased_visitors (person) VALUES (%(person)s) ON CONFLICT DO NOTHING", {"person": person}
    )


async def erased(conn: Connection) -> list[bytes]:
    """Who was erased lately."""
    cursor = await conn.execute("SELECT person FROM erased_visitors ORDER BY erased_at, person")
    return [row[0] for row in await cursor.fetchall()]


async def drop_erased(conn: Connection, kept: timedelta) -> None:
    """Forgets who was erased long ago."""
    await conn.execute("DELETE FROM erased_visitors WHERE erased_at < clock_timestamp() - %(kept)s", {"kept": kept})


async def _several(conn: Connection, where: str, order: str, values: dict[str, Any]) -> list[Registration]:
    cursor = conn.cursor(row_factory=namedtuple_row)
    query = f"SELECT {_COLUMNS} FROM registrations WHERE {where} ORDER BY {order}"  # noqa: S608 (ours)
    await cursor.execute(query, values)  # pyright: ignore[reportArgumentType, reportCallIssue]
    rows: list[Any] = await cursor.fetchall()
    return [Registration(**{**row._asdict(), "state": RegistrationState(row.state)}) for row in rows]
