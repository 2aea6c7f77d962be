"""Who was told on which day what waits."""

from datetime import date, datetime, timedelta
from uuid import UUID

from viche_chassis.db import Connection


async def now(conn: Connection) -> datetime:
    """The time of the database."""
    cursor = await conn.execute("SELECT now()")
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def add(conn: Connection, person: bytes, day: date, message_id: UUID) -> bool:
    """Notes that somebody is told; False when they are already, and then nothing is to be sent."""
    cursor = await conn.execute(
        "INSERT INTO digests (person, day, message_id) VALUES (%(person)s, %(day)s, %(message_id)s)"
        " ON CONFLICT DO NOTHING",
        {"person": person, "day": day, "message_id": message_id},
    )
    return cursor.rowcount == 1


async def delete_old(conn: Connection, keep: timedelta, limit: int) -> int:
    """Deletes what is long past; says how many."""
    cursor = await conn.execute(
        "DELETE FROM digests WHERE (person, day) IN (SELECT person, day FROM digests"
        " WHERE day < (now() - %(keep)s::interval)::date ORDER BY day, person LIMIT %(limit)s)",
        {"keep": keep, "limit": limit},
    )
    return cursor.rowcount
