"""Secrets of channels, when they are renewed, and what connectors keep beside them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection

AGAIN_IN = timedelta(minutes=10)
"""Tokens that were renewed so short a time ago are not renewed again, whatever the platform says of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a channel, sealed; `changed_at` tells these secrets from others."""

    sealed: bytes
    session: bytes | None
    changed_at: datetime
    failures: int
    is_refused: bool


async def get(conn: Connection, id: UUID) -> Kept | None:
    """The secrets of a channel; None when there are none (any more)."""
    cursor = conn.cursor(row_factory=class_row(Kept))
    await cursor.execute(
        "SELECT k.sealed, s.sealed AS session, k.changed_at, k.failures, k.refused_at IS NOT NULL AS is_refused"
        " FROM channel_secrets k LEFT JOIN channel_sessions s USING (channel_id) WHERE channel_id = %(id)s",
        {"id": id},
    )
    return await cursor.fetchone()


async def put(conn: Connection, id: UUID, sealed: bytes, renew_in: timedelta | None) -> None:
    """Keeps the secrets of a channel in place of those before, whose session is forgotten.

    Args:
        renew_in: after which they are to be renewed; None where they cannot be.
    """
    await forget_session(conn, id)
    await conn.execute(
        "INSERT INTO channel_secrets AS k (channel_id, sealed, changed_at, renew_at)"
        " VALUES (%(id)s, %(sealed)s, clock_timestamp(), clock_timestamp() + %(renew_in)s)"
        " ON CONFLICT (channel_id) DO UPDATE SET sealed = excluded.sealed,"
        # never the instant of the secrets before, even where the clock was put back
        " changed_at = greatest(excluded.changed_at, k.changed_at + interval '1 microsecond'),"
        " renew_at = excluded.renew_at, claimed_until = NULL, failures = 0, refused_at = NULL",
        {"id": id, "sealed": sealed, "renew_in": renew_in},
    )


async def hold(conn: Connection, id: UUID, changed_at: datetime) -> bool:
    """Whether these secrets are still those of the channel; nobody changes them until the transaction ends."""
    cursor = await conn.execute(
        "SELECT 1 FROM channel_secrets WHERE channel_id = %(id)s AND changed_at = %(changed_at)s FOR UPDATE",
        {"id": id, "changed_at": changed_at},
    )
    return await cursor.fetchone() is not None


async def put_session(conn: Connection, id: UUID, sealed: bytes) -> None:
    """Keeps the session of a channel whose secrets are held."""
    await conn.execute(
        "INSERT INTO channel_sessions (channel_id, sealed) VALUES (%(id)s, %(sealed)s)"
        " ON CONFLICT (channel_id) DO UPDATE SET sealed = excluded.sealed, changed_at = clock_timestamp()",
        {"id": id, "sealed": sealed},
    )


async def forget_session(conn: Connection, id: UUID) -> None:
    """Deletes the session of a channel."""
    await conn.execute("DELETE FROM channel_sessions WHERE channel_id = %(id)s", {"id": id})


async def claim(conn: Connection, limit: int, lease: timedelta) -> list[UUID]:
    """Channels whose secrets are to be renewed now, by this process alone; commit before anything is called."""
    cursor = await conn.execute(
        "UPDATE channel_secrets SET claimed_until = clock_timestamp() + %(lease)s WHERE channel_id IN ("
        " SELECT channel_id FROM channel_secrets WHERE renew_at <= clock_timestamp()"
        " AND (claimed_until IS NULL OR claimed_until < clock_timestamp())"
        " ORDER BY renew_at, channel_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING channel_id",
        {"limit": limit, "lease": lease},
    )
    return [row[0] for row in await cursor.fetchall()]


async def oldest_renewal_s(conn: Connection) -> float:
    """For how many seconds the secrets that wait longest should have been renewed; 0 where none should."""
    cursor = await conn.execute(
        "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(CASE failures WHEN 0 THEN renew_at"
        " ELSE coalesce(late_since, renew_at) END)), 0)::float8 FROM channel_secrets WHERE renew_at IS NOT NULL"
    )
    row = await cursor.fetchone()
    return max(0.0, row[0]) if row else 0.0


async def put_off(conn: Connection, id: UUID, changed_at: datetime, pause: timedelta) -> None:
    """The platform could not be asked to renew them: once more later."""
    await conn.execute(
        "UPDATE channel_secrets SET renew_at = clock_timestamp() + %(pause)s, claimed_until = NULL,"
        " late_since = CASE failures WHEN 0 THEN renew_at ELSE coalesce(late_since, renew_at) END,"
        " failures = failures + 1 WHERE channel_id = %(id)s AND changed_at = %(changed_at)s",
        {"id": id, "changed_at": changed_at, "pause": pause},
    )


async def keep_as_they_are(conn: Connection, id: UUID, changed_at: datetime, *, is_refused: bool) -> None:
    """They are not renewed any more: there is nothing to renew, or the platform has refused."""
    await conn.execute(
        "UPDATE channel_secrets SET renew_at = NULL, claimed_until = NULL,"
        " refused_at = CASE WHEN %(is_refused)s THEN clock_timestamp() END"
        " WHERE channel_id = %(id)s AND changed_at = %(changed_at)s",
        {"id": id, "changed_at": changed_at, "is_refused": is_refused},
    )


async def hurry(conn: Connection, id: UUID) -> None:
    """The platform does not take them any more: those that can be renewed are renewed at once."""
    await conn.execute(
        "UPDATE channel_secrets SET renew_at = least(renew_at, greatest(clock_timestamp(), changed_at + %(again_in)s))"
        " WHERE channel_id = %(id)s AND renew_at IS NOT NULL",
        {"id": id, "again_in": AGAIN_IN},
    )
