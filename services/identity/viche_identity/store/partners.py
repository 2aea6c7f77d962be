"""Partners, the origins of their pages, and hashes of their links."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation

from viche_chassis.db import Connection
from viche_identity.domain.partners import OriginTaken, Partner

_PARTNERS = (
    "SELECT partners.id, partners.name, partners.authority_id,"
    ' ARRAY(SELECT origin FROM partner_origins WHERE partner_id = partners.id ORDER BY origin COLLATE "C"),'
    " partners.archived_at IS NULL, partners.created_at, partners.link_made_at FROM partners"
)


async def add(conn: Connection, id: UUID, authority_id: UUID, title: str) -> None:
    """Keeps a partner."""
    await conn.execute(
        "INSERT INTO partners (id, name, authority_id) VALUES (%(id)s, %(title)s, %(authority)s)",
        {"id": id, "title": title, "authority": authority_id},
    )


async def lock(conn: Connection, id: UUID) -> Partner | None:
    """A partner; others who change it wait until the transaction ends."""
    cursor = await conn.execute(f"{_PARTNERS} WHERE id = %(id)s FOR UPDATE", {"id": id})
    return _first(await cursor.fetchall())


async def get(conn: Connection, id: UUID) -> Partner | None:
    """A partner."""
    cursor = await conn.execute(f"{_PARTNERS} WHERE id = %(id)s", {"id": id})
    return _first(await cursor.fetchall())


async def by_link(conn: Connection, link_hash: bytes) -> Partner | None:
    """The partner whose link has this hash."""
    cursor = await conn.execute(f"{_PARTNERS} WHERE link_hash = %(hash)s", {"hash": link_hash})
    return _first(await cursor.fetchall())


async def of_authorities(conn: Connection, authority_ids: Collection[UUID], limit: int) -> list[Partner]:
    """Partners of these authorities, active ones first, by name."""
    cursor = await conn.execute(
        f"{_PARTNERS} WHERE authority_id = ANY(%(authorities)s)"
        " ORDER BY archived_at IS NOT NULL, lower(name), name, id LIMIT %(limit)s",
        {"authorities": list(authority_ids), "limit": limit},
    )
    return [_partner(row) for row in await cursor.fetchall()]


async def rename(conn: Connection, id: UUID, title: str) -> None:
    """Gives a partner another name."""
    await conn.execute("UPDATE partners SET name = %(title)s WHERE id = %(id)s", {"id": id, "title": title})


async def lock_origins(conn: Connection) -> None:
    """Makes those who change origins wait for each other, so that two who exchange theirs never deadlock."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('viche_identity.partner_origins', 1))")


async def drop_origins(conn: Connection, partner_id: UUID, kept: Collection[str] = ()) -> None:
    """Frees the origins of a partner but for some."""
    await conn.execute(
        "DELETE FROM partner_origins WHERE partner_id = %(partner)s AND origin <> ALL(%(kept)s)",
        {"partner": partner_id, "kept": list(kept)},
    )


async def add_origin(conn: Connection, partner_id: UUID, origin: str) -> None:
    """Gives a partner an origin that it has not.

    Raises:
        OriginTaken: it belongs to another one.
    """
    try:
        await conn.execute(
            "INSERT INTO partner_origins (origin, partner_id) VALUES (%(origin)s, %(partner)s)",
            {"origin": origin, "partner": partner_id},
        )
    except UniqueViolation as error:
        raise OriginTaken(origin=origin) from error


async def origins(conn: Connection, limit: int) -> Sequence[tuple[str, UUID]]:
    """Every origin with its partner, in the order of the alphabet."""
    cursor = await conn.execute(
        'SELECT origin, partner_id FROM partner_origins ORDER BY origin COLLATE "C" LIMIT %(limit)s', {"limit": limit}
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


async def archive(conn: Connection, id: UUID) -> None:
    """Ends a partnership, and its link with it."""
    await conn.execute(
        "UPDATE partners SET archived_at = now(), link_hash = NULL, link_made_at = NULL"
        " WHERE id = %(id)s AND archived_at IS NULL",
        {"id": id},
    )


async def put_link(conn: Connection, id: UUID, link_hash: bytes) -> None:
    """Keeps the hash of a partner's link in place of the one before."""
    await conn.execute(
        "UPDATE partners SET link_hash = %(hash)s, link_made_at = now() WHERE id = %(id)s",
        {"id": id, "hash": link_hash},
    )


def _first(rows: Sequence[Any]) -> Partner | None:
    return _partner(rows[0]) if rows else None


def _partner(row: Sequence[Any]) -> Partner:
    id, title, authority_id, found, is_active, created_at, link_made_at = row
    return Partner(id, title, authority_id, tuple(found), is_active, created_at, link_made_at)
