"""Sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be."""

    id: UUID
    token_hash: bytes
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds."""

    id: UUID
    person_id: UUID


async def add(conn: Connection, sessions: Sequence[NewSession], life_days: int) -> datetime:
    """Opens sessions.

    Returns:
        when they end by themselves.
    """
    cursor = await conn.execute(
        "INSERT INTO sessions (id, token_hash, person_id, expires_at)"
        " SELECT id, token_hash, person_id, now() + make_interval(days => %(days)s)"
        " FROM unnest(%(ids)s::uuid[], %(hashes)s::bytea[], %(people)s::uuid[]) AS new (id, token_hash, person_id)"
        " RETURNING expires_at",
        {
            "ids": [each.id for each in sessions],
            "hashes": [each.token_hash for each in sessions],
            "people": [each.person_id for each in sessions],
            "days": life_days,
        },
    )
    return (await cursor.fetchall())[0][0]


async def find(conn: Connection, token_hash: bytes) -> Session | None:
    """The session with this token, if it holds; its last use is noted by the hour, to spare a write on every page."""
    cursor = await conn.execute(
        "WITH found AS (SELECT id, person_id, last_used_at FROM sessions"
        " WHERE token_hash = %(hash)s AND ended_at IS NULL AND expires_at > now()),"
        " touched AS (UPDATE sessions SET last_used_at = now() FROM found"
        " WHERE sessions.id = found.id AND found.last_used_at < now() - interval '1 hour')"
        " SELECT id, person_id FROM found",
        {"hash": token_hash},
    )
    row = await cursor.fetchone()
    return Session(*row) if row else None


async def end(conn: Connection, token_hash: bytes) -> None:
    """Ends a session; nothing happens to one that has ended."""
    await conn.execute(
        "UPDATE sessions SET ended_at = now() WHERE token_hash = %(hash)s AND ended_at IS NULL", {"hash": token_hash}
    )


async def sweep(conn: Connection) -> None:
    """Deletes sessions that ended by themselves a day ago."""
    await conn.execute("DELETE FROM sessions WHERE expires_at < now() - interval '1 day'")
