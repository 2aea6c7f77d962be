"""Sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be; ``signed_in_by`` says by what it was opened.

    ``confirmed_at`` is when the person last showed who they are; None means just now.
    """

    id: UUID
    token_hash: bytes
    person_id: UUID
    device: str = ""
    signed_in_by: str = "email"
    assurance: str = "email"
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session that holds; ``roles_hold`` until ``roles_until``, when the person must confirm anew."""

    id: UUID
    person_id: UUID
    assurance: str
    roles_until: datetime
    roles_hold: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its person sees it."""

    id: UUID
    device: str
    created_at: datetime
    last_used_at: datetime
    signed_in_by: str


async def add(conn: Connection, sessions: Sequence[NewSession], life_days: int) -> datetime:
    """Opens sessions.

    Returns:
        when they end by themselves.
    """
    cursor = await conn.execute(
        "INSERT INTO sessions"
        " (id, token_hash, person_id, device, signed_in_by, assurance, confirmed_at, expires_at)"
        " SELECT id, token_hash, person_id, device, signed_in_by, assurance, least(confirmed_at, now()),"
        " now() + make_interval(days => %(days)s)"
        " FROM unnest(%(ids)s::uuid[], %(hashes)s::bytea[], %(people)s::uuid[], %(devices)s::text[], %(by)s::text[],"
        " %(assurances)s::text[], %(confirmed)s::timestamptz[])"
        " AS new (id, token_hash, person_id, device, signed_in_by, assurance, confirmed_at)"
        " RETURNING expires_at",
        {
            "ids": [each.id for each in sessions],
            "hashes": [each.token_hash for each in sessions],
            "people": [each.person_id for each in sessions],
            "devices": [each.device for each in sessions],
            "by": [each.signed_in_by for each in sessions],
            "assurances": [each.assurance for each in sessions],
            "confirmed": [each.confirmed_at for each in sessions],
            "days": life_days,
        },
    )
    return (await cursor.fetchall())[0][0]


async def find(conn: Connection, token_hashes: Sequence[bytes], role_hours: int) -> dict[bytes, Session]:
    """Sessions that hold, by the hash of their token; their last use is noted by the hour, to spare writes.

    Args:
        role_hours: how long roles work after the person has confirmed to be there.
    """
    cursor = await conn.execute(
        "WITH found AS (SELECT token_hash, id, person_id, assurance, last_used_at,"
        " confirmed_at + make_interval(hours => %(hours)s) AS roles_until FROM sessions"
        " WHERE token_hash = ANY(%(hashes)s::bytea[]) AND ended_at IS NULL AND expires_at > now()),"
        " due AS (SELECT sessions.id FROM sessions JOIN found USING (id)"
        " WHERE found.last_used_at < now() - interval '1 hour' ORDER BY sessions.id FOR UPDATE OF sessions),"
        " touched AS (UPDATE sessions SET last_used_at = now() FROM due WHERE sessions.id = due.id)"
        " SELECT token_hash, id, person_id, assurance, roles_until, roles_until > now() FROM found ORDER BY id",
        {"hashes": list(token_hashes), "hours": role_hours},
    )
    return {bytes(row[0]): Session(*row[1:]) for row in await cursor.fetchall()}


async def end(conn: Connection, token_hash: bytes) -> None:
    """Ends a session; nothing happens to one that has ended."""
    await conn.execute(
        "UPDATE sessions SET ended_at = now() WHERE token_hash = %(hash)s AND ended_at IS NULL", {"hash": token_hash}
    )


async def end_if_of(conn: Connection, token_hash: bytes, person_id: UUID) -> None:
    """Ends a session, if it is this person's."""
    await conn.execute(
        "UPDATE sessions SET ended_at = now()"
        " WHERE token_hash = %(hash)s AND person_id = %(person)s AND ended_at IS NULL",
        {"hash": token_hash, "person": person_id},
    )


async def is_fresh(conn: Connection, session_id: UUID, minutes: int) -> bool:
    """Whether the person has confirmed to be there within the last ``minutes``."""
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM sessions WHERE id = %(id)s AND ended_at IS NULL"
        " AND confirmed_at > now() - make_interval(mins => %(minutes)s))",
        {"id": session_id, "minutes": minutes},
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def is_recent(conn: Connection, session_id: UUID, minutes: int) -> bool:
    """Whether the session was opened within the last ``minutes``, or the person has confirmed to be there since."""
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM sessions WHERE id = %(id)s AND ended_at IS NULL"
        " AND greatest(confirmed_at, created_at) > now() - make_interval(mins => %(minutes)s))",
        {"id": session_id, "minutes": minutes},
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def person_of(conn: Connection, token_hash: bytes) -> UUID | None:
    """The person of a session; None where it has ended."""
    cursor = await conn.execute(
        "SELECT person_id FROM sessions WHERE token_hash = %(hash)s AND ended_at IS NULL AND expires_at > now()",
        {"hash": token_hash},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def of_person(conn: Connection, person_id: UUID) -> list[Listed]:
    """Sessions of a person that hold, the latest used first."""
    cursor = await conn.execute(
        "SELECT id, device, created_at, last_used_at, signed_in_by FROM sessions"
        " WHERE person_id = %(person)s AND ended_at IS NULL AND expires_at > now() ORDER BY last_used_at DESC, id DESC",
        {"person": person_id},
    )
    return [Listed(*row) for row in await cursor.fetchall()]


async def end_of_person(conn: Connection, person_id: UUID, session_id: UUID) -> None:
    """Ends one session of a person's."""
    await conn.execute(
        "UPDATE sessions SET ended_at = now() WHERE id = %(id)s AND person_id = %(person)s AND ended_at IS NULL",
        {"id": session_id, "person": person_id},
    )


async def end_others(conn: Connection, person_id: UUID, kept: UUID) -> None:
    """Ends all sessions of a person's but one."""
    await conn.execute(
        "UPDATE sessions SET ended_at = now() WHERE person_id = %(person)s AND id <> %(kept)s AND ended_at IS NULL",
        {"person": person_id, "kept": kept},
    )


async def sweep(conn: Connection) -> None:
    """Deletes sessions that ended by themselves a day ago."""
    await conn.execute("DELETE FROM sessions WHERE expires_at < now() - interval '1 day'")
