"""Signatures by e-mail on their way: mailboxes, links, contacts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_petitions.domain.sides import Side, side_of
from viche_petitions.store.pauses import HELD

KEEP_LINKS = "30 days"


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a mailbox that is taken; ``contact`` is there while it waits for confirmation."""

    slot: int
    signature_id: UUID
    contact: bytes | None


@dataclass(frozen=True, slots=True)
class NewSlot:
    """A slot to be taken for a signature, or a vote against, that waits for its confirmation."""

    signature_id: UUID
    petition_id: UUID
    mailbox_index: bytes
    slot: int
    contact: bytes
    side: Side


@dataclass(frozen=True, slots=True)
class Link:
    """A confirmation link, and what it leads to."""

    signature_id: UUID
    petition_id: UUID
    expires_at: datetime
    is_expired: bool
    is_confirmed: bool
    contact: bytes | None
    mailbox_index: bytes | None
    slot: int
    side: Side


async def slots(conn: Connection, petition_id: UUID, mailbox_index: bytes) -> list[Slot]:
    """The slots of a mailbox that are taken, in order."""
    cursor = await conn.execute(
        "SELECT m.slot, m.signature_id, c.contact FROM mailboxes m LEFT JOIN pending_contacts c USING (signature_id)"
        " WHERE m.petition_id = %(petition_id)s AND m.mailbox_index = %(mailbox_index)s ORDER BY m.slot",
        {"petition_id": petition_id, "mailbox_index": mailbox_index},
    )
    return [Slot(row[0], row[1], row[2]) for row in await cursor.fetchall()]


async def insert(conn: Connection, new: NewSlot, days: int) -> None:
    """Takes a slot for a signature that waits ``days`` for its confirmation, without those of a pause to come."""
    expires_at = f"now() + make_interval(days => %(days)s) + {HELD}"
    await conn.execute(
        "WITH taken AS (INSERT INTO mailboxes (petition_id, mailbox_index, slot, signature_id)"  # noqa: S608 (constants)
        " VALUES (%(petition_id)s, %(mailbox_index)s, %(slot)s, %(id)s)),"
        " linked AS (INSERT INTO email_links (signature_id, petition_id, expires_at)"
        f" VALUES (%(id)s, %(petition_id)s, {expires_at})),"
        " pending AS (INSERT INTO signature_transitions (signature_id, step, state) VALUES (%(id)s, 0, 'pending'))"
        " INSERT INTO pending_contacts (signature_id, contact, expires_at, is_against)"
        f" VALUES (%(id)s, %(contact)s, {expires_at}, %(is_against)s)",
        {
            "id": new.signature_id, "petition_id": new.petition_id, "mailbox_index": new.mailbox_index,
            "slot": new.slot, "contact": new.contact, "is_against": new.side is Side.AGAINST, "days": days,
        },
    )  # fmt: skip


async def put_contact(conn: Connection, id: UUID, contact: bytes, side: Side) -> None:
    """Replaces what a person said who asked for the mail again."""
    await conn.execute(
        "UPDATE pending_contacts SET contact = %(contact)s, is_against = %(is_against)s WHERE signature_id = %(id)s",
        {"id": id, "contact": contact, "is_against": side is Side.AGAINST},
    )


async def move(conn: Connection, id: UUID, slot: int) -> None:
    """Gives a waiting signature another slot of its mailbox."""
    await conn.execute("UPDATE mailboxes SET slot = %(slot)s WHERE signature_id = %(id)s", {"id": id, "slot": slot})


async def get_link(conn: Connection, id: UUID) -> Link | None:
    """The link of a signature, whose contact is locked until the end of the transaction."""
    await conn.execute("SELECT 1 FROM pending_contacts WHERE signature_id = %(id)s FOR UPDATE", {"id": id})
    cursor = await conn.execute(
        "SELECT l.signature_id, l.petition_id, l.expires_at, l.expires_at <= clock_timestamp() AS is_expired,"
        " EXISTS (SELECT 1 FROM signatures s WHERE s.id = l.signature_id) OR v.id IS NOT NULL AS is_confirmed,"
        " c.contact, m.mailbox_index, coalesce(m.slot, 0) AS slot,"
        " coalesce(c.is_against, v.id IS NOT NULL) AS is_against"
        " FROM email_links l LEFT JOIN pending_contacts c USING (signature_id)"
        " LEFT JOIN mailboxes m USING (signature_id) LEFT JOIN votes_against v ON v.id = l.signature_id"
        " WHERE l.signature_id = %(id)s",
        {"id": id},
    )
    row = await cursor.fetchone()
    return Link(*row[:-1], side=side_of(row[-1])) if row else None


async def erase_contact(conn: Connection, id: UUID) -> None:
    """Deletes the personal data of a signature that was confirmed."""
    await conn.execute("DELETE FROM pending_contacts WHERE signature_id = %(id)s", {"id": id})


async def expire(conn: Connection, limit: int = 500) -> int:
    """Ends signatures that nobody confirmed in time: their data is deleted and their slot is free again.

    Returns:
        how many there were.
    """
    cursor = await conn.execute(
        "WITH late AS (SELECT signature_id FROM pending_contacts WHERE expires_at <= clock_timestamp()"
        " ORDER BY signature_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),"
        " erased AS (DELETE FROM pending_contacts c USING late WHERE c.signature_id = late.signature_id),"
        " freed AS (DELETE FROM mailboxes m USING late WHERE m.signature_id = late.signature_id)"
        " INSERT INTO signature_transitions (signature_id, step, state) SELECT signature_id, 1, 'expired' FROM late",
        {"limit": limit},
    )
    return cursor.rowcount


async def forget_links(conn: Connection) -> None:
    """Deletes links that nobody will follow any more."""
    await conn.execute("DELETE FROM email_links WHERE expires_at < now() - %(keep)s::interval", {"keep": KEEP_LINKS})
