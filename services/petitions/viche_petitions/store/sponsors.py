"""Sponsors and invitations to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class Invitation:
    """A mail that invites a sponsor; ``contact`` as it was sealed."""

    id: UUID
    petition_id: UUID
    contact: bytes
    expires_at: datetime


async def look_for_sponsors(conn: Connection, petition_id: UUID) -> None:
    """Lets what was handed in look for sponsors before it waits to be checked."""
    await conn.execute(
        "UPDATE petitions SET state = 'sponsoring' WHERE id = %(id)s AND state = 'submitted'", {"id": petition_id}
    )


async def hold(conn: Connection, petition_id: UUID) -> None:
    """Keeps a petition as it is until the transaction has ended; to be read in a statement after."""
    await conn.execute("SELECT 1 FROM petitions WHERE id = %(id)s FOR UPDATE", {"id": petition_id})


async def add(conn: Connection, petition_id: UUID) -> int:
    """Counts one sponsor more; to be called holding the petition.

    Returns:
        how many there are now.
    """
    cursor = await conn.execute(
        "UPDATE petitions SET sponsors = sponsors + 1, updated_at = now() WHERE id = %(id)s RETURNING sponsors",
        {"id": petition_id},
    )
    ((sponsors,),) = await cursor.fetchall()
    return sponsors


async def mark_sponsored(conn: Connection, petition_id: UUID, at: datetime) -> None:
    """Moves a petition on that has the sponsors that it needs."""
    await conn.execute(
        "UPDATE petitions SET state = 'submitted', sponsored_at = %(at)s, updated_at = %(at)s"
        " WHERE id = %(id)s AND state = 'sponsoring'",
        {"id": petition_id, "at": at},
    )


async def invite(
    conn: Connection, id: UUID, petition_id: UUID, mailbox_index: bytes, contact: bytes, days: int
) -> bool:
    """Notes an invitation; False where the mailbox was invited to this petition before."""
    cursor = await conn.execute(
        "INSERT INTO sponsor_invitations (id, petition_id, mailbox_index, contact, expires_at)"
        " VALUES (%(id)s, %(petition_id)s, %(mailbox_index)s, %(contact)s, now() + make_interval(days => %(days)s))"
        " ON CONFLICT ON CONSTRAINT sponsor_invitations_once DO NOTHING",
        {"id": id, "petition_id": petition_id, "mailbox_index": mailbox_index, "contact": contact, "days": days},
    )
    return cursor.rowcount == 1


async def count_invited(conn: Connection, petition_id: UUID) -> int:
    """How many mailboxes were invited to a petition."""
    cursor = await conn.execute(
        "SELECT count(*) FROM sponsor_invitations WHERE petition_id = %(id)s", {"id": petition_id}
    )
    ((invited,),) = await cursor.fetchall()
    return invited


async def invitation(conn: Connection, id: UUID) -> Invitation | None:
    """An invitation whose address is still there."""
    cursor = await conn.execute(
        "SELECT id, petition_id, contact, expires_at FROM sponsor_invitations"
        " WHERE id = %(id)s AND contact IS NOT NULL AND expires_at > clock_timestamp()",
        {"id": id},
    )
    row = await cursor.fetchone()
    return Invitation(row[0], row[1], row[2], row[3]) if row else None


async def mark_fetched(conn: Connection, id: UUID) -> None:
    """Leaves the address for a day, in case that the mail is asked for again."""
    await conn.execute(
        "UPDATE sponsor_invitations SET expires_at = least(expires_at, now() + interval '1 day') WHERE id = %(id)s",
        {"id": id},
    )


async def forget_addresses(conn: Connection) -> None:
    """Deletes addresses whose time is over, and all that is left of invitations to petitions that take no sponsors."""
    await conn.execute(
        "UPDATE sponsor_invitations SET contact = NULL WHERE contact IS NOT NULL AND expires_at <= clock_timestamp()"
    )
    await conn.execute(
        "DELETE FROM sponsor_invitations i USING petitions p WHERE p.id = i.petition_id"
        " AND i.expires_at <= clock_timestamp() AND p.state NOT IN ('sponsoring', 'submitted')"
    )
