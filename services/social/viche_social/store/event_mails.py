"""Mails about public events that are on their way to notifications."""

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


async def add(conn: Connection, mail: Mail) -> None:
    """Puts a mail on its way."""
    await conn.execute(
        "INSERT INTO event_mails (id, event_id, registration_id, kind, sealed, language)"
        " VALUES (%(id)s, %(event_id)s, %(registration_id)s, %(kind)s, %(sealed)s, %(language)s)",
        {
            "id": mail.id,
            "event_id": mail.event_id,
            "registration_id": mail.registration_id,
            "kind": mail.kind,
            "sealed": mail.sealed,
            "language": mail.language,
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


async def done(conn: Connection, id: UUID) -> None:
    """A mail was handed over, or never can be."""
    await conn.execute("DELETE FROM event_mails WHERE id = %(id)s", {"id": id})
