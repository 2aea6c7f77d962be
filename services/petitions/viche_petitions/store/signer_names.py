"""Published names of signers, sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection

_PAGE = (
    "SELECT n.signature_id, n.name, n.name_from, n.signed_at FROM signer_names n WHERE n.petition_id = %(petition_id)s"
    " AND (n.signed_at, n.signature_id) {beyond} (%(at)s, %(id)s)"
    " AND 'validated' = (SELECT t.state FROM signature_transitions t WHERE t.signature_id = n.signature_id"
    " ORDER BY t.step DESC LIMIT 1) ORDER BY n.signed_at {order}, n.signature_id {order} LIMIT %(limit)s"
)
_AFTER = sql.SQL(_PAGE).format(beyond=sql.SQL(">"), order=sql.SQL("ASC"))
_BEFORE = sql.SQL(_PAGE).format(beyond=sql.SQL("<"), order=sql.SQL("DESC"))


@dataclass(frozen=True, slots=True)
class SealedName:
    """A name to be stored."""

    signature_id: UUID
    petition_id: UUID
    person: bytes
    name: bytes
    name_from: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list."""

    signature_id: UUID
    name: bytes
    name_from: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of a list."""

    at: datetime
    id: UUID


async def put(conn: Connection, names: Sequence[SealedName], signed_at: datetime) -> None:
    """Stores names of signatures that were written at one time."""
    await conn.execute(
        "INSERT INTO signer_names (signature_id, petition_id, person, name, name_from, signed_at)"
        " SELECT new.*, %(signed_at)s FROM unnest(%(ids)s::uuid[], %(petition_ids)s::uuid[], %(persons)s::bytea[],"
        " %(names)s::bytea[], %(names_from)s::text[]) AS new",
        {
            "ids": [each.signature_id for each in names],
            "petition_ids": [each.petition_id for each in names],
            "persons": [each.person for each in names],
            "names": [each.name for each in names],
            "names_from": [each.name_from for each in names],
            "signed_at": signed_at,
        },
    )


async def after(conn: Connection, petition_id: UUID, place: Place, limit: int) -> list[Line]:
    """Names of those whose signatures count and come after a place, the nearest first."""
    return await _page(conn, _AFTER, petition_id, place, limit)


async def before(conn: Connection, petition_id: UUID, place: Place, limit: int) -> list[Line]:
    """Names of those whose signatures count and come before a place, the nearest first."""
    return await _page(conn, _BEFORE, petition_id, place, limit)


async def delete_of(conn: Connection, person: bytes) -> None:
    """Deletes all names of a person; their petitions count as changed, so that what was made of them is made anew."""
    await conn.execute(
        "WITH gone AS (DELETE FROM signer_names WHERE person = %(person)s RETURNING petition_id)"
        " UPDATE petitions SET updated_at = now() WHERE id IN (SELECT petition_id FROM gone)",
        {"person": person},
    )


async def _page(conn: Connection, query: sql.Composed, petition_id: UUID, place: Place, limit: int) -> list[Line]:
    cursor = await conn.execute(
        query, {"petition_id": petition_id, "at": place.at, "id": place.id, "limit": limit}
    )  # fmt: skip
    return [Line(*row) for row in await cursor.fetchall()]
