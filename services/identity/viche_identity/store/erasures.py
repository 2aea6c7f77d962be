"""Erasures: asked for, done, and what goes with them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class Due:
    """A person whose time has come."""

    person_id: UUID
    hides_name: bool


@dataclass(frozen=True, slots=True)
class Done:
    """An erasure that was done; ``person_hash`` says nobody who."""

    id: UUID
    person_hash: bytes
    erased_at: datetime
    hides_name: bool


async def request(conn: Connection, person_id: UUID, *, hides_name: bool, hours: int) -> datetime:
    """Asks for an erasure; one that was asked for keeps its time. Gives when it is due."""
    cursor = await conn.execute(
        "INSERT INTO erasure_requests (person_id, due_at, hides_name)"
        " VALUES (%(person)s, now() + make_interval(hours => %(hours)s), %(hides)s)"
        " ON CONFLICT (person_id) DO UPDATE SET hides_name = excluded.hides_name RETURNING due_at",
        {"person": person_id, "hours": hours, "hides": hides_name},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def cancel(conn: Connection, person_id: UUID) -> None:
    """Takes the asking back."""
    await conn.execute("DELETE FROM erasure_requests WHERE person_id = %(person)s", {"person": person_id})


async def due_at(conn: Connection, person_id: UUID) -> datetime | None:
    """When the person will be erased; None when nobody asked for it."""
    cursor = await conn.execute(
        "SELECT due_at FROM erasure_requests WHERE person_id = %(person)s", {"person": person_id}
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def take_due(conn: Connection, limit: int) -> list[Due]:
    """Persons whose time has come; two that look at once get different ones."""
    cursor = await conn.execute(
        "SELECT person_id, hides_name FROM erasure_requests WHERE due_at <= now()"
        " ORDER BY due_at, person_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )
    return [Due(*row) for row in await cursor.fetchall()]


async def add(conn: Connection, done: Done) -> None:
    """Keeps for good that somebody was erased; one that is known stays as it is."""
    await conn.execute(
        "INSERT INTO erasures (id, person_hash, erased_at, hides_name)"
        " VALUES (%(id)s, %(hash)s, %(at)s, %(hides)s) ON CONFLICT (person_hash) DO NOTHING",
        {"id": done.id, "hash": done.person_hash, "at": done.erased_at, "hides": done.hides_name},
    )


async def page(conn: Connection, after: UUID, limit: int) -> list[Done]:
    """Erasures in the order in which they were written down."""
    cursor = await conn.execute(
        "SELECT id, person_hash, erased_at, hides_name FROM erasures WHERE id > %(after)s ORDER BY id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return [Done(*row) for row in await cursor.fetchall()]


async def forget_details(conn: Connection, person_id: UUID) -> None:
    """Deletes address and name."""
    await conn.execute("DELETE FROM person_details WHERE person_id = %(person)s", {"person": person_id})


async def forget_mailbox(conn: Connection, person_id: UUID) -> None:
    """Lets the mailbox belong to nobody."""
    await conn.execute("DELETE FROM person_mailboxes WHERE person_id = %(person)s", {"person": person_id})


async def forget_sessions(conn: Connection, person_id: UUID) -> None:
    """Signs the person out everywhere, and forgets where they were signed in."""
    await conn.execute("DELETE FROM sessions WHERE person_id = %(person)s", {"person": person_id})


async def end_roles(conn: Connection, person_id: UUID) -> None:
    """Takes back all roles."""
    await conn.execute(
        "UPDATE grants SET until_at = greatest(from_at, now()) WHERE person_id = %(person)s"
        " AND (until_at IS NULL OR until_at > greatest(from_at, now()))",
        {"person": person_id},
    )


async def forget_person(conn: Connection, person_id: UUID) -> None:
    """Deletes the person's id, without which no pseudonym can be computed again.

    That of somebody who ever held a role stays: it must remain known who decided what.
    """
    await conn.execute(
        "DELETE FROM persons WHERE id = %(person)s AND NOT EXISTS (SELECT FROM grants WHERE person_id = %(person)s)",
        {"person": person_id},
    )


async def forget_residence(conn: Connection, person_id: UUID) -> None:
    """Forgets where the person lives."""
    await conn.execute("UPDATE persons SET residence_code = NULL WHERE id = %(person)s", {"person": person_id})
