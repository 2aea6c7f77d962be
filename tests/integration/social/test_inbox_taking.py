"""What is taken in, from a letterbox whose every whim a test decides."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from viche.social.v1 import channels_pb2, inbox_pb2_grpc
from viche.social.v1 import inbox_pb2 as pb

from tests.integration.social.letterbox import BOX, LETTERBOX, SIGNATURE, item, signature
from tests.integration.social.seeding import LONG_AGO, put_channel, take
from tests.integration.social.world import CITY, GATEWAY, LOOPBACK, PRESS, World, person, request_id
from viche_chassis.connectors.lanes import Lanes
from viche_chassis.connectors.runner import Connectors, Running, Way
from viche_chassis.errors import DomainError
from viche_sdk.connectors.types import OutcomeUnknown, Page, Transient
from viche_social.domain.dialogue import Question
from viche_social.hooks import PATH, Hooks
from viche_social.store import questions
from viche_social.store.channels import Channel

OPERATOR = person("operator", role="operator", at=CITY)
ASKED = "When will the bridge be open?"


@pytest.fixture
async def post_office(world: World) -> AsyncIterator[World]:
    """The service with a connector to the letterbox, which is empty."""
    BOX.clear()
    connectors = Connectors([Running("connector-letterbox", Way.INSIDE, Lanes([LETTERBOX], LOOPBACK))])
    await connectors.start()
    yield replace(world, ways=replace(world.ways, connectors=connectors)).renewed()
    await connectors.close()


@pytest.fixture
async def channel(post_office: World) -> Channel:
    return await put_channel(post_office, "letterbox", platform="letters")


def inbox(world: World, caller: Any = PRESS) -> Any:
    return world.stub(inbox_pb2_grpc.InboxServiceStub, caller)


async def threads(world: World, **asked: Any) -> list[pb.Thread]:
    return list((await inbox(world).ListThreads(pb.ListThreadsRequest(**asked))).threads)


async def whole(world: World, thread: pb.Thread) -> pb.GetThreadResponse:
    return await inbox(world).GetThread(pb.GetThreadRequest(thread_id=thread.id))


async def read(world: World) -> None:
    await world.rows("UPDATE inboxes SET next_at = now()")
    await world.social.inbox.intake.look()
    await world.social.inbox.intake.finish()


async def answer(world: World, thread: pb.Thread, text: str = "On Friday.") -> None:
    await inbox(world).AnswerThread(
        pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text=text)
    )  # fmt: skip
    await send(world)


async def send(world: World) -> None:
    await world.rows("UPDATE replies SET next_at = now() WHERE task IS NOT NULL")
    await world.social.inbox.replier.look()
    await world.social.inbox.replier.finish()


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


async def asked(world: World) -> list[tuple[bool, float]]:
    """Questions of the city: whether each was answered, and how long it took in hours."""
    async with world.pool.connection() as conn:
        found = await questions.talked(conn, LONG_AGO, datetime.now(UTC) + timedelta(days=1))
    mine: list[Question] = list(found[CITY].questions) if CITY in found else []
    return [
        (
            q.answered_at is not None,
            round((q.answered_at - q.asked_at).total_seconds() / 3600, 1) if q.answered_at else 0,
        )
        for q in mine
    ]


async def test_everybody_under_a_post_has_a_conversation(post_office: World, channel: Channel) -> None:
    await take(
        post_office, channel,
        item("1", ASKED), item("2", "And the road?", author="ivan"),
        item("3", "Yes, tell us", answers="1", author="petro"),
    )  # fmt: skip

    found = await threads(post_office)

    assert sorted((thread.items, thread.excerpt) for thread in found) == [(1, "And the road?"), (2, "Yes, tell us")]


async def test_messages_of_one_person_are_one_conversation(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", "Hello", kind="message", thread="olena"))
    await take(post_office, channel, item("2", ASKED, kind="message", thread="olena"))

    (thread,) = await threads(post_office)
    assert thread.items == 2


async def test_what_was_edited_and_taken_away_is_history(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    await take(post_office, channel, item("1", "When will the NEW bridge be open?"))
    await take(post_office, channel, item("1", "When will the NEW bridge be open?"))
    await take(post_office, channel, item("1", "", is_deleted=True))

    (thread,) = await threads(post_office)
    found = await whole(post_office, thread)
    assert found.items[0].text == "When will the NEW bridge be open?"
    assert [version.text for version in found.items[0].versions] == [ASKED]
    assert found.items[0].HasField("deleted_at")
    assert [event.what for event in found.events] == ["came", "edited", "deleted"]
    assert (thread.state, thread.closed_because) == (pb.THREAD_STATE_CLOSED, pb.CLOSED_BECAUSE_DELETED)
    assert await asked(post_office) == []


async def test_an_answer_that_is_given_on_the_platform_counts(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED, at=at(hours=5)))
    await take(post_office, channel, item("2", "On Friday.", at=at(hours=3), answers="1", author="city", is_own=True))

    (thread,) = await threads(post_office)
    assert thread.state == pb.THREAD_STATE_ANSWERED
    assert await asked(post_office) == [(True, 2.0)]


async def test_who_writes_again_waits_again(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED, at=at(hours=2)))
    (thread,) = await threads(post_office)
    await answer(post_office, thread)

    await take(post_office, channel, item("2", "And at what hour?", answers="own-1"))

    (thread,) = await threads(post_office)
    assert (thread.state, thread.items) == (pb.THREAD_STATE_WAITING, 2)
    assert [was_answered for was_answered, _ in await asked(post_office)] == [True, False]


async def test_what_came_while_an_answer_was_sent_waits(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    request = pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text="On Friday.")
    await inbox(post_office).AnswerThread(request)
    await take(post_office, channel, item("2", "Still closed!", answers="1"))

    await send(post_office)

    (thread,) = await threads(post_office)
    assert thread.state == pb.THREAD_STATE_WAITING
    assert [was_answered for was_answered, _ in await asked(post_office)] == [True, False]


async def test_under_doubt_an_answer_is_not_sent_again(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    BOX.errors.append(OutcomeUnknown("no answer"))
    await answer(post_office, thread)

    await send(post_office)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, len(BOX.replies)) == (pb.REPLY_STATE_UNKNOWN, 1)


async def test_an_answer_in_doubt_that_comes_back_has_appeared(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    BOX.errors.append(OutcomeUnknown("no answer"))
    await answer(post_office, thread)

    await take(post_office, channel, item("9", "On Friday.", answers="1", author="city", is_own=True))

    found = await whole(post_office, thread)
    assert [reply.state for reply in found.replies] == [pb.REPLY_STATE_PUBLISHED]
    assert [each.text for each in found.items] == [ASKED]
    assert found.thread.state == pb.THREAD_STATE_ANSWERED


async def test_a_process_that_ended_while_sending_leaves_doubt(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    request = pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text="On Friday.")
    await inbox(post_office).AnswerThread(request)
    await post_office.rows("UPDATE replies SET state = 'sending', claimed_until = now() - interval '1 second'")

    await send(post_office)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, BOX.replies) == (pb.REPLY_STATE_UNKNOWN, [])
    settled = pb.SettleReplyRequest(request_id=request_id(), reply_id=reply.id, has_appeared=False)
    await inbox(post_office).SettleReply(settled)
    await send(post_office)
    assert [text for _, text, _ in BOX.replies] == ["On Friday."]


async def test_pages_are_read_on_and_the_cursor_never_goes_back(post_office: World, channel: Channel) -> None:
    BOX.pages |= {
        "": Page((item("1", ASKED),), "a", has_more=True),
        "a": Page((item("2", "And the road?"),), "b"),
    }
    await read(post_office)
    await read(post_office)

    assert BOX.asked == ["", "a", "b"]
    assert len(await threads(post_office)) == 2


async def test_a_page_that_somebody_else_took_meanwhile_is_dropped(post_office: World, channel: Channel) -> None:
    await read(post_office)
    await post_office.rows("UPDATE inboxes SET cursor = 'b'")

    taken = await post_office.social.inbox.intake._take(channel, "a", Page((item("1", ASKED),), "c"))  # pyright: ignore[reportPrivateUsage]

    assert not taken
    assert await post_office.rows("SELECT cursor FROM inboxes") == [("b",)]


async def test_an_outage_is_told_and_loses_nothing(post_office: World, channel: Channel) -> None:
    BOX.pages |= {"": Page((item("1", ASKED),), "a")}
    BOX.errors.append(Transient("maintenance"))
    await read(post_office)
    settings = await inbox(post_office).GetInboxSettings(pb.GetInboxSettingsRequest(authority_id=str(CITY)))
    fault = settings.channels[0].fault

    await read(post_office)

    assert "maintenance" in fault
    assert len(await threads(post_office)) == 1
    assert await post_office.rows("SELECT failures, fault FROM inboxes") == [(0, "")]


def hook(world: World, channel: Channel, body: bytes, **headers: str) -> pb.ReceiveHookRequest:
    path = Hooks(bytes.fromhex("17" * 32), "").path(channel, LETTERBOX)
    return pb.ReceiveHookRequest(token=path.removeprefix(PATH), headers=headers, body=body)


async def test_what_a_platform_sends_is_taken_once(post_office: World, channel: Channel) -> None:
    body = json.dumps([{"id": "1", "text": ASKED}]).encode()
    request = hook(post_office, channel, body, **{SIGNATURE: signature(body)})
    first = await inbox(post_office, GATEWAY).ReceiveHook(request)
    await take(post_office, channel, item("1", "edited"))
    again = await inbox(post_office, GATEWAY).ReceiveHook(request)
    assert first == again == pb.ReceiveHookResponse(body="ok", type="text/plain")

    (thread,) = await threads(post_office)
    assert (thread.excerpt, thread.items) == ("edited", 1)


async def test_an_account_says_where_its_platform_may_call(post_office: World, channel: Channel) -> None:
    found = await post_office.channels().GetChannel(channels_pb2.GetChannelRequest(channel_id=str(channel.id)))

    token = found.channel.webhook_url.removeprefix("https://petitions.example.org/hooks/")
    assert token == hook(post_office, channel, b"").token


async def test_a_platform_hears_its_challenge(post_office: World, channel: Channel) -> None:
    said = await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, b"", **{"query-challenge": "42"}))

    assert (said.body, said.type) == ("42", "text/plain")


@pytest.mark.parametrize("headers", [{}, {SIGNATURE: "0" * 64}, {SIGNATURE: "", "cookie": "x"}])
async def test_what_is_not_signed_is_refused(post_office: World, channel: Channel, headers: dict[str, str]) -> None:
    with pytest.raises(DomainError) as refused:
        await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, b"[]", **headers))

    assert refused.value.reason == "HOOK_REFUSED"
    assert not await post_office.rows("SELECT FROM hooks_seen")


async def test_an_address_that_nobody_gave_out_leads_nowhere(post_office: World) -> None:
    with pytest.raises(DomainError) as refused:
        await inbox(post_office, GATEWAY).ReceiveHook(pb.ReceiveHookRequest(token="x" * 64))

    assert refused.value.reason == "HOOK_NOT_FOUND"


async def test_who_is_forgotten_does_not_come_back(post_office: World, channel: Channel) -> None:
    await take(
        post_office, channel, item("1", ASKED), item("2", "Another of mine"), item("3", "Not mine", author="ivan")
    )
    thread = next(thread for thread in await threads(post_office) if thread.excerpt == ASKED)
    mine = (await whole(post_office, thread)).items[0]

    done = await inbox(post_office, OPERATOR).EraseAuthor(
        pb.EraseAuthorRequest(request_id=request_id(), item_id=mine.id)
    )
    await take(post_office, channel, item("1", ASKED), item("1", "edited"))

    found = await whole(post_office, thread)
    assert done.items == 2
    assert (found.items[0].text, found.items[0].author.name, found.can_answer) == ("", "", False)
    assert found.cannot_because == "FORGOTTEN"
    assert await post_office.rows("SELECT count(*) FROM item_contents") == [(1,)]
    assert len(await threads(post_office)) == 3
    assert not await threads(post_office, query="bridge")


async def test_what_is_overdue_stands_first(post_office: World, channel: Channel) -> None:
    await take(
        post_office, channel,
        item("1", "young", at=at(hours=1)), item("2", "old", at=at(hours=30)), item("3", "middle", at=at(hours=20)),
    )  # fmt: skip

    listed = await inbox(post_office).ListThreads(pb.ListThreadsRequest())
    page = await inbox(post_office).ListThreads(pb.ListThreadsRequest(page_size=2))
    rest = await inbox(post_office).ListThreads(pb.ListThreadsRequest(page_size=2, page_token=page.next_page_token))

    assert [(thread.excerpt, thread.is_overdue) for thread in listed.threads] == [
        ("old", True), ("middle", False), ("young", False),
    ]  # fmt: skip
    assert (listed.waiting, listed.overdue) == (3, 1)
    assert [thread.excerpt for thread in [*page.threads, *rest.threads]] == ["old", "middle", "young"]


async def test_a_shorter_target_holds_at_once(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED, at=at(hours=3)))

    await inbox(post_office).SetInboxSettings(
        pb.SetInboxSettingsRequest(request_id=request_id(), authority_id=str(CITY), target=Duration(seconds=7200))
    )

    assert [thread.is_overdue for thread in await threads(post_office, overdue=True)] == [True]


@pytest.mark.parametrize(
    ("because", "counted"),
    [
        (pb.CLOSED_BECAUSE_ANSWERED_ELSEWHERE, [True]),
        (pb.CLOSED_BECAUSE_NO_QUESTION, []),
        (pb.CLOSED_BECAUSE_SPAM, []),
        (pb.CLOSED_BECAUSE_LEFT, [False]),
    ],
)
async def test_closing_says_what_counts(
    post_office: World, channel: Channel, because: int, counted: list[bool]
) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)

    closed = pb.CloseThreadRequest(request_id=request_id(), thread_id=thread.id, because=because)  # pyright: ignore[reportArgumentType]
    await inbox(post_office).CloseThread(closed)

    assert [was_answered for was_answered, _ in await asked(post_office)] == counted
    assert [each.state for each in await threads(post_office)] == [pb.THREAD_STATE_CLOSED]


async def test_what_was_left_waits_since_then_when_it_is_opened_again(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED, at=at(hours=3)))
    (before,) = await threads(post_office)
    named = {"thread_id": before.id}
    await inbox(post_office).CloseThread(
        pb.CloseThreadRequest(request_id=request_id(), because=pb.CLOSED_BECAUSE_SPAM, **named)
    )

    await inbox(post_office).ReopenThread(pb.ReopenThreadRequest(request_id=request_id(), **named))

    (after,) = await threads(post_office)
    assert (after.state, after.waiting_since, after.due_at) == (before.state, before.waiting_since, before.due_at)
    assert len(await asked(post_office)) == 1


async def test_notes_and_assignments_are_history(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    named = {"thread_id": thread.id}
    await inbox(post_office).ClaimThread(pb.ClaimThreadRequest(request_id=request_id(), **named))
    await inbox(post_office).AddThreadNote(
        pb.AddThreadNoteRequest(request_id=request_id(), text="Ask the road office.", **named)
    )
    mine = await threads(post_office, assignee=(await whole(post_office, thread)).thread.assignee)
    await inbox(post_office).ReleaseThread(pb.ReleaseThreadRequest(request_id=request_id(), **named))

    found = await whole(post_office, thread)
    assert [each.id for each in mine] == [thread.id]
    assert [(event.what, event.note) for event in found.events] == [
        ("came", ""), ("claimed", ""), ("noted", "Ask the road office."), ("released", ""),
    ]  # fmt: skip
    assert not found.thread.assignee
    assert not await post_office.rows("SELECT FROM thread_events WHERE position('road' IN detail) > 0")


async def test_a_comment_is_hidden_on_the_platform_and_shown_again(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", "rude"))
    (thread,) = await threads(post_office)
    shown = (await whole(post_office, thread)).items[0]
    for is_hidden in (True, False):
        request = pb.HideItemRequest(request_id=request_id(), item_id=shown.id, hidden=is_hidden)
        await inbox(post_office).HideItem(request)
        assert BOX.hidden == {"1": is_hidden}
        assert (await whole(post_office, thread)).items[0].is_hidden == is_hidden


async def test_what_was_written_long_before_the_account_was_connected_does_not_wait(post_office: World) -> None:
    channel = await put_channel(post_office, "letterbox", platform="letters", connected_at=datetime.now(UTC))
    await take(post_office, channel, item("1", "old", at=at(days=30)), item("2", "last week", at=at(days=3)))

    found = {thread.excerpt: thread for thread in await threads(post_office)}

    assert found["old"].closed_because == pb.CLOSED_BECAUSE_BEFORE
    assert (found["last week"].state, found["last week"].is_overdue) == (pb.THREAD_STATE_WAITING, False)
    assert await asked(post_office) == []


async def test_ready_answers_are_kept_by_language(post_office: World) -> None:
    kept = []
    for language, title in (("uk", "Подяка"), ("en", "Thanks")):
        request = pb.PutCannedReplyRequest(
            request_id=request_id(), authority_id=str(CITY), language=language, title=title, text=title
        )
        kept.append((await inbox(post_office).PutCannedReply(request)).reply)
    changed = pb.PutCannedReplyRequest(
        request_id=request_id(), id=kept[1].id, authority_id=str(CITY), language="en", title="Thank you", text="!"
    )
    await inbox(post_office).PutCannedReply(changed)
    await inbox(post_office).DeleteCannedReply(pb.DeleteCannedReplyRequest(request_id=request_id(), id=kept[0].id))

    listed = await inbox(post_office).ListCannedReplies(pb.ListCannedRepliesRequest())

    assert [(reply.language, reply.title) for reply in listed.replies] == [("en", "Thank you")]


async def test_what_officers_say_is_kept_to_learn_from(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED, language="en"))
    (thread,) = await threads(post_office)
    said = pb.LabelThreadRequest(
        request_id=request_id(), thread_id=thread.id, language="en", topic="parks", tone=pb.TONE_NEUTRAL
    )

    labelled = (await inbox(post_office).LabelThread(said)).thread

    assert (labelled.topic, labelled.tone, list(labelled.proposed)) == ("parks", pb.TONE_NEUTRAL, [])
    kept = await post_office.rows("SELECT kind, proposed, said FROM labels ORDER BY kind")
    assert kept == [("language", "en", "en"), ("tone", "", "neutral"), ("topic", "roads", "parks")]


@pytest.mark.parametrize(
    ("text", "language", "topic", "tone"),
    [
        ("Коли відкриють мости на Зеленій?", "uk", "roads", pb.TONE_UNSPECIFIED),
        ("Ганьба! Ями на дорозі вже третій рік.", "uk", "roads", pb.TONE_ANGRY),
        ("Дуже дякую за новий садок для дітей", "uk", "education", pb.TONE_FRIENDLY),
        ("Кога ще ремонтират тротоара и дупките на пътя?", "bg", "roads", pb.TONE_UNSPECIFIED),
        ("Это позор: мусор не вывозят, контейнеры полные", "ru", "waste", pb.TONE_ANGRY),
        ("Thank you for the new playground and the benches in the park", "en", "parks", pb.TONE_FRIENDLY),
        ("Wann wird die Brücke wieder geöffnet?", "de", "", pb.TONE_UNSPECIFIED),
        ("Дякую, але це ганьба", "uk", "", pb.TONE_UNSPECIFIED),
        ("👍", "", "", pb.TONE_UNSPECIFIED),
    ],
)
async def test_words_propose_only_what_they_are_sure_of(
    post_office: World, channel: Channel, text: str, language: str, topic: str, tone: int
) -> None:
    await take(post_office, channel, item("1", text))

    (thread,) = await threads(post_office)

    assert (thread.language, thread.topic, thread.tone) == (language, topic, tone)


@pytest.mark.parametrize(
    "body",
    [
        b'[{"id": "1", "text": "cut \\ud83d"}]', b'[{"id": "1", "text": "nothing \\u0000"}]', b'{"\\udc00": 1}', b"[{",
        b"[\xff]", b"[" * 100_000,
    ],
    ids=["half a character", "NUL", "half a name", "half a document", "no UTF-8", "a well"],
)  # fmt: skip
async def test_what_cannot_be_kept_is_named(post_office: World, channel: Channel, body: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, body, **{SIGNATURE: signature(body)}))

    assert refused.value.reason == "HOOK_MALFORMED"
    assert await threads(post_office) == []


async def test_a_whole_emoji_in_escapes_is_taken(post_office: World, channel: Channel) -> None:
    body = b'[{"id": "1", "text": "\\ud83d\\ude80 When?"}]'
    await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, body, **{SIGNATURE: signature(body)}))

    assert [each.excerpt for each in await threads(post_office)] == ["\U0001f680 When?"]


async def test_nothing_that_a_platform_says_stalls_an_answer(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    BOX.errors.append(OutcomeUnknown("half\0said"))

    await answer(post_office, thread)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, reply.detail) == (pb.REPLY_STATE_UNKNOWN, "half\ufffdsaid")


@pytest.mark.parametrize(
    ("left", "state", "error"),
    [
        ("state = 'waiting'", pb.REPLY_STATE_CANCELLED, ""),
        ("state = 'blocked'", pb.REPLY_STATE_CANCELLED, ""),
        ("state = 'waiting', error = 'OutcomeUnknown'", pb.REPLY_STATE_UNKNOWN, "OutcomeUnknown"),
        ("state = 'sending', claimed_until = now() - interval '1 s'", pb.REPLY_STATE_UNKNOWN, "OutcomeUnknown"),
        ("state = 'sending', claimed_until = now() + interval '1 h'", pb.REPLY_STATE_SENDING, ""),
    ],
)
async def test_answers_of_a_disconnected_account_end(
    post_office: World, channel: Channel, left: str, state: int, error: str
) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    request = pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text="On Friday.")
    await inbox(post_office).AnswerThread(request)
    await post_office.rows(f"UPDATE replies SET {left}")
    ending = channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=str(channel.id))
    await post_office.channels().DisconnectChannel(ending)

    await send(post_office)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, reply.error) == (state, error)
    assert BOX.replies == []


async def test_the_address_for_platforms_is_kept_with_no_request(post_office: World, channel: Channel) -> None:
    pausing = channels_pb2.PauseChannelRequest(request_id=request_id(), channel_id=str(channel.id), is_paused=True)

    first = await post_office.channels().PauseChannel(pausing)
    again = await post_office.channels().PauseChannel(pausing)

    assert first == again
    assert first.channel.webhook_url
    token = first.channel.webhook_url.rpartition("/")[2].encode()
    assert not [row for row in await post_office.rows("SELECT response FROM requests") if token in bytes(row[0])]
