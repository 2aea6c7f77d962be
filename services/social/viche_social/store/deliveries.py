"""Deliveries: claimed before a call, moved by what it gave."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection
from viche_social.domain.deliveries import DeliveryState, Step, Task

_COLUMNS = (
    "d.id, d.post_id, d.channel_id, d.connector, d.language, d.body, d.state, d.task, d.next_at, d.tries, d.task_tries,"
    " d.token, d.ref, d.url, d.error, d.detail, d.changed_at, d.published_at, d.doubted_at,"
    " d.edition"
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A post at one channel."""

    id: UUID
    post_id: UUID
    channel_id: UUID
    connector: str
    language: str
    body: str
    state: str
    task: str | None
    next_at: datetime
    tries: int
    task_tries: int
    token: str
    ref: str
    url: str
    error: str
    detail: str
    changed_at: datetime
    published_at: datetime | None
    doubted_at: datetime | None
    edition: int


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One to be made; `state` is waiting, or by_hand where a person posts it."""

    id: UUID
    channel_id: UUID
    connector: str
    language: str
    body: str
    state: DeliveryState


async def insert(conn: Connection, post_id: UUID, new: Sequence[NewDelivery]) -> None:
    """Adds deliveries of a post, due at once."""
    await conn.cursor().executemany(
        "INSERT INTO deliveries (id, post_id, channel_id, connector, language, body, state, task)"
        " VALUES (%(id)s, %(post_id)s, %(channel_id)s, %(connector)s, %(language)s, %(body)s, %(state)s, %(task)s)",
        [
            {
                "id": each.id,
                "post_id": post_id,
                "channel_id": each.channel_id,
                "connector": each.connector,
                "language": each.language,
                "body": each.body,
                "state": each.state,
                "task": Task.PUBLISH if each.state is DeliveryState.WAITING else None,
            }
            for each in new
        ],
    )


async def of_posts(conn: Connection, posts: Sequence[UUID]) -> list[Delivery]:
    """Deliveries of posts, those that were taken back before they went out left out."""
    cursor = conn.cursor(row_factory=class_row(Delivery))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM deliveries d WHERE d.post_id = ANY(%(posts)s)"  # noqa: S608 (ours)
        " AND (d.state <> 'cancelled' OR d.tries > 0) ORDER BY d.id",
        {"posts": list(posts)},
    )
    return await cursor.fetchall()


async def hold(conn: Connection, id: UUID) -> Delivery | None:
    """One delivery, which nobody else changes until the transaction ends."""
    cursor = conn.cursor(row_factory=class_row(Delivery))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM deliveries d WHERE d.id = %(id)s FOR UPDATE",  # noqa: S608 (ours)
        {"id": id},
    )
    return await cursor.fetchone()


async def hold_of_post(conn: Connection, post_id: UUID) -> list[Delivery]:
    """All deliveries of a post, which nobody else changes until the transaction ends. What moved meanwhile is seen as
    it is now, and whoever moves one later sees what this transaction has done to the post."""
    cursor = conn.cursor(row_factory=class_row(Delivery))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM deliveries d WHERE d.post_id = %(post_id)s ORDER BY d.id FOR UPDATE",  # noqa: S608 (ours)
        {"post_id": post_id},
    )
    return await cursor.fetchall()


_DUE = (
    "d.task IS NOT NULL AND d.state <> 'blocked' AND d.next_at <= clock_timestamp()"
    " AND (d.claimed_until IS NULL OR d.claimed_until < clock_timestamp())"
    " AND c.state NOT IN ('paused', 'expired') AND (c.not_before IS NULL OR c.not_before <= clock_timestamp())"
    " AND (h.not_before IS NULL OR h.not_before <= clock_timestamp())"
)


class Lane(NamedTuple):
    """What is due at one channel, by what is to be done."""

    connector: str
    channel_id: UUID
    task: str
    number: int


async def lanes(conn: Connection) -> list[Lane]:
    """What is due now."""
    cursor = await conn.execute(
        "SELECT d.connector, d.channel_id, d.task, count(*) FROM deliveries d JOIN channels c ON c.id = d.channel_id"  # noqa: S608 (ours)
        f" LEFT JOIN connector_holds h ON h.connector = d.connector WHERE {_DUE}"
        " GROUP BY d.connector, d.channel_id, d.task ORDER BY min(d.next_at), d.channel_id, d.task"
    )
    return [Lane(*row) for row in await cursor.fetchall()]


class Waiting(NamedTuple):
    """How many deliveries are due by what is to be done, and for how many seconds the oldest has been."""

    numbers: dict[str, int]
    oldest_s: float


async def due(conn: Connection) -> Waiting:
    """What is due now and nobody has taken."""
    cursor = await conn.execute(
        "SELECT d.task, count(*), extract(epoch FROM clock_timestamp() - min(d.next_at))::float8 FROM deliveries d"  # noqa: S608 (ours)
        " JOIN channels c ON c.id = d.channel_id LEFT JOIN connector_holds h ON h.connector = d.connector"
        f" WHERE {_DUE} GROUP BY d.task ORDER BY d.task"
    )
    rows = await cursor.fetchall()
    return Waiting({row[0]: row[1] for row in rows}, max((row[2] for row in rows), default=0.0))


async def next_due(conn: Connection) -> float | None:
    """Seconds until something is due that nobody has claimed; None when nothing waits for its time."""
    cursor = await conn.execute(
        "SELECT extract(epoch FROM min(greatest(d.next_at, coalesce(d.claimed_until, d.next_at))) - clock_timestamp())"
        "::float8 FROM deliveries d JOIN channels c ON c.id = d.channel_id"
        " WHERE d.task IS NOT NULL AND d.state <> 'blocked' AND c.state NOT IN ('paused', 'expired')"
    )
    row = await cursor.fetchone()
    return max(0.0, row[0]) if row and row[0] is not None else None


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is this process's own for a while; `was_claimed` where another's claim ended unanswered."""

    delivery: Delivery
    was_claimed: bool


