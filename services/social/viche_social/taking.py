"""What a platform gave is taken in, within one transaction: items are kept, conversations made and moved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_chassis.db import Connection
from viche_chassis.ids import new_id
from viche_sdk.connectors.types import InboxItem
from viche_social.domain.deliveries import DeliveryState
from viche_social.domain.inbox import (
    NEW,
    USUAL_TARGET,
    Came,
    ClosedBecause,
    Deleted,
    Edited,
    Said,
    Standing,
    ThreadState,
    arrange,
    due_at,
    follow,
)
from viche_social.learned import Learned, Proposal
from viche_social.people import People
from viche_social.searching import Searching
from viche_social.store import inboxes, items, questions, replies, thread_history, threads
from viche_social.store.channels import Channel
from viche_social.store.items import NewItem, NewVersion
from viche_social.store.questions import NewQuestion
from viche_social.store.threads import Moved, NewThread, Thread


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes items in.

    Args:
        people: seals what they wrote.
        searching: finds their words.
        learned: what can be said of them.
    """

    people: People
    searching: Searching
    learned: Learned

    async def ready(self) -> None:
        """Opens what taking in needs; to be awaited outside of transactions before."""
        await self.searching.ready()
        await self.learned.words.ready()

    async def take(self, conn: Connection, channel: Channel, given: Sequence[InboxItem]) -> int:
        """Takes items in; those that came before change nothing.

        Args:
            conn: in a transaction that holds the channel's inbox.
            channel: whose they are.
            given: what the platform gave.

        Returns:
            how many were new.
        """
        known = await items.known(conn, channel.id, self._ids(channel.id, given), _refs(given), _groups(given))
        changes = arrange(given, known, lambda item: self.people.digest(channel.id, item), new_id)
        came = [each for each in changes if isinstance(each, Came)]
        now = await threads.now(conn)
        knowing = await self.learned.of(conn, channel.authority_id)
        proposed = {
            each.id: knowing.propose(each.item.text, each.item.language) for each in came if not each.item.is_own
        }
        await threads.insert(
            conn, channel.id, channel.authority_id,
            [_new_thread(each, proposed[each.id]) for each in came if each.begins], now,
        )  # fmt: skip
        await items.insert(conn, channel.id, [self._new_item(channel.id, each, proposed) for each in came])
        await self._edit(conn, channel, [each for each in changes if isinstance(each, Edited)])
        await self._delete(conn, [each for each in changes if isinstance(each, Deleted)])
        await self._follow(conn, channel, came, now)
        return len(came)

    def _ids(self, channel_id: UUID, given: Sequence[InboxItem]) -> dict[str, str]:
        named = {each.id for each in given} | {each.answers for each in given if each.answers}
        return {**{id: id for id in named}, **{self.people.erased_id(channel_id, id): id for id in named}}

    def _new_item(self, channel_id: UUID, came: Came, proposed: dict[UUID, Proposal]) -> NewItem:
        item = came.item
        language = item.language or (proposed[came.id].language if came.id in proposed else "")
        return NewItem(
            id=came.id, thread_id=came.thread_id, platform_id=item.id, kind=item.kind, on_ref=item.on,
            answers=item.answers, author_key=self.people.author_key(channel_id, item.author.id),
            digest=self.people.digest(channel_id, item), searchable=self._searchable(item.text, language),
            is_own=item.is_own, written_at=item.written_at, sealed=self.people.close(item, came.id, 1),
        )  # fmt: skip

    def _searchable(self, text: str, language: str) -> str:
        return self.people.searchable(form for forms in self.searching.forms(text, language) for form in forms)

    async def _edit(self, conn: Connection, channel: Channel, edited: Sequence[Edited]) -> None:
        if not edited:
            return
        versions = await items.versions(conn, [each.known.id for each in edited])
        new = [
            NewVersion(
                each.known.id,
                self.people.digest(channel.id, each.item),
                self._searchable(each.item.text, each.item.language),
                self.people.close(each.item, each.known.id, versions[each.known.id] + 1),
            )
            for each in edited
        ]
        await items.edit(conn, new)
        await thread_history.note(conn, sorted({each.known.thread_id for each in edited}), "edited")

    async def _delete(self, conn: Connection, deleted: Sequence[Deleted]) -> None:
        """Who has taken everything away that waits for an answer does not wait any more."""
        if not deleted:
            return
        await items.delete(conn, [each.known.id for each in deleted])
        touched = sorted({each.known.thread_id for each in deleted if not each.known.is_own})
        await thread_history.note(conn, touched, "deleted")
        gone = await threads.nothing_waits(conn, touched)
        await threads.close(conn, gone, ClosedBecause.DELETED)
        await questions.leave(conn, gone, ClosedBecause.DELETED)

    async def _follow(self, conn: Connection, channel: Channel, came: Sequence[Came], now: datetime) -> None:
        if not came:
            return
        by_thread: dict[UUID, list[Came]] = defaultdict(list)
        for each in came:
            by_thread[each.thread_id].append(each)
        begun = {each.thread_id for each in came if each.begins}
        target = await inboxes.target(conn, channel.authority_id) or USUAL_TARGET
        moved: list[Moved] = []
        asked: list[NewQuestion] = []
        answered: list[tuple[UUID, datetime]] = []
        for thread in await threads.hold_all(conn, sorted(by_thread)):
            mine = by_thread[thread.id]
            before = NEW if thread.id in begun else standing(thread)
            said = [Said(each.item.written_at, each.item.is_own) for each in mine]
            after = follow(before, said, channel.connected_at, now)
            due = due_at(after.waiting_since, channel.connected_at, target) if after.waiting_since else None
            moved.append(_moved(thread, after, due, mine, now))
            asked += [NewQuestion(thread.id, wait.asked_at, wait.answered_at) for wait in after.waits]
            if after.ended_at is not None:
                answered.append((thread.id, after.ended_at))
        await questions.answer(conn, answered)
        await questions.insert(conn, channel.authority_id, asked)
        await threads.move(conn, moved)
        await thread_history.note(conn, [each.id for each in moved], "came")
        await self._find_echoes(conn, channel, [each for each in came if each.item.is_own])

    async def _find_echoes(self, conn: Connection, channel: Channel, own: Sequence[Came]) -> None:
        """An answer of which nobody could say whether it appeared has, where it comes back with the same words."""
        if not own:
            return
        for reply in await replies.in_doubt(conn, [each.thread_id for each in own]):
            for each in own:
                if each.thread_id == reply.thread_id and each.item.text.strip() == reply.body.strip():
                    await replies.settle(conn, reply.id, DeliveryState.PUBLISHED, each.item.url, each.item.id)
                    break


def standing(thread: Thread) -> Standing:
    """Where a conversation is."""
    because = ClosedBecause(thread.closed_because) if thread.closed_because else None
    return Standing(ThreadState(thread.state), thread.waiting_since, because)


def _moved(thread: Thread, after: Standing, due: datetime | None, came: Sequence[Came], now: datetime) -> Moved:
    of_people = [each for each in came if not each.item.is_own]
    return Moved(
        id=thread.id, state=after.state, closed_because=after.closed_because or "", waiting_since=after.waiting_since,
        due_at=due, added=len(came), last_at=min(now, max(each.item.written_at for each in came)),
        last_item=of_people[-1].id if of_people else None,
    )  # fmt: skip


def _new_thread(came: Came, proposed: Proposal) -> NewThread:
    item = came.item
    return NewThread(
        came.thread_id, item.kind, item.thread, item.on, came.id, proposed.language, proposed.topic, proposed.tone
    )


def _refs(given: Sequence[InboxItem]) -> list[str]:
    return [each.answers for each in given if each.answers]


def _groups(given: Sequence[InboxItem]) -> list[str]:
    return sorted({each.thread for each in given})
