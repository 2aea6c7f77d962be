"""What officers do with conversations, each in a transaction. Whoever calls has committed nothing before."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from viche_chassis import acts
from viche_chassis.db import Connection
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_sdk.connectors.types import Capability, ConnectorSpec, TextLimit, length_of
from viche_social import own_limits
from viche_social.domain.deliveries import DeliveryState
from viche_social.domain.errors import (
    CannotAnswer,
    CannotHide,
    ItemNotFound,
    ReplyIsCertain,
    ReplyNotFound,
    ReplyNotRefused,
    ThreadNotFound,
)
from viche_social.domain.inbox import CHOSEN, USUAL_TARGET, ClosedBecause, ThreadState
from viche_social.people import People
from viche_social.posting import writer
from viche_social.register import check_covered
from viche_social.replying import answered
from viche_social.store import channels, items, learning, questions, replies, thread_history, threads
from viche_social.store.channels import Channel
from viche_social.store.items import Item
from viche_social.store.replies import Reply
from viche_social.store.threads import Thread


@dataclass(frozen=True, slots=True)
class Answerable:
    """Whether something can be answered from here, and how long an answer may be."""

    cannot_because: str = ""
    limit: TextLimit | None = None


def answerable(spec: ConnectorSpec | None, channel: Channel, item: Item | None) -> Answerable:
    """Whether an item can be answered, and why not."""
    if channel.state == "disconnected" or spec is None:
        return Answerable("DISCONNECTED")
    if not spec.can(Capability.REPLY) or Capability.REPLY not in channel.granted:
        return Answerable("ABSENT")
    if item is None or item.erased_at is not None:
        return Answerable("FORGOTTEN")
    if item.deleted_at is not None:
        return Answerable("DELETED")
    return Answerable(limit=own_limits.of(channel.limits, spec).text)


async def covered(conn: Connection, id: UUID) -> Thread:
    """One conversation of the caller's authorities.

    Raises:
        ThreadNotFound, NotYourAuthority: there is none, or it is another's.
    """
    found = await threads.get(conn, id)
    if found is None:
        raise ThreadNotFound()
    check_covered(found.authority_id)
    acts.about(object=f"thread:{id}", authority_id=found.authority_id)
    return found


async def held(conn: Connection, id: UUID) -> Thread:
    """The same, which nobody else changes until the transaction ends."""
    await threads.hold_all(conn, [id])
    return await covered(conn, id)


async def covered_item(conn: Connection, id: UUID) -> tuple[Item, Thread]:
    """Something that was written to the caller's authorities.

    Raises:
        ItemNotFound, NotYourAuthority: there is nothing of that id, or it is another's.
    """
    found = (await items.by_ids(conn, [id])).get(id)
    if found is None:
        raise ItemNotFound()
    return found, await covered(conn, found.thread_id)


async def assign(conn: Connection, id: UUID, person: bytes | None, what: str) -> Thread:
    """Says who is on a conversation: whoever asks, a colleague, or nobody.

    Args:
        conn: in a transaction.
        id: of the conversation.
        person: who; None for nobody.
        what: "claimed", "assigned" or "released".
    """
    thread = await held(conn, id)
    if thread.assignee != person:
        await threads.assign(conn, id, person)
        await thread_history.note(conn, [id], what, writer())
    return await covered(conn, id)


async def drafted(conn: Connection, id: UUID) -> Thread:
    """Notes that a petition is being written from a conversation."""
    thread = await held(conn, id)
    await thread_history.note(conn, [id], "drafted", writer())
    return thread


async def add_note(conn: Connection, people: People, id: UUID, text: str) -> Thread:
    """Writes something down for the officers of the authority.

    Raises:
        InvalidFields: there is nothing to write down.
    """
    thread = await held(conn, id)
    if not text.strip():
        raise InvalidFields(invalid("text", "REQUIRED"))
    event_id = new_id()
    await thread_history.note(
        conn, [id], "noted", writer(), sealed=(event_id, people.close_note(text.strip(), event_id))
    )
    return thread


async def answer(
    conn: Connection, specs: Mapping[str, ConnectorSpec], id: UUID, item_id: UUID | None, text: str
) -> tuple[Thread, Reply]:
    """Answers what somebody wrote; it goes out after the commit.

    Raises:
        ThreadNotFound, ItemNotFound, NotYourAuthority, CannotAnswer, InvalidFields: nothing is sent.
    """
    thread = await held(conn, id)
    wanted = item_id or thread.last_item
    item = (await items.by_ids(conn, [wanted])).get(wanted)
    if item is None or item.thread_id != id or item.is_own:
        raise ItemNotFound()
    channel = await channels.get(conn, thread.channel_id)
    assert channel is not None  # a foreign key
    able = answerable(specs.get(channel.connector), channel, item)
    if able.cannot_because:
        raise CannotAnswer(why=able.cannot_because)
    reply_id, body = new_id(), checked(text, able.limit)
    await replies.insert(conn, reply_id, id, item.id, (channel.id, channel.connector), body, writer())
    await thread_history.note(conn, [id], "answered", writer())
    return thread, await _must_get(conn, reply_id)


def checked(text: str, limit: TextLimit | None) -> str:
    """An answer without spaces around it.

    Raises:
        InvalidFields: there is none, or it is longer than the platform takes.
    """
    body = text.strip()
    if not body:
        raise InvalidFields(invalid("text", "REQUIRED"))
    if limit is not None and (length := length_of(body, limit)) > limit.most:
        raise InvalidFields(invalid("text", "TOO_LONG", most=limit.most, length=length))
    return body


async def settle(conn: Connection, reply_id: UUID, *, has_appeared: bool, url: str) -> Thread:
    """Writes down what a person has found: the answer is there, or it is not and goes out once more.

    Raises:
        ReplyNotFound, NotYourAuthority, ReplyIsCertain: it stays as it is.
    """
    reply, thread = await _held_reply(conn, reply_id)
    if reply.state != DeliveryState.UNKNOWN:
        raise ReplyIsCertain()
    if has_appeared:
        await replies.settle(conn, reply_id, DeliveryState.PUBLISHED, url)
        await answered(conn, reply)
    else:
        await replies.settle(conn, reply_id, DeliveryState.WAITING)
    await thread_history.note(conn, [thread.id], "settled", writer())
    return await covered(conn, thread.id)


async def retry(conn: Connection, reply_id: UUID) -> Thread:
    """Sends once more what was refused.

    Raises:
        ReplyNotFound, NotYourAuthority, ReplyNotRefused: it stays as it is.
    """
    reply, thread = await _held_reply(conn, reply_id)
    if reply.state != DeliveryState.REFUSED:
        raise ReplyNotRefused()
    await replies.settle(conn, reply_id, DeliveryState.WAITING)
    await thread_history.note(conn, [thread.id], "retried", writer())
    return thread


def check_hidable(spec: ConnectorSpec | None, channel: Channel, item: Item) -> None:
    """Looks whether an item can be hidden from others, or shown again.

    Raises:
        CannotHide: it cannot.
    """
    if not can_hide(spec, channel, item):
        raise CannotHide()


def can_hide(spec: ConnectorSpec | None, channel: Channel, item: Item) -> bool:
    """Whether an item can be hidden from others, or shown again."""
    is_there = item.deleted_at is None and item.erased_at is None and channel.state != "disconnected"
    may = spec is not None and spec.can(Capability.HIDE) and Capability.HIDE in channel.granted
    return is_there and may and not item.is_own and item.kind != "message"


async def hidden(conn: Connection, item_id: UUID, *, is_hidden: bool) -> Thread:
    """Writes down that the platform hides an item, or shows it again."""
    _, thread = await covered_item(conn, item_id)
    await items.set_hidden(conn, item_id, is_hidden=is_hidden)
    await thread_history.note(conn, [thread.id], "hidden" if is_hidden else "shown", writer())
    return thread


async def close(conn: Connection, id: UUID, because: ClosedBecause | None) -> Thread:
    """Ends a conversation without an answer.

    Raises:
        ThreadNotFound, NotYourAuthority: there is none, or it is another's.
        InvalidFields: no reason is given.
    """
    thread = await held(conn, id)
    if because is None or because not in CHOSEN:
        raise InvalidFields(invalid("because", "REQUIRED"))
    if because is ClosedBecause.ANSWERED_ELSEWHERE:
        await questions.answer(conn, [(id, await threads.now(conn))])
    else:
        await questions.leave(conn, [thread.id], because)
    await threads.close(conn, [id], because)
    await thread_history.note(conn, [id], "closed", writer(), detail=because)
    return await covered(conn, id)


async def reopen(conn: Connection, id: UUID) -> Thread:
    """A conversation waits for an answer again: since it was left, or from now on where it was answered.

    Only people ask: a wait that an officer begins is none of those that response times are made of.

    Raises:
        ThreadNotFound, NotYourAuthority: there is none, or it is another's.
    """
    thread = await held(conn, id)
    if thread.state != ThreadState.WAITING:
        since = await questions.resume(conn, id)
        await threads.wait(conn, id, since or await threads.now(conn), USUAL_TARGET)
        await thread_history.note(conn, [id], "reopened", writer())
    return await covered(conn, id)


async def label(conn: Connection, id: UUID, language: str, topic: str, tone: str) -> Thread:
    """Keeps what an officer says of a conversation."""
    thread = await held(conn, id)
    await learning.notice(conn, thread.authority_id)
    await thread_history.label(conn, thread, {"language": language, "topic": topic, "tone": tone}, writer())
    await thread_history.note(conn, [id], "labelled", writer())
    return await covered(conn, id)


async def erase_author(conn: Connection, people: People, item_id: UUID) -> int:
    """Forgets what the author of an item wrote to its channel, and who it was.

    Raises:
        ItemNotFound, NotYourAuthority: there is nothing of that id, or it is another's.

    Returns:
        how many things were forgotten.
    """
    item, thread = await covered_item(conn, item_id)
    if item.is_own or item.author_key is None:
        return 0
    found = await items.of_author(conn, item.channel_id, item.author_key)
    await items.erase(conn, {each.id: people.erased_id(each.channel_id, each.platform_id) for each in found})
    await thread_history.note(conn, sorted({each.thread_id for each in found}), "erased", writer())
    acts.about(object=f"thread:{thread.id}", authority_id=thread.authority_id)
    return len(found)


async def _held_reply(conn: Connection, id: UUID) -> tuple[Reply, Thread]:
    reply = await replies.get(conn, id)
    if reply is None:
        raise ReplyNotFound()
    thread = await held(conn, reply.thread_id)
    return await _must_get(conn, id), thread


async def _must_get(conn: Connection, id: UUID) -> Reply:
    found = await replies.get(conn, id)
    if found is None:
        raise ReplyNotFound()
    return found
