"""What is kept of an address, found by its index."""

from dataclasses import dataclass
from datetime import datetime

from viche_chassis.db import Connection
from viche_notifications.domain.messages import State


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """A message to the address."""

    template: str
    subject: str
    state: State
    created_at: datetime


async def messages(conn: Connection, address_index: bytes, limit: int) -> list[OwnMessage]:
    """Messages to an address, the latest first."""
    cursor = await conn.execute(
        "SELECT template, subject, state, created_at FROM messages WHERE address_index = %(index)s"
        " ORDER BY created_at DESC, id DESC LIMIT %(limit)s",
        {"index": address_index, "limit": limit},
    )
    return [OwnMessage(row[0], row[1], State(row[2]), row[3]) for row in await cursor.fetchall()]


async def stopped_subjects(conn: Connection, address_index: bytes) -> list[str]:
    """What the address gets no mails about."""
    cursor = await conn.execute(
        "SELECT subject FROM suppressions WHERE address_index = %(index)s ORDER BY subject", {"index": address_index}
    )
    return [row[0] for row in await cursor.fetchall()]
