"""Who is told of a petition: followers, and with them those who signed."""

from dataclasses import dataclass
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_petitions.domain.petition import Petition
from viche_petitions.store import rows


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of an audience, by the pseudonym of the petition's scope."""

    pseudonym: bytes
    has_signed: bool


async def follow(conn: Connection, petition_id: UUID, follower: bytes) -> None:
    """Lets somebody be told; also when they are already."""
    await conn.execute(
        "INSERT INTO followers (petition_id, follower) VALUES (%(petition_id)s, %(follower)s) ON CONFLICT DO NOTHING",
        {"petition_id": petition_id, "follower": follower},
    )


async def unfollow(conn: Connection, petition_id: UUID, follower: bytes) -> None:
    """Lets somebody not be told any more; also when they never were."""
    await conn.execute(
        "DELETE FROM followers WHERE petition_id = %(petition_id)s AND follower = %(follower)s",
        {"petition_id": petition_id, "follower": follower},
    )


async def is_following(conn: Connection, petition_id: UUID, follower: bytes) -> bool:
    """Whether somebody follows."""
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM followers WHERE petition_id = %(petition_id)s AND follower = %(follower)s)",
        {"petition_id": petition_id, "follower": follower},
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def put_on_list(conn: Connection, person: bytes, petition_id: UUID) -> None:
    """Puts a petition on somebody's list; also when it is on it."""
    await conn.execute(
        "INSERT INTO followings (person, petition_id) VALUES (%(person)s, %(petition_id)s) ON CONFLICT DO NOTHING",
        {"person": person, "petition_id": petition_id},
    )


async def take_off_list(conn: Connection, person: bytes, petition_id: UUID) -> None:
    """Takes a petition off somebody's list; also when it is not on it."""
    await conn.execute(
        "DELETE FROM followings WHERE person = %(person)s AND petition_id = %(petition_id)s",
        {"person": person, "petition_id": petition_id},
    )


async def list_followings(conn: Connection, person: bytes, before: UUID | None, limit: int) -> list[Petition]:
    """Petitions on somebody's list, newest first, from those older than ``before``."""
    query = sql.SQL(
        "SELECT {} FROM {} JOIN followings f ON f.petition_id = p.id WHERE f.person = %(person)s"
        " AND (%(before)s::uuid IS NULL OR p.id < %(before)s) ORDER BY p.id DESC LIMIT %(limit)s"
    ).format(rows.COLUMNS, rows.SOURCE)
    cursor = await conn.execute(query, {"person": person, "before": before, "limit": limit})
    return [rows.petition(row) for row in await cursor.fetchall()]


async def list_members(conn: Connection, petition_id: UUID, after: bytes, limit: int) -> list[Member]:
    """Those whose signature counts and those who follow, each once, in the order of the pseudonyms.

    Who voted against is told nothing unless they follow.

    Who signed and follows is named as having signed; who follows and whose signature does not count, as following.
    """
    cursor = await conn.execute(
        "WITH signed AS (SELECT signer AS pseudonym, true AS has_signed FROM signers"
        " WHERE petition_id = %(petition_id)s AND signer > %(after)s"
        " AND NOT EXISTS (SELECT FROM votes_against v WHERE v.id = signers.signature_id)"
        " AND 'validated' = (SELECT state FROM signature_transitions t WHERE t.signature_id = signers.signature_id"
        " ORDER BY step DESC LIMIT 1) ORDER BY signer LIMIT %(limit)s),"
        " following AS (SELECT follower, false FROM followers"
        " WHERE petition_id = %(petition_id)s AND follower > %(after)s ORDER BY follower LIMIT %(limit)s)"
        " SELECT pseudonym, bool_or(has_signed) FROM (SELECT * FROM signed UNION ALL SELECT * FROM following) AS every"
        " GROUP BY pseudonym ORDER BY pseudonym LIMIT %(limit)s",
        {"petition_id": petition_id, "after": after, "limit": limit},
    )
    return [Member(row[0], row[1]) for row in await cursor.fetchall()]


async def author(conn: Connection, petition_id: UUID) -> bytes | None:
    """The author's pseudonym; None where there is no such petition, or it is another system's."""
    cursor = await conn.execute("SELECT author FROM petitions WHERE id = %(id)s", {"id": petition_id})
    row = await cursor.fetchone()
    return row[0] if row else None
