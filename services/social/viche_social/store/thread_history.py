"""What was done with conversations, and what officers said of them; never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_social.store.threads import Thread


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done with a conversation."""

    id: UUID
    what: str
    at: datetime
    person: bytes | None
    detail: str
    note: bytes | None


async def label(conn: Connection, thread: Thread, said: dict[str, str], person: bytes | None) -> None:
    """Keeps what an officer says, and what had been proposed."""
    await conn.execute(
        "UPDATE threads SET language = %(language)s, topic = %(topic)s, tone = %(tone)s, proposed = '{}'"
        " WHERE id = %(id)s",
        {**said, "id": thread.id},
    )
    for kind, value in said.items():
        proposed = getattr(thread, kind) if kind in thread.proposed else ""
        await conn.execute(
            "INSERT INTO labels (id, thread_id, kind, proposed, said, person)"
            " VALUES (%(id)s, %(thread)s, %(kind)s, %(proposed)s, %(said)s, %(person)s)",
            {
                "id": new_id(), "thread": thread.id, "kind": kind, "proposed": proposed, "said": value,
                "person": person,
            },
        )  # fmt: skip


async def note(
    conn: Connection,
    thread_ids: Sequence[UUID],
    what: str,
    person: bytes | None = None,
    detail: str = "",
    sealed: tuple[UUID, bytes] | None = None,
) -> None:
    """Writes down what was done.

    Args:
        conn: in the transaction in which it is done.
        thread_ids: with which conversations.
        what: one word.
        person: who; None is the platform's people, or the service.
        detail: what is to be said of it; nothing personal.
        sealed: the event's id and the note that is sealed for it, where there is one (then of one conversation).
    """
    await conn.execute(
        "INSERT INTO thread_events (id, thread_id, what, person, detail, note)"
        " SELECT n.id, n.thread_id, %(what)s, %(person)s, %(detail)s, %(note)s"
        " FROM unnest(%(ids)s::uuid[], %(threads)s::uuid[]) AS n (id, thread_id)",
        {
            "ids": [sealed[0]] if sealed else [new_id() for _ in thread_ids],
            "threads": list(thread_ids),
            "what": what,
            "person": person,
            "detail": detail,
            "note": sealed[1] if sealed else None,
        },
    )


async def events(conn: Connection, id: UUID) -> list[Event]:
    """What was done with a conversation, the oldest first."""
    cursor = conn.cursor(row_factory=class_row(Event))
    await cursor.execute(
        "SELECT id, what, at, person, detail, note FROM thread_events WHERE thread_id = %(id)s ORDER BY at, id",
        {"id": id},
    )
    return await cursor.fetchall()
