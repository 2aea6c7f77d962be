"""Drafts that officers wrote for citizens."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection

MOST = 200


@dataclass(frozen=True, slots=True)
class Written:
    """A petition that an officer wrote; ``deleted_at`` is None where its author has changed it or handed it in."""

    petition_id: UUID
    authority_id: UUID
    written_at: datetime
    deleted_at: datetime | None
    title: str


async def put(conn: Connection, petition_id: UUID, officer: bytes, authority_id: UUID) -> None:
    """Notes who wrote a draft."""
    await conn.execute(
        "INSERT INTO drafts_written (petition_id, officer, authority_id)"
        " VALUES (%(petition)s, %(officer)s, %(authority)s)",
        {"petition": petition_id, "officer": officer, "authority": authority_id},
    )


async def waiting(conn: Connection, author: bytes) -> int:
    """How many drafts that were written for somebody are not handed in yet."""
    cursor = await conn.execute(
        "SELECT count(*) FROM drafts_written JOIN petitions ON petitions.id = drafts_written.petition_id"
        " WHERE petitions.author = %(author)s AND petitions.state = 'draft'",
        {"author": author},
    )
    ((number,),) = await cursor.fetchall()
    return number


async def of_author(conn: Connection, author: bytes, days: int) -> list[Written]:
    """What was written for somebody, the latest first; drafts that nobody changes are kept for so many days."""
    cursor = await conn.execute(
        "SELECT written.petition_id, written.authority_id, written.written_at,"
        " CASE WHEN petitions.state = 'draft' AND petitions.version = 1"
        " THEN written.written_at + make_interval(days => %(days)s) END AS deleted_at, petitions.title"
        " FROM petitions JOIN drafts_written AS written ON written.petition_id = petitions.id"
        " WHERE petitions.author = %(author)s ORDER BY written.written_at DESC, written.petition_id LIMIT %(most)s",
        {"author": author, "days": days, "most": MOST},
    )
    return [Written(*row) for row in await cursor.fetchall()]


async def writer(conn: Connection, petition_id: UUID) -> tuple[bytes, datetime] | None:
    """The officer who wrote a petition, and when; None where its author did."""
    cursor = await conn.execute(
        "SELECT officer, written_at FROM drafts_written WHERE petition_id = %(id)s", {"id": petition_id}
    )
    row = await cursor.fetchone()
    return (row[0], row[1]) if row else None


async def forget(conn: Connection, days: int) -> None:
    """Deletes drafts that their authors have neither changed nor handed in for so many days."""
    await conn.execute(
        "DELETE FROM petitions USING drafts_written AS written WHERE written.petition_id = petitions.id"
        " AND petitions.state = 'draft' AND petitions.version = 1"
        " AND written.written_at < now() - make_interval(days => %(days)s)",
        {"days": days},
    )


async def delete_of(conn: Connection, author: bytes) -> None:
    """Deletes who wrote for somebody."""
    await conn.execute(
        "DELETE FROM drafts_written USING petitions WHERE petitions.id = drafts_written.petition_id"
        " AND petitions.author = %(author)s",
        {"author": author},
    )
