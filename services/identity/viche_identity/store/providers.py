"""Visits to providers, what of them belongs to whom, and what a sign-in link will join."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_identity.store import people


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit to be; ``person_id`` is who is signed in already."""

    id: UUID
    provider: str
    purpose: str
    browser_hash: bytes
    person_id: UUID | None
    language: str
    return_path: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit that has just been used up."""

    id: UUID
    purpose: str
    person_id: UUID | None
    language: str
    return_path: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A connection as its person sees it."""

    id: UUID
    provider: str
    connected_at: datetime
    last_used_at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """What using a link will join: ``subject`` to the mailbox's person, or else the mailbox to ``person_id``.

    ``name`` is sealed for the link.
    """

    link_id: UUID
    browser_hash: bytes
    person_id: UUID | None = None
    provider: str = ""
    subject: bytes | None = None
    assurance: str = "email"
    asked_at: datetime | None = None
    name: bytes = b""
    residence_code: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Something pending, with the language and the way back of its link."""

    pending: Pending
    language: str
    return_path: str


async def add_visit(conn: Connection, visit: NewVisit, life_minutes: int) -> None:
    """Keeps a visit."""
    await conn.execute(
        "INSERT INTO provider_visits"
        " (id, provider, purpose, browser_hash, person_id, language, return_path, expires_at) VALUES"
        " (%(id)s, %(provider)s, %(purpose)s, %(browser)s, %(person)s, %(language)s, %(path)s,"
        " now() + make_interval(mins => %(minutes)s))",
        {
            "id": visit.id, "provider": visit.provider, "purpose": visit.purpose, "browser": visit.browser_hash,
            "person": visit.person_id, "language": visit.language, "path": visit.return_path, "minutes": life_minutes,
        },
    )  # fmt: skip


async def take_visit(conn: Connection, visit_id: UUID, provider: str, browser_hash: bytes) -> Visit | None:
    """Uses a visit up, if it is still good and this browser's; of two at once only one gets it."""
    cursor = await conn.execute(
        "DELETE FROM provider_visits WHERE id = %(id)s AND provider = %(provider)s AND browser_hash = %(browser)s"
        " AND expires_at > now() RETURNING id, purpose, person_id, language, return_path, began_at",
        {"id": visit_id, "provider": provider, "browser": browser_hash},
    )
    row = await cursor.fetchone()
    return Visit(*row) if row else None


async def connect(conn: Connection, connection_id: UUID, subject: bytes, person_id: UUID, provider: str) -> UUID:
    """Connects a subject with a person, unless it is another's or ever was; waits for others who connect the same.

    A connection of the person's own that is over holds again.

    Returns:
        whose the subject is.
    """
    cursor = await conn.execute(
        "INSERT INTO provider_connections AS held (id, subject, person_id, provider)"
        " VALUES (%(id)s, %(subject)s, %(person)s, %(provider)s)"
        " ON CONFLICT (subject) DO UPDATE SET last_used_at = held.last_used_at RETURNING person_id, ended_at",
        {"id": connection_id, "subject": subject, "person": person_id, "provider": provider},
    )
    row = await cursor.fetchone()
    assert row is not None
    owner, ended_at = row
    if owner == person_id and ended_at is not None:
        await conn.execute(
            "UPDATE provider_connections SET provider = %(provider)s, connected_at = now(), last_used_at = now(),"
            " ended_at = NULL WHERE subject = %(subject)s",
            {"provider": provider, "subject": subject},
        )
    return owner


async def use(conn: Connection, subject: bytes) -> UUID | None:
    """Who is connected with a subject, with a note that it was used; None when nobody is."""
    cursor = await conn.execute(
        "UPDATE provider_connections SET last_used_at = now() WHERE subject = %(subject)s AND ended_at IS NULL"
        " RETURNING person_id",
        {"subject": subject},
    )
    row = await cursor.fetchone()
    return row[0] if row else None


async def is_ended(conn: Connection, subject: bytes) -> bool:
    """Whether a subject was connected with somebody who has ended that."""
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM provider_connections WHERE subject = %(subject)s AND ended_at IS NOT NULL)",
        {"subject": subject},
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def of_person(conn: Connection, person_id: UUID) -> list[Listed]:
    """A person's connections that hold, the first made first."""
    cursor = await conn.execute(
        "SELECT id, provider, connected_at, last_used_at FROM provider_connections"
        " WHERE person_id = %(person)s AND ended_at IS NULL ORDER BY connected_at, id",
        {"person": person_id},
    )
    return [Listed(*row) for row in await cursor.fetchall()]


