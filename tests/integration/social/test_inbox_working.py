"""What officers do with conversations, and what is proposed to them."""

from __future__ import annotations

import pytest
from google.protobuf.duration_pb2 import Duration
from viche.social.v1 import inbox_pb2 as pb

from tests.integration.social.conversations import ASKED, asked, at, inbox, threads, whole
from tests.integration.social.letterbox import BOX, item
from tests.integration.social.seeding import take
from tests.integration.social.world import CITY, World, request_id
from viche_social.store.channels import Channel


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
