"""Messages and their contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from viche_chassis.db import Connection
from viche_chassis.telemetry import current_traceparent
from viche_notifications.domain.messages import KINDS, Lane, State
from viche_notifications.store.suppressions import EVERYTHING


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message for the queue; ``sealed`` is its encrypted contact."""

    id: UUID
    template: str
    lane: Lane
    language: str
    sealed: bytes = field(repr=False)
    address_index: bytes | None = None
    expires_at: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that a worker holds until its lease ends; ``now`` is the database's time of the claim."""

    id: UUID
    template: str
    language: str
    subject: str
    params: Mapping[str, Any]
    address_index: bytes | None
    attempts: int
    unclear: int
    expires_at: datetime | None
    sealed: bytes | None = field(repr=False)
    is_suppressed: bool
    is_undeliverable: bool
    traceparent: str
    now: datetime


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as operators see it."""

    id: UUID
    template: str
    state: State
    attempts: int
    created_at: datetime
    ended_at: datetime | None
    last_reply: str


_ROW = "id, template, state, attempts, created_at, ended_at, last_reply"


async def add(conn: Connection, message: NewMessage) -> None:
    """Puts one message into the queue, with the trace that it comes from."""
    await conn.execute(
        "WITH added AS (INSERT INTO messages (id, template, lane, state, language, subject, params, address_index,"
        " expires_at, traceparent) VALUES (%(id)s, %(template)s, %(lane)s, 'queued', %(language)s, %(subject)s,"
        " %(params)s, %(address_index)s, %(expires_at)s, %(traceparent)s) RETURNING id)"
        " INSERT INTO message_contacts (message_id, sealed) SELECT id, %(sealed)s FROM added",
        {
            "id": message.id, "template": message.template, "lane": message.lane, "language": message.language,
            "subject": message.subject, "params": Jsonb(dict(message.params)), "address_index": message.address_index,
            "expires_at": message.expires_at, "sealed": message.sealed, "traceparent": current_traceparent(),
        },
    )  # fmt: skip


async def add_ended(conn: Connection, message_id: UUID, template: str, lane: Lane, state: State) -> None:
    """Notes a message that ended before it had a receiver."""
    await conn.execute(
        "INSERT INTO messages (id, template, lane, state, language, ended_at)"
        " VALUES (%(id)s, %(template)s, %(lane)s, %(state)s, '', now())",
        {"id": message_id, "template": template, "lane": lane, "state": state},
    )


async def has_due(conn: Connection, lane: Lane) -> bool:
    """Whether a message of the lane waits for a worker now; those of kinds that this version does not know do not."""
    cursor = await conn.execute(
        "SELECT EXISTS (SELECT FROM messages WHERE lane = %(lane)s AND ended_at IS NULL AND next_attempt_at <= now()"
        " AND template = ANY(%(templates)s))",
        {"lane": lane, "templates": list(KINDS)},
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def claim(conn: Connection, lane: Lane, lease: timedelta) -> Claimed | None:
    """Takes the message of the lane that has been due for longest; rows that others hold are passed over.

    The try is counted here, its outcome as unknown, so that one that kills its worker counts, too.
    """
    cursor = await conn.execute(
        "WITH due AS (SELECT id FROM messages"
        " WHERE lane = %(lane)s AND ended_at IS NULL AND next_attempt_at <= now() AND template = ANY(%(templates)s)"
        " ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " UPDATE messages SET state = 'sending', attempts = messages.attempts + 1, unclear = messages.unclear + 1,"
        " next_attempt_at = now() + %(lease)s"
        " FROM due LEFT JOIN message_contacts contact ON contact.message_id = due.id"
        " WHERE messages.id = due.id"
        " RETURNING messages.id, messages.template, messages.language, messages.subject,"
        " coalesce((SELECT params FROM campaigns WHERE id = messages.campaign_id), '{}') || messages.params,"
        " messages.address_index, messages.attempts, messages.unclear, messages.expires_at, contact.sealed,"
        " EXISTS (SELECT FROM suppressions WHERE (suppressions.subject = messages.subject"
        " OR suppressions.subject = %(everything)s AND starts_with(messages.subject, 'petition:'))"
        " AND suppressions.address_index = messages.address_index) AS is_suppressed,"
        " EXISTS (SELECT FROM undeliverable_addresses undeliverable"
        " WHERE undeliverable.address_index = messages.address_index) AS is_undeliverable,"
        " messages.traceparent, now()",
        {"lane": lane, "lease": lease, "templates": list(KINDS), "everything": EVERYTHING},
    )
    row = await cursor.fetchone()
    return Claimed(*row) if row else None


async def count_recent(
    conn: Connection, message_id: UUID, address_index: bytes | None, templates: Sequence[str], window: timedelta
) -> int:
    """How many messages of these templates the address has had in the window, with those that are being sent."""
    cursor = await conn.execute(
        "SELECT count(*) FROM messages WHERE address_index = %(address_index)s AND template = ANY(%(templates)s)"
        " AND (state = 'sent' AND ended_at > now() - %(window)s::interval OR state = 'sending' AND id < %(id)s)",
        {"id": message_id, "address_index": address_index, "templates": list(templates), "window": window},
    )
    row = await cursor.fetchone()
    return row[0] if row else 0


async def end(conn: Connection, message: Claimed, state: State, reply: str, *, is_clear: bool) -> bool:
    """Ends a message and erases its contact.

    A mail that was sent ends its message even if the lease was over and another worker has begun.

    Returns:
        whether it was this call that ended it.
    """
    cursor = await conn.execute(
        "WITH ended AS (UPDATE messages SET state = %(state)s, ended_at = now(),"
        " last_reply = coalesce(nullif(%(reply)s, ''), last_reply),"
        " unclear = unclear - %(cleared)s"
        " WHERE id = %(id)s AND ended_at IS NULL AND (attempts = %(attempts)s OR %(state)s = 'sent') RETURNING id),"
        " erased AS (DELETE FROM message_contacts USING ended WHERE message_id = ended.id)"
        " SELECT count(*) FROM ended",
        {"id": message.id, "state": state, "reply": reply, "attempts": message.attempts, "cleared": int(is_clear)},
    )
    row = await cursor.fetchone()
    return row is not None and row[0] == 1


async def postpone(conn: Connection, message: Claimed, wait: timedelta, reply: str, *, is_clear: bool) -> None:
    """Puts a message back for another try later, unless its lease was over and another worker has begun."""
    await conn.execute(
        "UPDATE messages SET state = 'queued', next_attempt_at = now() + %(wait)s, last_reply = %(reply)s,"
        " unclear = unclear - %(cleared)s"
        " WHERE id = %(id)s AND ended_at IS NULL AND attempts = %(attempts)s",
        {"id": message.id, "wait": wait, "reply": reply, "attempts": message.attempts, "cleared": int(is_clear)},
    )


async def get(conn: Connection, message_id: UUID) -> MessageRow | None:
    """One message."""
    cursor = await conn.execute(f"SELECT {_ROW} FROM messages WHERE id = %(id)s", {"id": message_id})  # noqa: S608
    row = await cursor.fetchone()
    return _message(row) if row else None


async def list_failed(conn: Connection, before: UUID | None, limit: int) -> list[MessageRow]:
    """Messages that ended without being sent, newest first, from those older than ``before``."""
    cursor = await conn.execute(
        f"SELECT {_ROW} FROM messages WHERE ended_at IS NOT NULL AND state <> 'sent'"  # noqa: S608
        " AND (%(before)s::uuid IS NULL OR id < %(before)s) ORDER BY id DESC LIMIT %(limit)s",
        {"before": before, "limit": limit},
    )
    return [_message(row) for row in await cursor.fetchall()]


async def count_states(conn: Connection) -> dict[State, int]:
    """How many messages are in which state."""
    cursor = await conn.execute("SELECT state, count(*) FROM messages GROUP BY state ORDER BY state")
    return {State(row[0]): row[1] for row in await cursor.fetchall()}


async def waiting(conn: Connection) -> dict[Lane, tuple[int, int]]:
    """By lane how many messages wait, and for how many seconds the oldest has; lanes without any are left out."""
    cursor = await conn.execute(
        "SELECT lane, count(*), extract(epoch FROM now() - min(created_at))::bigint FROM messages"
        " WHERE ended_at IS NULL GROUP BY lane ORDER BY lane"
    )
    return {Lane(row[0]): (row[1], row[2]) for row in await cursor.fetchall()}


async def erase_indexes(conn: Connection, keep: timedelta, limit: int) -> int:
    """Erases the address indexes of messages that ended so long ago that no cap needs them; says how many."""
    cursor = await conn.execute(
        "UPDATE messages SET address_index = NULL WHERE id IN (SELECT id FROM messages"
        " WHERE address_index IS NOT NULL AND ended_at < now() - %(keep)s::interval"
        " ORDER BY ended_at, id LIMIT %(limit)s)",
        {"keep": keep, "limit": limit},
    )
    return cursor.rowcount


async def delete_old(conn: Connection, keep: timedelta, limit: int) -> int:
    """Deletes messages that ended long ago and whose campaign, if any, is done; says how many."""
    cursor = await conn.execute(
        "DELETE FROM messages WHERE id IN (SELECT message.id FROM messages message"
        " LEFT JOIN campaigns campaign ON campaign.id = message.campaign_id"
        " WHERE message.ended_at < now() - %(keep)s::interval"
        " AND (message.campaign_id IS NULL OR campaign.done_at IS NOT NULL)"
        " ORDER BY message.ended_at, message.id LIMIT %(limit)s)",
        {"keep": keep, "limit": limit},
    )
    return cursor.rowcount


def _message(row: Any) -> MessageRow:
    return MessageRow(row[0], row[1], State(row[2]), *row[3:])