async def end(conn: Connection, person_id: UUID, connection_id: UUID) -> None:
    """Ends a connection of a person's, and takes from the sessions that it opened what they owe to it.

    Its row stays, so that the subject goes to nobody else.
    """
    await conn.execute(
        "WITH ended AS (UPDATE provider_connections SET ended_at = now()"
        " WHERE id = %(id)s AND person_id = %(person)s AND ended_at IS NULL RETURNING person_id, provider)"
        " UPDATE sessions SET assurance = 'email' FROM ended"
        " WHERE sessions.person_id = ended.person_id AND sessions.signed_in_by = ended.provider",
        {"id": connection_id, "person": person_id},
    )


async def raise_session(
    conn: Connection, token_hash: bytes, person_id: UUID, provider: str, assurance: str
) -> datetime | None:
    """Lets a session that holds owe a provider at least this assurance.

    Returns:
        when the session ends; None where there is no such session of the person's.
    """
    cursor = await conn.execute(
        "UPDATE sessions SET signed_in_by = %(provider)s, assurance = CASE"
        " WHEN array_position(%(levels)s::text[], assurance) > array_position(%(levels)s::text[], %(assurance)s)"
        " THEN assurance ELSE %(assurance)s END"
        " WHERE token_hash = %(hash)s AND person_id = %(person)s AND ended_at IS NULL AND expires_at > now()"
        " RETURNING expires_at",
        {
            "hash": token_hash, "person": person_id, "provider": provider, "assurance": assurance,
            "levels": ["email", "substantial", "high"],
        },
    )  # fmt: skip
    row = await cursor.fetchone()
    return row[0] if row else None


async def lock_person(conn: Connection, person_id: UUID) -> bool:
    """Holds a person's row until the end of the transaction; gives whether the person has a mailbox."""
    await people.lock(conn, person_id)
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM person_mailboxes WHERE person_id = %(person)s)", {"person": person_id}
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def set_email(conn: Connection, person_id: UUID, email: bytes) -> None:
    """Gives a person another (sealed) address."""
    await conn.execute(
        "UPDATE person_details SET email = %(email)s WHERE person_id = %(person)s",
        {"email": email, "person": person_id},
    )


async def add_pending(conn: Connection, pending: Pending) -> None:
    """Keeps what using a link will join."""
    await conn.execute(
        "INSERT INTO pending_connections (link_id, browser_hash, person_id, provider, subject, assurance, asked_at,"
        " name, residence_code) VALUES (%(link)s, %(browser)s, %(person)s, %(provider)s, %(subject)s, %(assurance)s,"
        " %(asked_at)s, %(name)s, %(residence)s)",
        {
            "link": pending.link_id, "browser": pending.browser_hash, "person": pending.person_id,
            "provider": pending.provider, "subject": pending.subject, "assurance": pending.assurance,
            "asked_at": pending.asked_at, "name": pending.name, "residence": pending.residence_code,
        },
    )  # fmt: skip


async def take_pending(conn: Connection, link_id: UUID, browser_hash: bytes) -> Taken | None:
    """What a link joins in this browser, once; None where it joins nothing."""
    cursor = await conn.execute(
        "DELETE FROM pending_connections AS pending USING sign_in_links AS link"
        " WHERE pending.link_id = %(link)s AND pending.browser_hash = %(browser)s AND link.id = pending.link_id"
        " AND link.expires_at > now() RETURNING pending.link_id, pending.browser_hash, pending.person_id,"
        " pending.provider, pending.subject, pending.assurance, pending.asked_at, pending.name,"
        " pending.residence_code, link.language, link.return_path",
        {"link": link_id, "browser": browser_hash},
    )
    row = await cursor.fetchone()
    return Taken(Pending(*row[:-2]), *row[-2:]) if row else None


async def sweep(conn: Connection) -> None:
    """Deletes visits that have expired."""
    await conn.execute("DELETE FROM provider_visits WHERE expires_at < now()")


async def sweep_pending(conn: Connection) -> None:
    """Deletes what links would have joined that have expired."""
    await conn.execute(
        "DELETE FROM pending_connections AS pending USING sign_in_links AS link"
        " WHERE link.id = pending.link_id AND link.expires_at < now()"
    )


async def forget(conn: Connection, person_id: UUID) -> None:
    """Deletes a person's connections, with those that are over."""
    await conn.execute("DELETE FROM provider_connections WHERE person_id = %(person)s", {"person": person_id})


async def forget_visits(conn: Connection, person_id: UUID) -> None:
    """Deletes visits of a person that are under way."""
    await conn.execute("DELETE FROM provider_visits WHERE person_id = %(person)s", {"person": person_id})


async def forget_pending(conn: Connection, person_id: UUID) -> None:
    """Deletes what links would have given to a person."""
    await conn.execute("DELETE FROM pending_connections WHERE person_id = %(person)s", {"person": person_id})