async def claim(conn: Connection, lane: Lane, limit: int, lease: timedelta) -> list[Claim]:
    """Takes deliveries of a lane, the longest due first; a post that is to be published is "sending" from here on.

    Args:
        conn: in a transaction that commits before anything is called.
        lane: which.
        limit: how many at most.
        lease: after that, others may take them.
    """
    cursor = await conn.execute(
        "WITH due AS (SELECT d.id, d.claimed_until IS NOT NULL AS was_claimed FROM deliveries d"  # noqa: S608 (ours)
        " JOIN channels c ON c.id = d.channel_id LEFT JOIN connector_holds h ON h.connector = d.connector"
        f" WHERE d.channel_id = %(channel_id)s AND d.task = %(task)s AND {_DUE}"
        " ORDER BY d.next_at, d.id LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED)"
        " UPDATE deliveries d SET claimed_until = clock_timestamp() + %(lease)s, changed_at = clock_timestamp(),"
        " state = CASE WHEN d.task = 'publish' THEN 'sending' ELSE d.state END"
        f" FROM due WHERE d.id = due.id RETURNING due.was_claimed, {_COLUMNS}",
        {"channel_id": lane.channel_id, "task": lane.task, "limit": limit, "lease": lease},
    )
    return [Claim(Delivery(*row[1:]), row[0]) for row in await cursor.fetchall()]


class There(NamedTuple):
    """Which words stand there."""

    edition: int
    body: str


async def move(conn: Connection, delivery: Delivery, step: Step, there: There | None = None) -> bool:
    """Takes the step after a call, and ends the claim.

    Args:
        conn: in a transaction.
        delivery: as it was claimed.
        step: what it becomes.
        there: the words that have taken the place of its own.

    Returns:
        whether it was still there to be moved: false where somebody settled it meanwhile.
    """
    cursor = await conn.execute(
        "UPDATE deliveries SET state = %(state)s, task = %(task)s, next_at = clock_timestamp() + %(pause)s,"
        " claimed_until = NULL, tries = tries + %(counted)s, edition = %(edition)s, body = %(body)s,"
        " task_tries = CASE WHEN %(task)s = %(was)s THEN task_tries + %(counted)s ELSE 0 END,"
        " token = %(token)s, ref = CASE WHEN %(ref)s = '' THEN ref ELSE %(ref)s END,"
        " url = CASE WHEN %(url)s = '' THEN url ELSE %(url)s END, error = %(error)s, detail = %(detail)s,"
        " doubted_at = CASE WHEN %(error)s = 'OutcomeUnknown' THEN coalesce(doubted_at, clock_timestamp())"
        " ELSE doubted_at END,"
        " changed_at = clock_timestamp(), published_at = CASE WHEN %(state)s = 'published'"
        " THEN coalesce(published_at, clock_timestamp()) ELSE published_at END"
        " WHERE id = %(id)s AND task = %(was)s",
        {
            "id": delivery.id,
            "was": delivery.task,
            "state": step.state,
            "task": step.task,
            "pause": step.pause,
            "counted": int(step.counts),
            "edition": there.edition if there else delivery.edition,
            "body": there.body if there else delivery.body,
            "token": step.token or (delivery.token if step.task == delivery.task else ""),
            "ref": step.ref,
            "url": step.url,
            "error": step.error,
            "detail": step.detail[:2000],
        },
    )
    return cursor.rowcount == 1


