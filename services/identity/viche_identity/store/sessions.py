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


async def find(conn: Connection, token_hashes: Sequence[bytes]) -> dict[bytes, Session]:
    """Sessions that hold, by the hash of their token; their last use is noted by the hour, to spare writes."""
    cursor = await conn.execute(
        "WITH found AS (SELECT token_hash, id, person_id, last_used_at FROM sessions"
        " WHERE token_hash = ANY(%(hashes)s::bytea[]) AND ended_at IS NULL AND expires_at > now()),"
        " due AS (SELECT sessions.id FROM sessions JOIN found USING (id)"
        " WHERE found.last_used_at < now() - interval '1 hour' ORDER BY sessions.id FOR UPDATE OF sessions),"
        " touched AS (UPDATE sessions SET last_used_at = now() FROM due WHERE sessions.id = due.id)"
        " SELECT token_hash, id, person_id FROM found ORDER BY id",
        {"hashes": list(token_hashes)},
    )
    return {bytes(row[0]): Session(row[1], row[2]) for row in await cursor.fetchall()}


async def end(conn: Connection, token_hash: bytes) -> None:
    """Ends a session; nothing happens to one that has ended."""
    await conn.execute(
        "UPDATE sessions SET ended_at = now() WHERE token_hash = %(hash)s AND ended_at IS NULL", {"hash": token_hash}
    )


async def sweep(conn: Connection) -> None:
    """Deletes sessions that ended by themselves a day ago."""
    await conn.execute("DELETE FROM sessions WHERE expires_at < now() - interval '1 day'")
