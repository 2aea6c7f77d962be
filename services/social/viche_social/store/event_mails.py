"""Mails about public events that are on their way to notifications."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; what is said to its reader alone is sealed."""

    id: UUID
    event_id: UUID
    registration_id: UUID
    kind: str
    sealed: bytes = field(repr=False)
    language: str
    tries: int = 0


async def add(conn: Connection, mails: Sequence[Mail]) -> None:
    """Puts mails on their way."""
    await conn.execute(
        "INSERT INTO event_mails (id, event_id, registration_id, kind, sealed, language)"
        " SELECT * FROM unnest(%(ids)s::uuid[], %(events)s::uuid[], %(registrations)s::uuid[], %(kinds)s::text[],"
        " %(sealed)s::bytea[], %(languages)s::text[])",
        {
            "ids": [mail.id for mail in mails],
            "events": [mail.event_id for mail in mails],
            "registrations": [mail.registration_id for mail in mails],
            "kinds": [str(mail.kind) for mail in mails],
            "sealed": [mail.sealed for mail in mails],
            "languages": [mail.language for mail in mails],
        },
    )


async def claim(conn: Connection, lease: timedelta, limit: int) -> list[Mail]:
    """Mails that are due, oldest first; nobody else has them until the lease ends."""
    cursor = conn.cursor(row_factory=class_row(Mail))
    await cursor.execute(
        "UPDATE event_mails m SET next_at = clock_timestamp() + %(lease)s, tries = tries + 1 FROM ("
        " SELECT id FROM event_mails WHERE next_at <= clock_timestamp() ORDER BY next_at, id LIMIT %(limit)s"
        " FOR UPDATE SKIP LOCKED) due WHERE m.id = due.id"
        " RETURNING m.id, m.event_id, m.registration_id, m.kind, m.sealed, m.language, m.tries",
        {"lease": lease, "limit": limit},
    )
    return sorted(await cursor.fetchall(), key=lambda mail: mail.id)


async def postpone(conn: Connection, id: UUID, wait: timedelta) -> None:
    """Tries a mail again later."""
    await conn.execute(
        "UPDATE event_mails SET next_at = clock_timestamp() + %(wait)s WHERE id = %(id)s", {"id": id, "wait": wait}
    )


async def drop_all_but(conn: Connection, event_id: UUID, kind: str) -> None:
    """Takes back mails about an event that have not left, but for those of one kind: what they say holds no more."""
    await conn.execute(
        "DELETE FROM event_mails WHERE event_id = %(event_id)s AND kind <> %(kind)s",
        {"event_id": event_id, "kind": str(kind)},
    )


async def done(conn: Connection, id: UUID) -> None:
    """A mail was handed over, or never can be."""
    await conn.execute("DELETE FROM event_mails WHERE id = %(id)s", {"id": id})