async def settle(conn: Connection, id: UUID, state: DeliveryState, url: str, task: Task | None) -> None:
    """Writes down what a person has found."""
    await conn.execute(
        "UPDATE deliveries SET state = %(state)s, url = %(url)s, task = %(task)s, task_tries = 0, error = '',"
        " detail = '', next_at = clock_timestamp(), claimed_until = NULL, doubted_at = NULL,"
        " changed_at = clock_timestamp(),"
        " published_at = CASE WHEN %(state)s = 'published' THEN clock_timestamp() ELSE published_at END"
        " WHERE id = %(id)s",
        {"id": id, "state": state, "url": url, "task": task},
    )


async def cancel(conn: Connection, post_id: UUID) -> int:
    """Takes back what of a post has not been sent.

    Returns:
        how many are being sent, are out, or are in doubt: those stay.
    """
    await conn.execute(
        "UPDATE deliveries SET state = 'cancelled', task = NULL, changed_at = clock_timestamp()"
        " WHERE post_id = %(post_id)s AND state IN ('waiting', 'blocked', 'refused', 'by_hand') AND tries = 0"
        " AND (claimed_until IS NULL OR state <> 'waiting')",
        {"post_id": post_id},
    )
    cursor = await conn.execute(
        "SELECT count(*) FROM deliveries WHERE post_id = %(post_id)s AND state <> 'cancelled'", {"post_id": post_id}
    )
    row = await cursor.fetchone()
    return row[0] if row else 0


async def cancel_of_channel(conn: Connection, channel_id: UUID) -> None:
    """Takes back what was to be sent to a channel that is disconnected."""
    await conn.execute(
        "UPDATE deliveries SET state = 'cancelled', task = NULL, changed_at = clock_timestamp()"
        " WHERE channel_id = %(channel_id)s AND state IN ('waiting', 'blocked') AND claimed_until IS NULL",
        {"channel_id": channel_id},
    )


async def withdraw(conn: Connection, post_id: UUID, deletable: Collection[str]) -> None:
    """Asks for what is out to be deleted, where connectors can; what has not gone out for certain is cancelled."""
    await conn.execute(
        "UPDATE deliveries SET state = 'cancelled', task = NULL, changed_at = clock_timestamp()"
        " WHERE post_id = %(post_id)s AND state IN ('waiting', 'blocked', 'refused', 'by_hand')"
        " AND claimed_until IS NULL AND (doubted_at IS NULL OR task IS NULL)",
        {"post_id": post_id},
    )
    await conn.execute(
        "UPDATE deliveries SET task = 'delete', task_tries = 0, next_at = clock_timestamp(),"
        " changed_at = clock_timestamp() WHERE post_id = %(post_id)s AND state = 'published' AND ref <> ''"
        " AND connector = ANY(%(deletable)s)",
        {"post_id": post_id, "deletable": list(deletable)},
    )


async def unblock(conn: Connection, channel_id: UUID) -> None:
    """Lets go on what waited for the consent, or a right, of a channel."""
    await conn.execute(
        "UPDATE deliveries SET state = CASE WHEN task = 'publish' THEN 'waiting' WHEN task = 'find' THEN 'sending'"
        " ELSE 'pending' END, next_at = clock_timestamp(), changed_at = clock_timestamp()"
        " WHERE channel_id = %(channel_id)s AND state = 'blocked' AND task IS NOT NULL",
        {"channel_id": channel_id},
    )
