"""Conversations: what belongs together, and who waits since when. Pure.

Messages with one person are one conversation. A comment or a mention begins one of its own, to which whatever answers
it belongs: so everybody under a busy post gets an answer, and an answered thread is answered.

A conversation waits from the first thing that people write until the account answers, wherever it does so. Each such
wait is a question; response times are made of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from viche_sdk.connectors.types import Capability, InboxItem, InboxKind

USUAL_TARGET = timedelta(hours=24)
LEAST_TARGET, MOST_TARGET = timedelta(hours=1), timedelta(days=60)
LOOKS_BACK = timedelta(days=7)
"""What was written so long before the account was connected waits for nobody."""
MOST_CHARACTERS = 20_000
"""More of a text is not kept."""


READS = (Capability.INBOX_COMMENTS, Capability.INBOX_MENTIONS, Capability.INBOX_MESSAGES)
"""A channel with one of these can be read."""


class ThreadState(StrEnum):
    """Where a conversation is; the names are those of the contract."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


class ClosedBecause(StrEnum):
    """Why it needs no answer; the names are those of the contract."""

    ANSWERED_ELSEWHERE = "answered_elsewhere"
    NO_QUESTION = "no_question"
    SPAM = "spam"
    LEFT = "left"
    # by whoever wrote it
    DELETED = "deleted"
    # long before the account was connected
    BEFORE = "before"


CHOSEN = frozenset(
    {ClosedBecause.ANSWERED_ELSEWHERE, ClosedBecause.NO_QUESTION, ClosedBecause.SPAM, ClosedBecause.LEFT}
)
"""What officers may say."""
NOT_ASKED = (ClosedBecause.NO_QUESTION, ClosedBecause.SPAM, ClosedBecause.DELETED)
"""What so ended was no question."""


class Tone(StrEnum):
    """How something was said."""

    FRIENDLY = "friendly"
    NEUTRAL = "neutral"
    ANGRY = "angry"


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An item that is there; `digest` compares what it says."""

    id: UUID
    thread_id: UUID
    digest: bytes
    is_own: bool
    is_deleted: bool = False
    is_erased: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is there of what a page may belong to.

    Args:
        items: by the platform's id.
        replies: threads of own answers, by their ref.
        messages: threads of messages, by what the platform groups by.
    """

    items: Mapping[str, KnownItem] = field(default_factory=dict[str, KnownItem])
    replies: Mapping[str, UUID] = field(default_factory=dict[str, UUID])
    messages: Mapping[str, UUID] = field(default_factory=dict[str, UUID])


@dataclass(frozen=True, slots=True)
class Came:
    """A new item of a thread, which it may begin."""

    id: UUID
    item: InboxItem
    thread_id: UUID
    begins: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """An item says something else."""

    known: KnownItem
    item: InboxItem


@dataclass(frozen=True, slots=True)
class Deleted:
    """An item was taken away on the platform."""

    known: KnownItem


Change = Came | Edited | Deleted


def arrange(
    items: Sequence[InboxItem], known: Known, digest: Callable[[InboxItem], bytes], new_id: Callable[[], UUID]
) -> list[Change]:
    """What a page changes. What came before changes nothing, so a page may come any number of times.

    Own items begin no conversation, and what is gone before it was ever seen is nothing.

    Args:
        items: in their order; of two with one id the later one holds.
        known: what is there.
        digest: of what an item says.
        new_id: makes ids.
    """
    seen, messages = dict(known.items), dict(known.messages)
    changes: list[Change] = []
    for item in _last_of_each(items):
        there = seen.get(item.id)
        if there is not None:
            changes += _change(there, item, digest)
            continue
        if item.is_deleted:
            continue
        thread_id = _thread_of(item, seen, known.replies, messages)
        if thread_id is None and item.is_own:
            continue
        came = Came(new_id(), item, thread_id or new_id(), begins=thread_id is None)
        seen[item.id] = KnownItem(came.id, came.thread_id, b"", item.is_own)
        if item.kind is InboxKind.MESSAGE:
            messages[item.thread] = came.thread_id
        changes.append(came)
    return changes


def _last_of_each(items: Sequence[InboxItem]) -> list[InboxItem]:
    last = {item.id: item for item in items}
    return sorted(last.values(), key=lambda item: item.written_at)


def _change(there: KnownItem, item: InboxItem, digest: Callable[[InboxItem], bytes]) -> list[Change]:
    if there.is_erased or there.is_deleted:
        return []
    if item.is_deleted:
        return [Deleted(there)]
    return [Edited(there, item)] if digest(item) != there.digest else []


def _thread_of(
    item: InboxItem, seen: Mapping[str, KnownItem], replies: Mapping[str, UUID], messages: Mapping[str, UUID]
) -> UUID | None:
    if item.kind is InboxKind.MESSAGE:
        return messages.get(item.thread)
    if item.answers in seen:
        return seen[item.answers].thread_id
    return replies.get(item.answers)


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody wrote: people, or the account."""

    at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """People waited from one instant to another, or still do."""

    asked_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation is.

    Args:
        waiting_since: what is not answered yet was first written then; None where it does not wait.
        ended_at: when an answer ended the wait that it came with; None where none did.
        waits: those that began since.
    """

    state: ThreadState
    waiting_since: datetime | None = None
    closed_because: ClosedBecause | None = None
    ended_at: datetime | None = None
    waits: tuple[Wait, ...] = ()


def follow(standing: Standing, said: Sequence[Said], connected_at: datetime, now: datetime) -> Standing:
    """Where a conversation is after what was said.

    What people wrote before the account was connected may have been answered where nobody here could see it: it makes
    no question, and waits for an answer only for LOOKS_BACK.

    Args:
        standing: where it was, as it is kept.
        said: since then.
        connected_at: of the account.
        now: clocks of platforms do not lead beyond it.
    """
    for each in sorted(said, key=lambda each: each.at):
        at = min(each.at, now)
        standing = _answered(standing, at) if each.is_own else _asked(standing, at, connected_at)
    return standing


def _asked(standing: Standing, at: datetime, connected_at: datetime) -> Standing:
    if standing.state is ThreadState.WAITING:
        return standing
    if at < connected_at - LOOKS_BACK:
        if standing.state is ThreadState.CLOSED:
            return standing
        return replace(standing, state=ThreadState.CLOSED, closed_because=ClosedBecause.BEFORE)
    waits = (*standing.waits, Wait(at)) if at >= connected_at else standing.waits
    return replace(standing, state=ThreadState.WAITING, waiting_since=at, closed_because=None, waits=waits)


def _answered(standing: Standing, at: datetime) -> Standing:
    """An answer ends a wait that began before it."""
    if standing.state is not ThreadState.WAITING or standing.waiting_since is None or at < standing.waiting_since:
        return standing
    waits = standing.waits
    ended_at = standing.ended_at
    if waits and waits[-1].answered_at is None:
        waits = (*waits[:-1], Wait(waits[-1].asked_at, at))
    else:
        ended_at = at
    return replace(standing, state=ThreadState.ANSWERED, waiting_since=None, waits=waits, ended_at=ended_at)


NEW = Standing(ThreadState.ANSWERED)
"""A conversation in which nobody has written yet."""


def due_at(waiting_since: datetime, connected_at: datetime, target: timedelta) -> datetime:
    """When an answer is due: nobody could answer from here before the account was connected."""
    return max(waiting_since, connected_at) + target
