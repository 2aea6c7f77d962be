"""A conversation's whole life: over PostgreSQL, through the real connector, to a server that speaks Mastodon's API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from viche.social.v1 import inbox_pb2 as pb
from viche.social.v1 import inbox_pb2_grpc

from tests.integration.social.world import CITY, PRESS, VILLAGE, World, person, request_id
from viche_chassis.errors import DomainError
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.testing import Failure
from viche_sdk.connectors.types import InboxKind

QUESTION = "Коли відкриють міст на Зеленій?"
ANSWER = "Добрий день! Міст відкриємо в п'ятницю, 12 грудня."


class Clock(KitClock):
    """The fake keeps the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def fake() -> Iterator[MastodonFake]:
    made = MastodonFake(MASTODON, Clock(), None)
    yield made
    made.close()


@pytest.fixture
async def channel(world: World, fake: MastodonFake) -> str:
    return await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])


def inbox(world: World, caller: Any = PRESS) -> Any:
    return world.stub(inbox_pb2_grpc.InboxServiceStub, caller)


async def read(world: World) -> None:
    """All that is due is read."""
    await world.rows("UPDATE inboxes SET next_at = now()")
    await world.social.inbox.intake.look()
    await world.social.inbox.intake.finish()


async def send(world: World) -> None:
    """All that is due is answered."""
    await world.rows("UPDATE replies SET next_at = now() WHERE task IS NOT NULL")
    await world.social.inbox.replier.look()
    await world.social.inbox.replier.finish()


async def listed(world: World, **asked: Any) -> list[pb.Thread]:
    return list((await inbox(world).ListThreads(pb.ListThreadsRequest(**asked))).threads)


async def whole(world: World, thread: pb.Thread) -> pb.GetThreadResponse:
    return await inbox(world).GetThread(pb.GetThreadRequest(thread_id=thread.id))


def answering(thread: pb.Thread, text: str = ANSWER) -> pb.AnswerThreadRequest:
    return pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text=text)


async def test_what_somebody_writes_is_answered_once_and_kept(world: World, fake: MastodonFake, channel: str) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    (thread,) = await listed(world)
    assert (thread.excerpt, thread.state, thread.items) == (QUESTION, pb.THREAD_STATE_WAITING, 1)
    assert thread.author.name
    assert thread.channel_id == channel

    request = answering(thread)
    await inbox(world).AnswerThread(request)
    await inbox(world).AnswerThread(request)
    await send(world)
    await send(world)

    found = await whole(world, thread)
    assert [shown.text for shown in fake.shown()] == [f"@susid@far.example {ANSWER}"]
    assert [reply.state for reply in found.replies] == [pb.REPLY_STATE_PUBLISHED]
    assert found.replies[0].url
    assert found.thread.state == pb.THREAD_STATE_ANSWERED
    assert [event.what for event in found.events] == ["came", "answered"]


async def test_a_page_that_comes_again_changes_nothing(world: World, fake: MastodonFake, channel: str) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    await world.rows("UPDATE inboxes SET cursor = ''")

    await read(world)

    (thread,) = await listed(world)
    assert (thread.items, len((await whole(world, thread)).events)) == (1, 1)


async def test_what_people_write_is_sealed_in_the_database(world: World, fake: MastodonFake, channel: str) -> None:
    fake.receive(InboxKind.MESSAGE, QUESTION, None)
    await read(world)

    kept = [
        str(row)
        for table in ("items", "item_contents", "threads", "thread_events")
        for row in await world.rows(f"SELECT t::text FROM {table} t")
    ]
    assert kept
    assert not [row for row in kept if "міст" in row.lower() or "susid" in row]


async def test_what_people_write_is_not_kept_with_what_officers_did(
    world: World, fake: MastodonFake, channel: str
) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    (thread,) = await listed(world)
    asked = pb.ClaimThreadRequest(request_id=request_id(), thread_id=thread.id)
    await inbox(world).AnswerThread(answering(thread))
    claimed = await inbox(world).ClaimThread(asked)
    again = await inbox(world).ClaimThread(asked)

    kept = [bytes(row[0]).decode(errors="ignore") for row in await world.rows("SELECT response FROM requests")]

    assert claimed == again
    assert claimed.thread.excerpt
    assert kept
    assert not [each for each in kept if claimed.thread.excerpt in each or claimed.thread.author.name in each]


async def test_an_answer_that_was_cut_off_is_there_once(world: World, fake: MastodonFake, channel: str) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    (thread,) = await listed(world)
    await inbox(world).AnswerThread(answering(thread))
    fake.fail_next(Failure.DROP)
    await send(world)

    await send(world)

    assert len(fake.shown()) == 1
    assert (await whole(world, thread)).replies[0].state == pb.REPLY_STATE_PUBLISHED


async def test_an_answer_in_doubt_is_not_sent_again_once_the_platform_has_forgotten_its_key(
    world: World, fake: MastodonFake, channel: str
) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    (thread,) = await listed(world)
    await inbox(world).AnswerThread(answering(thread))
    fake.fail_next(Failure.DROP)
    await send(world)
    fake.fail_next(Failure.RATE_LIMIT)
    await send(world)
    fake.keys.clear()
    await world.rows("UPDATE replies SET created_at = now() - interval '1 hour'")
    await world.hasten()

    await send(world)

    assert len(fake.shown()) == 1
    assert (await whole(world, thread)).replies[0].state == pb.REPLY_STATE_UNKNOWN


async def test_an_answer_waits_for_the_consent_and_goes_on(world: World, fake: MastodonFake, channel: str) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    (thread,) = await listed(world)
    await inbox(world).AnswerThread(answering(thread))
    token, fake.secrets["access_token"] = fake.secrets["access_token"], "another"
    await send(world)
    blocked = (await whole(world, thread)).replies[0].state
    fake.secrets["access_token"] = token
    await world.social.posts.connecting.refresh(UUID(channel))

    await send(world)

    assert blocked == pb.REPLY_STATE_BLOCKED
    assert [shown.text for shown in fake.shown()] == [f"@susid@far.example {ANSWER}"]


async def test_another_authority_sees_nothing_of_it(world: World, fake: MastodonFake, channel: str) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    (thread,) = await listed(world)
    stranger = inbox(world, person("stranger", at=VILLAGE))

    assert not (await stranger.ListThreads(pb.ListThreadsRequest())).threads
    for call, request in (
        (stranger.GetThread, pb.GetThreadRequest(thread_id=thread.id)),
        (stranger.AnswerThread, answering(thread)),
        (stranger.ListThreads, pb.ListThreadsRequest(authority_ids=[str(CITY)])),
    ):
        with pytest.raises(DomainError) as refused:
            await call(request)
        assert refused.value.reason == "NOT_YOUR_AUTHORITY"


async def test_words_are_found_in_any_form(world: World, fake: MastodonFake, channel: str) -> None:
    fake.receive(InboxKind.MENTION, "Чому зачинено мости через річку?", None)
    fake.receive(InboxKind.MENTION, "Дякую за дитячий майданчик!", None)
    await read(world)

    assert [thread.excerpt for thread in await listed(world, query="міст")] == ["Чому зачинено мости через річку?"]
    assert not await listed(world, query="міст майданчик")


async def test_an_answer_longer_than_the_platform_takes_is_refused(
    world: World, fake: MastodonFake, channel: str
) -> None:
    fake.receive(InboxKind.MENTION, QUESTION, None)
    await read(world)
    (thread,) = await listed(world)

    with pytest.raises(DomainError) as refused:
        await inbox(world).AnswerThread(answering(thread, "а" * 501))

    assert refused.value.reason == "INVALID_FIELDS"
