"""Organisations, who belongs to them, and invitations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.errors import UniqueViolation

from viche_chassis.db import Connection
from viche_identity.domain.organisations import Asked, Kind, Organisation, OrganisationTaken, Role, State

_COLUMNS = (
    "organisations.id, organisations.name, organisations.register_number, organisations.kind,"
    " organisations.authority_id, organisations.version, organisations.state, organisations.reason,"
    " organisations.asked_at, organisations.decided_at"
)


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody who belongs to an organisation."""

    id: UUID
    organisation_id: UUID
    person_id: UUID
    role: Role
    from_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which somebody joins; ``is_good`` until it expires."""

    organisation_id: UUID
    title: str
    role: Role
    expires_at: datetime
    is_good: bool
    used_by: UUID | None
    is_used: bool


async def has_authority(conn: Connection, id: UUID) -> bool:
    """Whether there is such an authority."""
    cursor = await conn.execute("SELECT EXISTS (SELECT FROM authorities WHERE id = %(id)s)", {"id": id})
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def add(conn: Connection, id: UUID, asked: Asked) -> None:
    """Keeps an organisation that asks to be confirmed."""
    await conn.execute(
        "INSERT INTO organisations (id, name, register_number, kind, authority_id)"
        " VALUES (%(id)s, %(title)s, %(number)s, %(kind)s, %(authority)s)",
        _values(id, asked),
    )


async def ask_again(conn: Connection, id: UUID, asked: Asked) -> None:
    """Corrects an organisation, which then waits anew."""
    await conn.execute(
        "UPDATE organisations SET name = %(title)s, register_number = %(number)s, kind = %(kind)s,"
        " authority_id = %(authority)s, version = version + 1, state = 'waiting', reason = '', asked_at = now(),"
        " decided_at = NULL WHERE id = %(id)s",
        _values(id, asked),
    )


async def lock(conn: Connection, id: UUID) -> Organisation | None:
    """An organisation; others who change it or its members wait until the transaction ends."""
    cursor = await conn.execute(
        f"SELECT {_COLUMNS} FROM organisations WHERE id = %(id)s FOR UPDATE",  # noqa: S608
        {"id": id},
    )
    row = await cursor.fetchone()
    return _organisation(row) if row else None


async def decide(conn: Connection, id: UUID, state: State, reason: str) -> None:
    """Notes what was decided.

    Raises:
        OrganisationTaken: another one is confirmed under the number.
    """
    try:
        await conn.execute(
            "UPDATE organisations SET state = %(state)s, reason = %(reason)s, decided_at = now(), version = version + 1"
            " WHERE id = %(id)s",
            {"id": id, "state": state.value, "reason": reason},
        )
    except UniqueViolation as error:
        raise OrganisationTaken() from error


async def decided(conn: Connection, membership_id: UUID) -> tuple[Organisation, UUID] | None:
    """A decided organisation and the person of a membership; None where it waits anew, or the membership is over."""
    cursor = await conn.execute(
        f"SELECT {_COLUMNS}, members.person_id FROM organisations"  # noqa: S608
        " JOIN organisation_members AS members ON members.organisation_id = organisations.id"
        " WHERE members.id = %(id)s AND members.until_at IS NULL AND organisations.state <> 'waiting'",
        {"id": membership_id},
    )
    row = await cursor.fetchone()
    return (_organisation(row), row[10]) if row else None


async def asking(conn: Connection, authority_ids: Collection[UUID], limit: int) -> list[Organisation]:
    """Organisations that asked these authorities: first those that wait, the first asked first; then the latest."""
    cursor = await conn.execute(
        f"SELECT {_COLUMNS} FROM organisations WHERE authority_id = ANY(%(authorities)s::uuid[])"  # noqa: S608
        " ORDER BY state <> 'waiting', CASE WHEN state = 'waiting' THEN asked_at END, decided_at DESC, id"
        " LIMIT %(limit)s",
        {"authorities": list(authority_ids), "limit": limit},
    )
    return [_organisation(row) for row in await cursor.fetchall()]


async def of_person(conn: Connection, person_id: UUID) -> list[tuple[Organisation, Membership]]:
    """The organisations that a person belongs to, by their titles."""
    cursor = await conn.execute(
        f"SELECT {_COLUMNS}, members.id AS membership_id, members.role, members.from_at FROM organisations"  # noqa: S608
        " JOIN organisation_members AS members ON members.organisation_id = organisations.id"
        " WHERE members.person_id = %(person)s AND members.until_at IS NULL"
        " ORDER BY organisations.name, organisations.id",
        {"person": person_id},
    )
    return [
        (_organisation(row), Membership(row[10], row[0], person_id, Role(row[11]), row[12]))
        for row in await cursor.fetchall()
    ]


async def members(conn: Connection, organisation_ids: Sequence[UUID]) -> list[Membership]:
    """Who belongs to organisations, the first who joined first."""
    cursor = await conn.execute(
        "SELECT id, organisation_id, person_id, role, from_at FROM organisation_members"
        " WHERE organisation_id = ANY(%(ids)s::uuid[]) AND until_at IS NULL ORDER BY from_at, id",
        {"ids": list(organisation_ids)},
    )
    return [Membership(row[0], row[1], row[2], Role(row[3]), row[4]) for row in await cursor.fetchall()]


async def membership(conn: Connection, organisation_id: UUID, person_id: UUID) -> Membership | None:
    """What a person is in an organisation; None where they do not belong to it."""
    cursor = await conn.execute(
        "SELECT id, organisation_id, person_id, role, from_at FROM organisation_members"
        " WHERE organisation_id = %(organisation)s AND person_id = %(person)s AND until_at IS NULL",
        {"organisation": organisation_id, "person": person_id},
    )
    row = await cursor.fetchone()
    return Membership(row[0], row[1], row[2], Role(row[3]), row[4]) if row else None


async def join(conn: Connection, id: UUID, organisation_id: UUID, person_id: UUID, role: Role) -> None:
    """Makes a person a member, or gives a member another role."""
    await conn.execute(
        "INSERT INTO organisation_members (id, organisation_id, person_id, role)"
        " VALUES (%(id)s, %(organisation)s, %(person)s, %(role)s)"
        " ON CONFLICT (organisation_id, person_id) WHERE until_at IS NULL DO UPDATE SET role = excluded.role",
        {"id": id, "organisation": organisation_id, "person": person_id, "role": role.value},
    )


async def end_membership(conn: Connection, id: UUID) -> None:
    """Ends a membership."""
    await conn.execute(
        "UPDATE organisation_members SET until_at = now() WHERE id = %(id)s AND until_at IS NULL", {"id": id}
    )


async def forget_memberships(conn: Connection, person_id: UUID) -> None:
    """Deletes to what a person belongs and belonged."""
    await conn.execute("DELETE FROM organisation_members WHERE person_id = %(person)s", {"person": person_id})


async def forget_joining(conn: Connection, person_id: UUID) -> None:
    """Forgets by which invitations a person joined."""
    await conn.execute(
        "UPDATE organisation_invitations SET used_by = NULL WHERE used_by = %(person)s", {"person": person_id}
    )


async def invite(conn: Connection, id: UUID, organisation_id: UUID, role: Role, days: int) -> datetime | None:
    """Keeps an invitation, once; gives until when it is good, or None where the id is one of another organisation."""
    cursor = await conn.execute(
        "INSERT INTO organisation_invitations AS known (id, organisation_id, role, expires_at)"
        " VALUES (%(id)s, %(organisation)s, %(role)s, now() + make_interval(days => %(days)s))"
        " ON CONFLICT (id) DO UPDATE SET role = known.role WHERE known.organisation_id = excluded.organisation_id"
        " RETURNING expires_at",
        {"id": id, "organisation": organisation_id, "role": role.value, "days": days},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def count_invitations(conn: Connection, organisation_id: UUID) -> int:
    """How many invitations wait to be used."""
    cursor = await conn.execute(
        "SELECT count(*) FROM organisation_invitations"
        " WHERE organisation_id = %(organisation)s AND used_at IS NULL AND expires_at > now()",
        {"organisation": organisation_id},
    )
    row = await cursor.fetchone()
    return row[0] if row else 0


async def invitation(conn: Connection, id: UUID) -> Invitation | None:
    """An invitation; whoever uses it holds its organisation, so that of two at once one comes second."""
    cursor = await conn.execute(
        "SELECT link.organisation_id, organisations.name, link.role, link.expires_at,"
        " link.expires_at > now() AS is_good, link.used_by, link.used_at IS NOT NULL AS is_used"
        " FROM organisation_invitations AS link"
        " JOIN organisations ON organisations.id = link.organisation_id WHERE link.id = %(id)s",
        {"id": id},
    )
    row = await cursor.fetchone()
    return Invitation(row[0], row[1], Role(row[2]), *row[3:]) if row else None


async def use_invitation(conn: Connection, id: UUID, person_id: UUID) -> None:
    """Notes that an invitation was used, and by whom."""
    await conn.execute(
        "UPDATE organisation_invitations SET used_by = %(person)s, used_at = now() WHERE id = %(id)s",
        {"id": id, "person": person_id},
    )


async def end_invitations(conn: Connection, organisation_id: UUID) -> None:
    """Ends the invitations that wait to be used."""
    await conn.execute(
        "UPDATE organisation_invitations SET expires_at = now()"
        " WHERE organisation_id = %(organisation)s AND used_at IS NULL AND expires_at > now()",
        {"organisation": organisation_id},
    )


async def sweep(conn: Connection) -> None:
    """Deletes invitations that expired a month ago."""
    await conn.execute("DELETE FROM organisation_invitations WHERE expires_at < now() - interval '30 days'")


def _values(id: UUID, asked: Asked) -> dict[str, object]:
    return {
        "id": id, "title": asked.title, "number": asked.register_number, "kind": asked.kind.value,
        "authority": asked.authority_id,
    }  # fmt: skip


def _organisation(row: Sequence[Any]) -> Organisation:
    id, title, number, kind, authority_id, version, state, reason, asked_at, decided_at = row[:10]
    asked = Asked(title, number, Kind(kind), authority_id)
    return Organisation(id, asked, version, State(state), reason, asked_at, decided_at)
