"""Persons, their mailboxes and their sealed details."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be; ``mailbox`` is the blind index, ``email`` and ``name`` are sealed."""

    id: UUID
    mailbox: bytes
    email: bytes
    name: bytes
    assurance: str
    residence_code: str
    language: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as stored."""

    id: UUID
    email: bytes
    name: bytes
    residence_code: str
    residence_path: list[str]
    assurance: str
    language: str


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What to change of a person; empty fields stay as they are."""

    id: UUID
    assurance: str = ""
    residence_code: str = ""
    language: str = ""


async def claim_mailboxes(conn: Connection, people: Sequence[NewPerson]) -> set[UUID]:
    """Gives each mailbox that nobody holds to the person named with it; waits for others who claim the same.

    Returns:
        ids of the persons that got one, who must then be added in the same transaction.
    """
    ordered = sorted(people, key=lambda each: each.mailbox)  # one order for all, so that none wait in a circle
    cursor = await conn.execute(
        "INSERT INTO person_mailboxes (mailbox, person_id)"
        " SELECT * FROM unnest(%(mailboxes)s::bytea[], %(ids)s::uuid[])"
        " ON CONFLICT (mailbox) DO NOTHING RETURNING person_id",
        {"mailboxes": [each.mailbox for each in ordered], "ids": [each.id for each in ordered]},
    )
    return {row[0] for row in await cursor.fetchall()}


async def add(conn: Connection, people: Sequence[NewPerson]) -> None:
    """Adds persons."""
    await conn.execute(
        "INSERT INTO persons (id, assurance, residence_code, language)"
        " SELECT id, assurance, nullif(residence_code, ''), language"
        " FROM unnest(%(ids)s::uuid[], %(assurances)s::text[], %(residences)s::text[], %(languages)s::text[])"
        " AS new (id, assurance, residence_code, language)",
        {
            "ids": [each.id for each in people],
            "assurances": [each.assurance for each in people],
            "residences": [each.residence_code for each in people],
            "languages": [each.language for each in people],
        },
    )


async def add_details(conn: Connection, people: Sequence[NewPerson]) -> None:
    """Adds what is sealed of persons."""
    await conn.execute(
        "INSERT INTO person_details (person_id, email, name)"
        " SELECT * FROM unnest(%(ids)s::uuid[], %(emails)s::bytea[], %(names)s::bytea[])",
        {
            "ids": [each.id for each in people],
            "emails": [each.email for each in people],
            "names": [each.name for each in people],
        },
    )


async def find_by_mailboxes(conn: Connection, mailboxes: Sequence[bytes]) -> dict[bytes, UUID]:
    """Ids of the persons who hold these mailboxes."""
    cursor = await conn.execute(
        "SELECT mailbox, person_id FROM person_mailboxes WHERE mailbox = ANY(%(mailboxes)s::bytea[])",
        {"mailboxes": list(mailboxes)},
    )
    return {bytes(row[0]): row[1] for row in await cursor.fetchall()}


async def change(conn: Connection, changes: Sequence[PersonChange]) -> None:
    """Changes persons."""
    await conn.execute(
        "UPDATE persons SET assurance = coalesce(nullif(new.assurance, ''), persons.assurance),"
        " residence_code = coalesce(nullif(new.residence_code, ''), persons.residence_code),"
        " language = coalesce(nullif(new.language, ''), persons.language)"
        " FROM unnest(%(ids)s::uuid[], %(assurances)s::text[], %(residences)s::text[], %(languages)s::text[])"
        " AS new (id, assurance, residence_code, language) WHERE persons.id = new.id",
        {
            "ids": [each.id for each in changes],
            "assurances": [each.assurance for each in changes],
            "residences": [each.residence_code for each in changes],
            "languages": [each.language for each in changes],
        },
    )


async def rename(conn: Connection, ids: Sequence[UUID], names: Sequence[bytes]) -> None:
    """Gives persons other (sealed) names."""
    await conn.execute(
        "UPDATE person_details SET name = new.name FROM unnest(%(ids)s::uuid[], %(names)s::bytea[]) AS new (id, name)"
        " WHERE person_id = new.id",
        {"ids": list(ids), "names": list(names)},
    )


async def fill_residence(conn: Connection, person_id: UUID, residence_code: str) -> None:
    """Gives a residence to a person who has none."""
    await conn.execute(
        "UPDATE persons SET residence_code = %(code)s WHERE id = %(id)s AND residence_code IS NULL",
        {"id": person_id, "code": residence_code},
    )


async def find(conn: Connection, ids: Sequence[UUID]) -> list[PersonRow]:
    """Persons by id; those that are not there are left out."""
    cursor = await conn.execute(
        "SELECT persons.id, details.email, details.name, coalesce(persons.residence_code, '') AS residence_code,"
        " coalesce(territories.path, '{}') AS residence_path, persons.assurance, persons.language FROM persons"
        " JOIN person_details AS details ON details.person_id = persons.id"
        " LEFT JOIN territories ON territories.code = persons.residence_code"
        " WHERE persons.id = ANY(%(ids)s::uuid[]) ORDER BY persons.id",
        {"ids": list(ids)},
    )
    return [PersonRow(*row) for row in await cursor.fetchall()]


async def lock(conn: Connection, person_id: UUID) -> None:
    """Holds a person's row until the end of the transaction."""
    await conn.execute("SELECT FROM persons WHERE id = %(person)s FOR UPDATE", {"person": person_id})


async def ids_after(conn: Connection, last: UUID, limit: int) -> list[UUID]:
    """Ids of persons in their order, from the one after ``last``."""
    cursor = await conn.execute(
        "SELECT id FROM persons WHERE id > %(last)s ORDER BY id LIMIT %(limit)s", {"last": last, "limit": limit}
    )
    return [row[0] for row in await cursor.fetchall()]


async def ids_created_within(conn: Connection, seconds: float) -> list[UUID]:
    """Ids of persons created lately."""
    cursor = await conn.execute(
        "SELECT id FROM persons WHERE created_at > now() - make_interval(secs => %(seconds)s) ORDER BY id",
        {"seconds": seconds},
    )
    return [row[0] for row in await cursor.fetchall()]
