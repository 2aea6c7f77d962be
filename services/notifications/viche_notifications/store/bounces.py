"""Mails that came back, and the addresses that get no more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from viche_chassis.db import Connection
from viche_notifications.domain.bounces import Bounce, BounceClass
from viche_notifications.sealing import Subscription

FEWEST_TO_NAME = 3  # a domain of fewer addresses could be somebody's own


@dataclass(frozen=True, slots=True)
class NewBounce:
    """What came back; ``status`` is empty for a complaint, ``domain`` where it is not known."""

    message_id: UUID
    kind: BounceClass
    status: str
    domain: str
    address_index: bytes


@dataclass(frozen=True, slots=True)
class Count:
    """How many mails of a kind came back; ``domain`` is empty in counts by kind."""

    kind: BounceClass
    domain: str
    mails: int


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """Since when an address gets only what somebody asked for, and why."""

    kind: BounceClass
    since: datetime


async def lock_address(conn: Connection, address_index: bytes) -> None:
    """Lets others who note something about this address wait until this transaction ends."""
    key = int.from_bytes(address_index[:8], signed=True)
    await conn.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": key})


async def subscription_of(conn: Connection, message_id: UUID, longest: timedelta) -> Subscription | None:
    """Whose message it is and what it was about, if it was sent no longer ago."""
    cursor = await conn.execute(
        "SELECT subject, address_index FROM messages WHERE id = %(id)s AND address_index IS NOT NULL"
        " AND coalesce(ended_at, now()) > now() - %(longest)s",
        {"id": message_id, "longest": longest},
    )
    row = await cursor.fetchone()
    return Subscription(*row) if row else None


async def add(conn: Connection, bounce: NewBounce) -> bool:
    """Notes what came back, once for a message and kind; says whether it is new."""
    cursor = await conn.execute(
        "INSERT INTO bounces (message_id, kind, status, domain, address_index)"
        " VALUES (%(message_id)s, %(kind)s, %(status)s, %(domain)s, %(address_index)s) ON CONFLICT DO NOTHING",
        {
            "message_id": bounce.message_id, "kind": bounce.kind, "status": bounce.status, "domain": bounce.domain,
            "address_index": bounce.address_index,
        },
    )  # fmt: skip
    return cursor.rowcount == 1


async def of_address(conn: Connection, address_index: bytes) -> list[Bounce]:
    """What came back from an address."""
    cursor = await conn.execute(
        "SELECT kind, at FROM bounces WHERE address_index = %(index)s ORDER BY at, message_id, kind",
        {"index": address_index},
    )
    return [Bounce(BounceClass(row[0]), row[1]) for row in await cursor.fetchall()]


async def last_delivered(
    conn: Connection, address_index: bytes, settled: timedelta
) -> tuple[datetime | None, datetime]:
    """When the last mail to an address was sent that is settled and has not come back, and what time it is."""
    cursor = await conn.execute(
        "SELECT max(ended_at), now() FROM messages WHERE address_index = %(index)s AND state = 'sent'"
        " AND ended_at < now() - %(settled)s::interval"
        " AND NOT EXISTS (SELECT FROM bounces WHERE bounces.message_id = messages.id)",
        {"index": address_index, "settled": settled},
    )
    row = await cursor.fetchone()
    assert row is not None
    return row[0], row[1]


async def hold_back(conn: Connection, address_index: bytes, kind: BounceClass) -> None:
    """Lets the address get no more; the first reason stays."""
    await conn.execute(
        "INSERT INTO undeliverable_addresses (address_index, kind) VALUES (%(index)s, %(kind)s) ON CONFLICT DO NOTHING",
        {"index": address_index, "kind": kind},
    )


async def standing(conn: Connection, address_index: bytes) -> Undeliverable | None:
    """Why an address gets no mails; None when it gets them."""
    cursor = await conn.execute(
        "SELECT kind, since FROM undeliverable_addresses WHERE address_index = %(index)s", {"index": address_index}
    )
    row = await cursor.fetchone()
    return Undeliverable(BounceClass(row[0]), row[1]) if row else None


async def confirm(conn: Connection, address_index: bytes) -> bool:
    """Forgets what came back from an address; says whether mails were held back.

    The rows stay without the address, so that a repeated report finds its own.
    """
    await conn.execute(
        "UPDATE bounces SET address_index = NULL WHERE address_index = %(index)s", {"index": address_index}
    )
    cursor = await conn.execute(
        "DELETE FROM undeliverable_addresses WHERE address_index = %(index)s", {"index": address_index}
    )
    return cursor.rowcount == 1


async def count_classes(conn: Connection, window: timedelta) -> list[Count]:
    """How many mails came back, by kind."""
    cursor = await conn.execute(
        "SELECT kind, count(DISTINCT message_id) FROM bounces WHERE at > now() - %(window)s::interval"
        " GROUP BY kind ORDER BY kind",
        {"window": window},
    )
    return [Count(BounceClass(row[0]), "", row[1]) for row in await cursor.fetchall()]


async def count_domains(conn: Connection, window: timedelta, limit: int) -> list[Count]:
    """How many mails came back, by domain and kind, the most first; without domains of few addresses."""
    cursor = await conn.execute(
        "SELECT kind, domain, count(*) FROM bounces WHERE at > now() - %(window)s::interval AND domain IN"
        " (SELECT domain FROM bounces WHERE at > now() - %(window)s::interval AND domain <> '' GROUP BY domain"
        " HAVING count(DISTINCT address_index) >= %(fewest)s)"
        " GROUP BY domain, kind ORDER BY count(*) DESC, domain, kind LIMIT %(limit)s",
        {"window": window, "fewest": FEWEST_TO_NAME, "limit": limit},
    )
    return [Count(BounceClass(row[0]), row[1], row[2]) for row in await cursor.fetchall()]


async def count_undeliverable(conn: Connection) -> int:
    """How many addresses get only what somebody asked for."""
    cursor = await conn.execute("SELECT count(*) FROM undeliverable_addresses")
    row = await cursor.fetchone()
    return row[0] if row else 0


async def delete_old(conn: Connection, keep: timedelta, limit: int) -> int:
    """Deletes what came back long ago; says how many."""
    cursor = await conn.execute(
        "DELETE FROM bounces WHERE (message_id, kind) IN (SELECT message_id, kind FROM bounces"
        " WHERE at < now() - %(keep)s::interval ORDER BY at, message_id, kind LIMIT %(limit)s)",
        {"keep": keep, "limit": limit},
    )
    return cursor.rowcount


async def forget_undeliverable(conn: Connection, keep: timedelta, limit: int) -> int:
    """Lets addresses be tried anew that have got nothing for long; says how many."""
    cursor = await conn.execute(
        "DELETE FROM undeliverable_addresses WHERE address_index IN (SELECT address_index FROM undeliverable_addresses"
        " WHERE since < now() - %(keep)s::interval ORDER BY since, address_index LIMIT %(limit)s)",
        {"keep": keep, "limit": limit},
    )
    return cursor.rowcount
