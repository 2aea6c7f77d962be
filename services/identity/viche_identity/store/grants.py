"""Grants: who holds which role on which authority, from when until when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_identity.domain.region import Grant, Term

_COVERED = (
    " covered AS ("
    " SELECT held.id AS grant_id, authorities.id, authorities.slug FROM held"
    " JOIN authorities ON authorities.id = held.authority_id"
    " UNION SELECT covered.grant_id, child.id, child.slug FROM covered"
    " JOIN authorities AS child ON child.parent_slug = covered.slug)"
    " SELECT held.person_id, held.id, held.role, held.authority_id, held.from_at, held.until_at,"
    " array_agg(covered.id ORDER BY covered.slug)"
    " FROM held JOIN covered ON covered.grant_id = held.id"
    " GROUP BY held.person_id, held.id, held.role, held.authority_id, held.from_at, held.until_at ORDER BY held.id"
)


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant to be."""

    id: UUID
    person_id: UUID
    role: str
    authority_id: UUID
    term: Term


@dataclass(frozen=True, slots=True)
class GivenGrant:
    """A grant as it stands: when it ends, and with which end it was given; ``email`` and ``name`` are sealed.

    Both are None once the person is erased.
    """

    id: UUID
    person_id: UUID
    role: str
    authority_id: UUID
    from_at: datetime
    until_at: datetime | None
    given_until_at: datetime | None
    email: bytes | None
    name: bytes | None


async def lock(conn: Connection) -> None:
    """Makes those who give roles wait for each other until the transaction ends."""
    await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('viche_identity.grants', 1))")


async def now(conn: Connection) -> datetime:
    """The instant of the transaction."""
    cursor = await conn.execute("SELECT now()")
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def add(conn: Connection, items: Sequence[NewGrant]) -> None:
    """Gives roles."""
    await conn.execute(
        "INSERT INTO grants (id, person_id, role, authority_id, from_at, until_at, given_until_at)"
        " SELECT id, person_id, role, authority_id, from_at, until_at, until_at"
        " FROM unnest(%(ids)s::uuid[], %(people)s::uuid[], %(roles)s::text[], %(authorities)s::uuid[],"
        " %(from)s::timestamptz[], %(until)s::timestamptz[])"
        " AS new (id, person_id, role, authority_id, from_at, until_at)",
        {
            "ids": [each.id for each in items],
            "people": [each.person_id for each in items],
            "roles": [each.role for each in items],
            "authorities": [each.authority_id for each in items],
            "from": [each.term.from_at for each in items],
            "until": [each.term.until_at for each in items],
        },
    )


async def of(conn: Connection, person_id: UUID) -> list[Grant]:
    """Roles that a person holds now, each with all authorities that it covers."""
    return (await of_all(conn, [person_id])).get(person_id, [])


async def of_all(conn: Connection, person_ids: Sequence[UUID]) -> dict[UUID, list[Grant]]:
    """Roles that persons hold now, each with all authorities that it covers; persons without any are left out."""
    cursor = await conn.execute(
        "WITH RECURSIVE held AS (SELECT * FROM grants WHERE person_id = ANY(%(people)s::uuid[])"  # noqa: S608
        " AND from_at <= now() AND (until_at IS NULL OR until_at > now()))," + _COVERED,
        {"people": list(person_ids)},
    )
    found: dict[UUID, list[Grant]] = {}
    for row in await cursor.fetchall():
        found.setdefault(row[0], []).append(_grant(row))
    return found


async def to_come(conn: Connection, person_id: UUID, role: str, authority_ids: Sequence[UUID]) -> list[Grant]:
    """A role on some authorities that a person holds or will hold, in the order in which it was given."""
    cursor = await conn.execute(
        "WITH RECURSIVE held AS (SELECT * FROM grants WHERE person_id = %(person)s AND role = %(role)s"  # noqa: S608
        " AND authority_id = ANY(%(authorities)s::uuid[]) AND (until_at IS NULL OR until_at > greatest(now(), from_at))"
        ")," + _COVERED,
        {"person": person_id, "role": role, "authorities": list(authority_ids)},
    )
    return [_grant(row) for row in await cursor.fetchall()]


async def find(conn: Connection, grant_id: UUID) -> GivenGrant | None:
    """A grant, whether it holds or not."""
    cursor = await conn.execute(
        "SELECT id, person_id, role, authority_id, from_at, until_at, given_until_at, NULL::bytea AS email,"
        " NULL::bytea AS name"
        " FROM grants WHERE id = %(id)s",
        {"id": grant_id},
    )
    row = await cursor.fetchone()
    return GivenGrant(*row) if row else None


async def page(
    conn: Connection, authority_ids: Collection[UUID] | None, *, over: bool, after: UUID, limit: int
) -> list[GivenGrant]:
    """Grants on some authorities (None for all), in the order in which they were given.

    Args:
        over: those that have ended, in place of those that hold or will hold.
    """
    cursor = await conn.execute(
        "SELECT grants.id, grants.person_id, role, authority_id, from_at, until_at, given_until_at, email, name"
        " FROM grants LEFT JOIN person_details AS details ON details.person_id = grants.person_id"
        " WHERE grants.id > %(after)s AND (%(all)s OR authority_id = ANY(%(authorities)s::uuid[]))"
        " AND coalesce(until_at <= greatest(now(), from_at), false) = %(over)s ORDER BY grants.id LIMIT %(limit)s",
        {
            "after": after, "all": authority_ids is None, "authorities": list(authority_ids or ()), "over": over,
            "limit": limit,
        },
    )  # fmt: skip
    return [GivenGrant(*row) for row in await cursor.fetchall()]


async def everybody_above(conn: Connection, authority_id: UUID, limit: int) -> list[UUID]:
    """Ids of those who hold or ever held a role on an authority or on one above it, those of today first."""
    cursor = await conn.execute(
        "WITH RECURSIVE above AS ("
        " SELECT id, parent_slug FROM authorities WHERE id = %(authority)s"
        " UNION SELECT parent.id, parent.parent_slug FROM above JOIN authorities AS parent"
        " ON parent.slug = above.parent_slug)"
        " SELECT person_id FROM grants JOIN above ON above.id = grants.authority_id GROUP BY person_id"
        " ORDER BY max(coalesce(until_at, 'infinity')) DESC, person_id LIMIT %(limit)s",
        {"authority": authority_id, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def everybody(conn: Connection) -> list[UUID]:
    """Ids of all who hold or ever held a role."""
    cursor = await conn.execute("SELECT DISTINCT person_id FROM grants ORDER BY person_id")
    return [row[0] for row in await cursor.fetchall()]


async def holders_after(conn: Connection, last: UUID, limit: int) -> list[UUID]:
    """Ids of those who hold a role now, in their order, from the one after ``last``."""
    cursor = await conn.execute(
        "SELECT DISTINCT person_id FROM grants WHERE person_id > %(last)s AND from_at <= now()"
        " AND (until_at IS NULL OR until_at > now()) ORDER BY person_id LIMIT %(limit)s",
        {"last": last, "limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


async def end(conn: Connection, grant_id: UUID) -> None:
    """Takes a role back, unless it is over; one that has not begun never will."""
    await conn.execute(
        "UPDATE grants SET until_at = greatest(from_at, now()) WHERE id = %(id)s"
        " AND (until_at IS NULL OR until_at > greatest(from_at, now()))",
        {"id": grant_id},
    )


def _grant(row: Sequence[object]) -> Grant:
    return Grant(row[1], row[2], row[3], tuple(row[6]), Term(row[4], row[5]))  # pyright: ignore
