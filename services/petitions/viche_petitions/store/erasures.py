"""What goes when a person is erased: drafts, the list of what they follow, and their name where they asked for it."""

from dataclasses import dataclass
from datetime import timedelta

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody who was erased, by the pseudonyms of PersonErased."""

    author: bytes
    followings: bytes
    names: bytes
    hides_name: bool


async def delete_drafts(conn: Connection, author: bytes) -> None:
    """Deletes what the author has not handed in, with the members of its committees."""
    await conn.execute(
        "WITH gone AS (DELETE FROM petitions WHERE author = %(author)s AND state = 'draft' RETURNING id)"
        " DELETE FROM committee_members USING gone WHERE committee_members.petition_id = gone.id",
        {"author": author},
    )


async def delete_followings(conn: Connection, person: bytes) -> None:
    """Empties the person's list."""
    await conn.execute("DELETE FROM followings WHERE person = %(person)s", {"person": person})


async def hide_name(conn: Connection, author: bytes) -> None:
    """Takes the author's name off petitions; what they ask for stays, and so does an organisation's name."""
    await conn.execute(
        "UPDATE petitions SET author_name = '', author_role = '' WHERE author = %(author)s", {"author": author}
    )


async def remember(conn: Connection, who: Erased) -> None:
    """Keeps who was erased just now."""
    await conn.execute(
        "INSERT INTO erased (author, followings, names, hides_name)"
        " VALUES (%(author)s, %(followings)s, %(names)s, %(hides_name)s) ON CONFLICT DO NOTHING",
        {"author": who.author, "followings": who.followings, "names": who.names, "hides_name": who.hides_name},
    )


async def drop_remembered(conn: Connection, kept_for: timedelta) -> None:
    """Drops those who were erased longer ago."""
    await conn.execute("DELETE FROM erased WHERE erased_at < now() - %(kept_for)s", {"kept_for": kept_for})


async def remembered(conn: Connection) -> list[Erased]:
    """Those who were erased lately."""
    cursor = await conn.execute("SELECT author, followings, names, hides_name FROM erased ORDER BY erased_at, author")
    return [Erased(*row) for row in await cursor.fetchall()]
