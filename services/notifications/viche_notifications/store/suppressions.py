"""What people do not want to get any more."""

from collections.abc import Sequence

from viche_chassis.db import Connection
from viche_notifications.sealing import Subscription

EVERYTHING = "*"  # the subject that stands for all petitions


async def add(conn: Connection, subscription: Subscription) -> None:
    """Stops the mails; stopping them again changes nothing."""
    await conn.execute(
        "INSERT INTO suppressions (subject, address_index) VALUES (%(subject)s, %(address_index)s)"
        " ON CONFLICT DO NOTHING",
        {"subject": subscription.subject, "address_index": subscription.address_index},
    )


async def remove(conn: Connection, subscription: Subscription) -> None:
    """Lets the mails go on; also when they never were stopped."""
    await conn.execute(
        "DELETE FROM suppressions WHERE subject = %(subject)s AND address_index = %(address_index)s",
        {"subject": subscription.subject, "address_index": subscription.address_index},
    )


async def has(conn: Connection, subscription: Subscription) -> bool:
    """Whether the mails are stopped."""
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM suppressions WHERE subject = %(subject)s AND address_index = %(address_index)s)",
        {"subject": subscription.subject, "address_index": subscription.address_index},
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def among(conn: Connection, address_index: bytes, subjects: Sequence[str]) -> list[str]:
    """Those of ``subjects`` whose mails to an address are stopped."""
    cursor = await conn.execute(
        "SELECT subject FROM suppressions WHERE address_index = %(address_index)s AND subject = ANY(%(subjects)s)"
        " ORDER BY subject",
        {"address_index": address_index, "subjects": list(subjects)},
    )
    return [row[0] for row in await cursor.fetchall()]
