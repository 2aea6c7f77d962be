"""InboxService."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from viche.social.v1 import inbox_pb2 as pb
from viche.social.v1 import inbox_pb2_grpc

from viche_chassis import pages
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.messages import identifier
from viche_chassis.once import once
from viche_sdk.connectors.types import (
    ConnectorError,
    Operation,
    OutcomeUnknown,
    RateLimited,
    Transient,
)
from viche_social import conversing
from viche_social.calling import Calls
from viche_social.domain.errors import AccountRefused, PlatformUnreachable
from viche_social.hooks import Hooks
from viche_social.intake import Intake
from viche_social.people import People
from viche_social.posting import writer
from viche_social.replying import as_given
from viche_social.searching import Searching
from viche_social.servicer.inbox_messages import (
    Texts,
    event_message,
    item_message,
    read_kind,
    read_reason,
    read_state,
    read_tone,
    reply_message,
    thread_message,
)
from viche_social.servicer.posts import asked_authorities
from viche_social.store import channels, items, posts, replies, thread_history, threads
from viche_social.store.threads import After, Thread, Wanted

PAGE, MOST = 50, 200
Context = Any
R = TypeVar("R", pb.ClaimThreadResponse, pb.ReleaseThreadResponse, pb.AddThreadNoteResponse, pb.SettleReplyResponse,
            pb.RetryReplyResponse, pb.HideItemResponse, pb.CloseThreadResponse, pb.ReopenThreadResponse,
            pb.LabelThreadResponse, pb.AnswerThreadResponse, pb.NoteDraftFromThreadResponse,
            pb.AssignThreadResponse)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Within:
    """What the inbox works with.

    Args:
        pool: of the database.
        calls: of connectors.
        people: seals and opens what people wrote.
        searching: finds words.
        intake: takes in what platforms send.
        hooks: makes and reads the addresses to which platforms send.
        hurry: called when an answer is to be sent.
    """

    pool: Pool
    calls: Calls
    people: People
    searching: Searching
    intake: Intake
    hooks: Hooks
    hurry: Callable[[], None]


class ThreadsPart(inbox_pb2_grpc.InboxServiceServicer):
    """Conversations; what authorities set up around them is in `inbox_settings`."""

    def __init__(self, within: Within) -> None:
        self._within = within

    async def ListThreads(self, request: pb.ListThreadsRequest, context: Context) -> pb.ListThreadsResponse:
        size = pages.page_size(request.page_size, PAGE, MOST)
        after = pages.read_page_token(request.page_token, (int, float, UUID))
        authorities = asked_authorities(request.authority_ids)
        wanted = Wanted(
            authorities, identifier(request.channel_id), read_state(request.state), read_kind(request.kind),
            request.assignee or None, request.unassigned, request.overdue,
            await self._query(request.query, request.language),
        )  # fmt: skip
        async with reading(self._within.pool) as conn:
            found = await threads.listed(conn, wanted, After(*after) if after else None, size + 1)
            messages = await self._messages(conn, found[:size])
            waiting, overdue = await threads.waiting(conn, authorities)
        token = ""
        if len(found) > size:
            last = threads.place(found[size - 1])
            token = pages.page_token(last.rank, last.at, last.id)
        return pb.ListThreadsResponse(threads=messages, next_page_token=token, waiting=waiting, overdue=overdue)

    async def GetThread(self, request: pb.GetThreadRequest, context: Context) -> pb.GetThreadResponse:
        people, specs = self._within.people, self._within.calls.specs
        async with reading(self._within.pool) as conn:
            thread = await conversing.covered(conn, UUID(request.thread_id))
            (message,) = await self._messages(conn, [thread])
            found = await items.of_thread(conn, thread.id)
            texts = Texts(people, await items.contents(conn, [item.id for item in found]))
            sent = await replies.of_thread(conn, thread.id)
            done = await thread_history.events(conn, thread.id)
            (channel,) = await channels.by_ids(conn, [thread.channel_id])
        last = next((item for item in found if item.id == thread.last_item), None)
        able = conversing.answerable(specs.get(channel.connector), channel, last)
        return pb.GetThreadResponse(
            thread=message,
            items=[item_message(item, texts, channel, specs.get(channel.connector)) for item in found],
            replies=map(reply_message, sent),
            events=[event_message(event, people) for event in done],
            can_answer=not able.cannot_because,
            cannot_because=able.cannot_because,
            most=able.limit.most if able.limit else 0,
            most_unit=str(able.limit.unit) if able.limit else "",
        )

    async def ClaimThread(self, request: pb.ClaimThreadRequest, context: Context) -> pb.ClaimThreadResponse:
        id = UUID(request.thread_id)
        return await self._once(
            request, pb.ClaimThreadResponse, lambda conn: conversing.assign(conn, id, writer(), "claimed")
        )

    async def ReleaseThread(self, request: pb.ReleaseThreadRequest, context: Context) -> pb.ReleaseThreadResponse:
        id = UUID(request.thread_id)
        return await self._once(
            request, pb.ReleaseThreadResponse, lambda conn: conversing.assign(conn, id, None, "released")
        )

    async def NoteDraftFromThread(
        self, request: pb.NoteDraftFromThreadRequest, context: Context
    ) -> pb.NoteDraftFromThreadResponse:
        id = UUID(request.thread_id)
        return await self._once(
            request, pb.NoteDraftFromThreadResponse, lambda conn: conversing.drafted(conn, id)
        )  # fmt: skip

    async def AddThreadNote(self, request: pb.AddThreadNoteRequest, context: Context) -> pb.AddThreadNoteResponse:
        id, people = UUID(request.thread_id), self._within.people
        return await self._once(
            request, pb.AddThreadNoteResponse, lambda conn: conversing.add_note(conn, people, id, request.text)
        )

    async def AnswerThread(self, request: pb.AnswerThreadRequest, context: Context) -> pb.AnswerThreadResponse:
        id, item_id = UUID(request.thread_id), identifier(request.item_id)

        async def act(conn: Connection) -> pb.AnswerThreadResponse:
            thread, reply = await conversing.answer(conn, self._within.calls.specs, id, item_id, request.text)
            return pb.AnswerThreadResponse(thread=pb.Thread(id=str(thread.id)), reply=reply_message(reply))

        person = current_caller().person
        kept = await once(self._within.pool, person, request, pb.AnswerThreadResponse, act, self._within.hurry)
        return await self._filled(kept)

    async def SettleReply(self, request: pb.SettleReplyRequest, context: Context) -> pb.SettleReplyResponse:
        id = UUID(request.reply_id)
        return await self._once(
            request,
            pb.SettleReplyResponse,
            lambda conn: conversing.settle(conn, id, has_appeared=request.has_appeared, url=request.url),
        )

    async def RetryReply(self, request: pb.RetryReplyRequest, context: Context) -> pb.RetryReplyResponse:
        id = UUID(request.reply_id)
        return await self._once(request, pb.RetryReplyResponse, lambda conn: conversing.retry(conn, id))

    async def HideItem(self, request: pb.HideItemRequest, context: Context) -> pb.HideItemResponse:
        id = UUID(request.item_id)
        await self._hide(id, hidden=request.hidden)
        return await self._once(
            request, pb.HideItemResponse, lambda conn: conversing.hidden(conn, id, is_hidden=request.hidden)
        )

    async def CloseThread(self, request: pb.CloseThreadRequest, context: Context) -> pb.CloseThreadResponse:
        id, because = UUID(request.thread_id), read_reason(request.because)
        return await self._once(request, pb.CloseThreadResponse, lambda conn: conversing.close(conn, id, because))

    async def ReopenThread(self, request: pb.ReopenThreadRequest, context: Context) -> pb.ReopenThreadResponse:
        id = UUID(request.thread_id)
        return await self._once(request, pb.ReopenThreadResponse, lambda conn: conversing.reopen(conn, id))

    async def LabelThread(self, request: pb.LabelThreadRequest, context: Context) -> pb.LabelThreadResponse:
        id, tone = UUID(request.thread_id), read_tone(request.tone)
        return await self._once(
            request,
            pb.LabelThreadResponse,
            lambda conn: conversing.label(conn, id, request.language, request.topic, tone),
        )

    async def EraseAuthor(self, request: pb.EraseAuthorRequest, context: Context) -> pb.EraseAuthorResponse:
        id, people = UUID(request.item_id), self._within.people

        async def act(conn: Connection) -> pb.EraseAuthorResponse:
            return pb.EraseAuthorResponse(items=await conversing.erase_author(conn, people, id))

        return await once(self._within.pool, current_caller().person, request, pb.EraseAuthorResponse, act)

    async def _query(self, text: str, language: str) -> str:
        if not text.strip():
            return ""
        await self._within.searching.ready()
        return self._within.people.query(self._within.searching.forms(text, language))

    async def _hide(self, id: UUID, *, hidden: bool) -> None:
        """Asks the platform, outside of a transaction; hiding what is hidden harms nobody."""
        async with reading(self._within.pool) as conn:
            item, thread = await conversing.covered_item(conn, id)
            (channel,) = await channels.by_ids(conn, [item.channel_id])
            content = (await items.newest(conn, [id])).get(id)
        conversing.check_hidable(self._within.calls.specs.get(channel.connector), channel, item)
        assert content is not None  # it is not forgotten
        given = as_given(item, self._within.people.open(content.sealed, id, content.version), thread.platform_thread)
        try:
            await self._within.calls.call(channel, Operation.HIDE, given, hidden)
        except (Transient, RateLimited, OutcomeUnknown) as error:
            raise PlatformUnreachable(detail=error.detail) from error
        except ConnectorError as error:
            raise AccountRefused(detail=error.detail) from error

    async def _once(self, request: Any, answer: type[R], act: Callable[[Connection], Awaitable[Thread]]) -> R:
        async def whole(conn: Connection) -> R:
            return answer(thread=pb.Thread(id=str((await act(conn)).id)))

        kept = await once(self._within.pool, current_caller().person, request, answer, whole, self._within.hurry)
        return await self._filled(kept)

    async def _filled(self, kept: R) -> R:
        """An answer with its conversation. What is kept of a request names it alone: what people wrote, and who they
        are, lies sealed elsewhere, and may have to be forgotten."""
        async with reading(self._within.pool) as conn:
            thread = await threads.get(conn, UUID(kept.thread.id))
            assert thread is not None  # none is deleted
            (message,) = await self._messages(conn, [thread])
        kept.thread.CopyFrom(message)
        return kept

    async def _messages(self, conn: Connection, found: Sequence[Thread]) -> list[pb.Thread]:
        wanted = {thread.first_item for thread in found} | {thread.last_item for thread in found}
        texts = Texts(self._within.people, list((await items.newest(conn, sorted(wanted))).values()))
        known = {each.id: each for each in await channels.by_ids(conn, [thread.channel_id for thread in found])}
        numbers = await posts.numbers(conn, sorted({thread.post_id for thread in found if thread.post_id}))
        now = await threads.now(conn)
        return [thread_message(thread, known[thread.channel_id], texts, numbers, now) for thread in found]
