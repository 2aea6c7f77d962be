"""Conversations as messages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from viche.social.v1 import inbox_pb2 as pb

from viche_chassis.messages import timestamp
from viche_sdk.connectors.types import ConnectorSpec, InboxKind
from viche_social.conversing import can_hide
from viche_social.domain.deliveries import DeliveryState
from viche_social.domain.inbox import ClosedBecause, ThreadState, Tone
from viche_social.people import People, Written
from viche_social.store.canned import CannedReply
from viche_social.store.channels import Channel
from viche_social.store.items import Content, Item
from viche_social.store.replies import Reply
from viche_social.store.thread_history import Event
from viche_social.store.threads import Thread

KINDS = {str(kind): pb.InboxKind.Value(f"INBOX_KIND_{kind.name}") for kind in InboxKind}
STATES = {str(state): pb.ThreadState.Value(f"THREAD_STATE_{state.name}") for state in ThreadState}
REASONS = {str(each): pb.ClosedBecause.Value(f"CLOSED_BECAUSE_{each.name}") for each in ClosedBecause}
TONES = {str(tone): pb.Tone.Value(f"TONE_{tone.name}") for tone in Tone}
REPLY_STATES = {
    str(DeliveryState[name.removeprefix("REPLY_STATE_")]): number
    for name, number in pb.ReplyState.items() if number
}  # fmt: skip
_KIND_OF: dict[int, str] = {number: name for name, number in KINDS.items()}
_STATE_OF: dict[int, str] = {number: name for name, number in STATES.items()}
_REASON_OF: dict[int, ClosedBecause] = {number: ClosedBecause(name) for name, number in REASONS.items()}
_TONE_OF: dict[int, str] = {number: name for name, number in TONES.items()}

EXCERPT = 200


def read_kind(number: int) -> str:
    """How somebody wrote; empty for any."""
    return _KIND_OF.get(number, "")


def read_state(number: int) -> str:
    """Where a conversation is; empty for any."""
    return _STATE_OF.get(number, "")


def read_reason(number: int) -> ClosedBecause | None:
    """Why one needs no answer; None where it is not said."""
    return _REASON_OF.get(number)


def read_tone(number: int) -> str:
    """How something was said; empty where nobody can say."""
    return _TONE_OF.get(number, "")


class Texts:
    """What items say, opened.

    Args:
        people: opens it.
        contents: of items, the oldest version of each first.
    """

    def __init__(self, people: People, contents: Sequence[Content]) -> None:
        self._versions: dict[UUID, list[tuple[Written, datetime]]] = {}
        for each in contents:
            opened = people.open(each.sealed, each.item_id, each.version)
            self._versions.setdefault(each.item_id, []).append((opened, each.seen_at))

    def newest(self, id: UUID) -> Written | None:
        """What an item says now; None where it was forgotten."""
        found = self._versions.get(id)
        return found[-1][0] if found else None

    def before(self, id: UUID) -> list[tuple[Written, datetime]]:
        """What it said before, and since when."""
        return self._versions.get(id, [])[:-1]


def thread_message(
    thread: Thread, channel: Channel, texts: Texts, numbers: Mapping[UUID, int], now: datetime
) -> pb.Thread:
    """One conversation."""
    last = texts.newest(thread.last_item)
    return pb.Thread(
        id=str(thread.id), number=thread.number, authority_id=str(thread.authority_id),
        channel_id=str(thread.channel_id), platform=channel.platform, handle=channel.handle, kind=KINDS[thread.kind],  # pyright: ignore[reportArgumentType]
        state=STATES[thread.state], closed_because=REASONS.get(thread.closed_because, 0),  # pyright: ignore[reportArgumentType]
        author=author_message(texts.newest(thread.first_item)), excerpt=_excerpt(last.text if last else ""),
        items=thread.items, last_at=timestamp(thread.last_at), waiting_since=timestamp(thread.waiting_since),
        due_at=timestamp(thread.due_at), is_overdue=thread.due_at is not None and thread.due_at < now,
        assignee=thread.assignee or b"", language=thread.language, topic=thread.topic, tone=TONES.get(thread.tone, 0),  # pyright: ignore[reportArgumentType]
        proposed=thread.proposed, post_id=str(thread.post_id or ""),
        post_number=numbers.get(thread.post_id, 0) if thread.post_id else 0,
    )  # fmt: skip


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else words[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def author_message(written: Written | None) -> pb.InboxAuthor:
    """Who wrote; empty where that was forgotten."""
    if written is None:
        return pb.InboxAuthor()
    author = written.author
    return pb.InboxAuthor(name=author.name or author.handle, handle=author.handle, url=author.url)


def item_message(item: Item, texts: Texts, channel: Channel, spec: ConnectorSpec | None) -> pb.InboxItem:
    """One thing that was written."""
    written = texts.newest(item.id)
    return pb.InboxItem(
        id=str(item.id), kind=KINDS[item.kind], author=author_message(written),  # pyright: ignore[reportArgumentType]
        text=written.text if written else "", url=written.url if written else "", written_at=timestamp(item.written_at),
        is_own=item.is_own, is_hidden=item.is_hidden, deleted_at=timestamp(item.deleted_at),
        erased_at=timestamp(item.erased_at), can_hide=can_hide(spec, channel, item),
        versions=[pb.ItemVersion(text=old.text, seen_at=timestamp(at)) for old, at in texts.before(item.id)],
    )  # fmt: skip


def reply_message(reply: Reply) -> pb.Reply:
    """One answer."""
    return pb.Reply(
        id=str(reply.id), item_id=str(reply.item_id), text=reply.body, state=REPLY_STATES[reply.state],  # pyright: ignore[reportArgumentType]
        url=reply.url, error=reply.error, detail=reply.detail, written_by=reply.written_by or b"",
        written_at=timestamp(reply.created_at), published_at=timestamp(reply.published_at),
    )  # fmt: skip


def event_message(event: Event, people: People) -> pb.ThreadEvent:
    """Something that was done."""
    note = people.open_note(event.note, event.id) if event.note else event.detail
    return pb.ThreadEvent(what=event.what, at=timestamp(event.at), person=event.person or b"", note=note)


def canned_message(reply: CannedReply) -> pb.CannedReply:
    """An answer that is kept ready."""
    return pb.CannedReply(
        id=str(reply.id), authority_id=str(reply.authority_id), language=reply.language, title=reply.title,
        text=reply.body, changed_at=timestamp(reply.changed_at),
    )  # fmt: skip
