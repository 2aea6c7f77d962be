"""What goes when a person is erased: drafts, the list of what they follow, and their name where they asked for it."""

from viche_chassis.db import Connection


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
