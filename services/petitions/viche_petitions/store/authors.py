"""Members of initiative committees, and authors who are the first to sign."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from viche_chassis.db import Connection
from viche_petitions.domain.authors import Authorship
from viche_petitions.domain.signing import Signer


async def put(conn: Connection, petition_id: UUID, author: Authorship) -> None:
    """Notes who starts a petition, members apart."""
    await conn.execute(
        "UPDATE petitions SET author_kind = %(kind)s, organisation_name = %(name)s, organisation_number = %(number)s,"
        " author_role = %(role)s, founded_on = %(founded_on)s, founding_place = %(place)s WHERE id = %(id)s",
        {
            "id": petition_id, "kind": author.kind.value, "name": author.organisation.name,
            "number": author.organisation.register_number, "role": author.organisation.role,
            "founded_on": author.founding.on, "place": author.founding.place,
        },
    )  # fmt: skip


async def put_members(conn: Connection, petition_id: UUID, sealed: Mapping[UUID, bytes]) -> None:
    """Replaces the members of a committee by these, in their order."""
    await conn.execute("DELETE FROM committee_members WHERE petition_id = %(id)s", {"id": petition_id})
    await conn.execute(
        "INSERT INTO committee_members (id, petition_id, place, member)"
        " SELECT new.id, %(petition_id)s, new.number - 1, new.member"
        " FROM unnest(%(ids)s::uuid[], %(members)s::bytea[]) WITH ORDINALITY AS new (id, member, number)",
        {"petition_id": petition_id, "ids": list(sealed), "members": list(sealed.values())},
    )


async def members(conn: Connection, petition_id: UUID) -> Sequence[tuple[UUID, bytes]]:
    """The members of a committee as they were sealed, each under its id, in their order."""
    cursor = await conn.execute(
        "SELECT id, member FROM committee_members WHERE petition_id = %(id)s ORDER BY place", {"id": petition_id}
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def put_first_signer(conn: Connection, signer: Signer) -> None:
    """Notes that an author will be the first to sign."""
    await conn.execute(
        "INSERT INTO first_signers (petition_id, signer, assurance, residence)"
        " VALUES (%(id)s, %(signer)s, %(assurance)s, %(residence)s)",
        {
            "id": signer.petition_id, "signer": signer.pseudonym, "assurance": signer.assurance,
            "residence": list(signer.residence),
        },
    )  # fmt: skip


async def forget_first_signer(conn: Connection, petition_id: UUID) -> None:
    """Forgets that an author will be the first to sign: who hands in once more says so anew."""
    await conn.execute("DELETE FROM first_signers WHERE petition_id = %(id)s", {"id": petition_id})


async def first_signer(conn: Connection, petition_id: UUID) -> Signer | None:
    """The author as a signer of the petition; None where they did not say so."""
    cursor = await conn.execute(
        "SELECT signer, assurance, residence FROM first_signers WHERE petition_id = %(id)s", {"id": petition_id}
    )
    row = await cursor.fetchone()
    return Signer(petition_id, row[0], row[1], tuple(row[2])) if row else None
