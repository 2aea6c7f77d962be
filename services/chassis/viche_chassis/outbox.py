"""Events leave with their cause and have their effect once: outbox, inbox and remembered requests.

An event is written in the transaction that it tells of. A relay publishes it later and keeps the row for hours,
because a stream that loses its store can be filled again from here.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar
from uuid import UUID

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from opentelemetry import propagate
from viche.options.v1 import options_pb2

from viche_chassis.db import Connection
from viche_chassis.errors import RequestMismatch
from viche_chassis.ids import new_id

M = TypeVar("M", bound=Message)
KEEP_PUBLISHED = "24 hours"
KEEP_SEEN = "8 days"  # longer than the streams keep their messages
KEEP_REQUESTS = "7 days"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """An event on its way out."""

    id: UUID
    type: str
    payload: bytes
    traceparent: str


async def add(conn: Connection, *events: Message) -> None:
    """Writes events into the outbox; they go out if and only if the transaction commits."""
    if not events:
        return
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    await conn.execute(
        "INSERT INTO outbox (id, type, payload, traceparent)"
        " SELECT * FROM unnest(%(ids)s::uuid[], %(types)s::text[], %(payloads)s::bytea[], %(traceparents)s::text[])",
        {
            "ids": [new_id() for _ in events],
            "types": [event.DESCRIPTOR.full_name for event in events],
            "payloads": [event.SerializeToString() for event in events],
            "traceparents": [carrier.get("traceparent", "")] * len(events),
        },
    )


async def claim(conn: Connection, limit: int) -> list[OutboxRow]:
    """Events that wait, oldest first, locked for this transaction; rows that others hold are passed over.

    The relay publishes while it holds them (the one exception to the rule that no network is inside a transaction):
    a relay that dies lets go of its rows at once, and needs no lease.
    """
    cursor = await conn.execute(
        "SELECT id, type, payload, traceparent FROM outbox WHERE published_at IS NULL"
        " ORDER BY created_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        {"limit": limit},
    )
    return [OutboxRow(row[0], row[1], row[2], row[3]) for row in await cursor.fetchall()]


async def mark_published(conn: Connection, ids: Sequence[UUID], stream_seqs: Sequence[int]) -> None:
    """Notes where in the stream each event went."""
    await conn.execute(
        "UPDATE outbox SET published_at = now(), stream_seq = item.seq"
        " FROM unnest(%(ids)s::uuid[], %(seqs)s::bigint[]) AS item (id, seq) WHERE outbox.id = item.id",
        {"ids": list(ids), "seqs": list(stream_seqs)},
    )


async def standing(conn: Connection) -> tuple[int, float, int]:
    """How many events wait, for how many seconds the oldest has, and how many lie among the dead letters."""
    cursor = await conn.execute(
        "SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS age_s,"
        " (SELECT count(*) FROM dead_letters) AS dead FROM outbox WHERE published_at IS NULL"
    )
    row = await cursor.fetchone()
    assert row is not None  # an aggregate
    return row[0], max(0.0, row[1]), row[2]


async def republish_lost(conn: Connection, stream: str, created_at: str, last_seq: int) -> int:
    """Puts events back that the stream has lost.

    A stream that was made anew has lost all of them; one that went backwards, those past its last sequence number.
    To be called after every (re)connection, before anything new is published.

    Returns:
        how many wait again.
    """
    cursor = await conn.execute(
        "INSERT INTO outbox_streams AS known (name, created_at) VALUES (%(name)s, %(created_at)s)"
        " ON CONFLICT (name) DO UPDATE SET created_at = excluded.created_at"
        " WHERE known.created_at <> excluded.created_at",
        {"name": stream, "created_at": created_at},
    )
    made_anew = cursor.rowcount == 1
    cursor = await conn.execute(
        "UPDATE outbox SET published_at = NULL, stream_seq = NULL WHERE stream_seq > %(kept)s",
        {"kept": 0 if made_anew else last_seq},
    )
    return cursor.rowcount


async def sweep(conn: Connection) -> None:
    """Deletes what has been kept long enough."""
    await conn.execute(
        "DELETE FROM outbox WHERE published_at < now() - %(keep)s::interval",
        {"keep": KEEP_PUBLISHED},
    )
    await conn.execute(
        "DELETE FROM inbox WHERE seen_at < now() - %(keep)s::interval",
        {"keep": KEEP_SEEN},
    )
    await conn.execute(
        "DELETE FROM requests WHERE created_at < now() - %(keep)s::interval",
        {"keep": KEEP_REQUESTS},
    )


async def seen(conn: Connection, consumer: str, event_id: UUID) -> bool:
    """Whether the consumer has had this event before; notes it otherwise, with the transaction's other effects."""
    cursor = await conn.execute(
        "INSERT INTO inbox (consumer, event_id) VALUES (%(consumer)s, %(event_id)s) ON CONFLICT DO NOTHING",
        {"consumer": consumer, "event_id": event_id},
    )
    return cursor.rowcount == 0


def body_hash(request: Message) -> bytes:
    """SHA-256 of a request in its deterministic encoding."""
    return hashlib.sha256(request.SerializeToString(deterministic=True)).digest()


async def remembered(conn: Connection, caller: str, request_id: str, request: Message, answer: type[M]) -> M | None:
    """The answer that this request got before; None when it is new.

    Takes a lock until the end of the transaction, so that two that come at once do not both go on.

    Raises:
        RequestMismatch: the id was used with another body.
    """
    key = {"caller": caller, "request_id": request_id}
    await conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(%(caller)s || %(request_id)s::text, 0))",
        key,
    )
    cursor = await conn.execute(
        "SELECT body_hash, response FROM requests WHERE caller = %(caller)s AND request_id = %(request_id)s",
        key,
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    if row[0] != body_hash(request):
        raise RequestMismatch()
    return answer.FromString(row[1])


async def remember(conn: Connection, caller: str, request_id: str, request: Message, response: Message) -> None:
    """Keeps the answer of a request for seven days, without its sensitive fields: who needs them at a repeat, too, puts
    them in anew."""
    await conn.execute(
        "INSERT INTO requests (caller, request_id, body_hash, response)"
        " VALUES (%(caller)s, %(request_id)s, %(body_hash)s, %(response)s)",
        {
            "caller": caller,
            "request_id": request_id,
            "body_hash": body_hash(request),
            "response": plain(response).SerializeToString(),
        },
    )


def plain(message: M) -> M:
    """The message without what is sensitive anywhere in it."""
    if not _has_sensitive(message.DESCRIPTOR):
        return message
    copy = type(message)()
    copy.CopyFrom(message)
    _clear_sensitive(copy)
    return copy


def _clear_sensitive(message: Message) -> None:
    for field, value in message.ListFields():
        if _is_sensitive(field):
            message.ClearField(field.name)
        elif field.message_type is None or not _has_sensitive(field.message_type):
            continue
        elif isinstance(value, Message):
            _clear_sensitive(value)
        else:
            for each in value.values() if field.message_type.GetOptions().map_entry else value:
                _clear_sensitive(each)


def _is_sensitive(field: FieldDescriptor) -> bool:
    return bool(field.GetOptions().Extensions[options_pb2.sensitive])


@cache
def _has_sensitive(kind: Descriptor) -> bool:
    """Whether a field of the message, or of one within it, is sensitive."""
    seen: set[str] = set()
    waiting = [kind]
    while waiting:
        found = waiting.pop()
        if found.full_name in seen:
            continue
        seen.add(found.full_name)
        for field in found.fields:
            if _is_sensitive(field):
                return True
            if field.message_type is not None:
                waiting.append(field.message_type)
    return False
