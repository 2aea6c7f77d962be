"""What is YouTube's own: titles, characters, fates of videos, threads of comments, and the day of its quotas."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from viche_connector_youtube.errors import until_midnight_s
from viche_connector_youtube.fake import NEIGHBOUR, YouTubeFake
from viche_connector_youtube.resources import tags_of
from viche_connector_youtube.spec import COSTS, LIMITS, RATES, YOUTUBE
from viche_sdk.connectors.testing import Kit, Stage
from viche_sdk.connectors.types import (
    Account,
    InvalidContent,
    Media,
    MediaKind,
    Operation,
    OutcomeUnknown,
    PermissionDenied,
    PolicyRejected,
    Post,
    ProblemReason,
    problems_of,
)

VIDEO = Media("video-1", MediaKind.VIDEO, "video/mp4", 25, "Набережна", 1, 1, 3.0)
POST = Post("Набережну відкрито", "uk", title="Набережна", media=(VIDEO,))


def on_stage(act: Callable[[Stage, YouTubeFake], Awaitable[Any]]) -> None:
    """Makes some calls."""

    async def run() -> None:
        async with Kit(YOUTUBE, YouTubeFake).stage() as stage:
            await act(stage, cast(YouTubeFake, stage.fake))

    asyncio.run(run())


def test_text_alone_is_found_before_it_is_sent() -> None:
    found = {each.reason for each in problems_of(Post("Лише текст", "uk"), LIMITS)}
    assert found == {ProblemReason.TITLE_MISSING, ProblemReason.MEDIA_MISSING}


def test_angle_brackets_are_found_before_they_are_sent() -> None:
    post = replace(POST, title="Вода > 5 м", text="5 < 7 > 3")
    found = YOUTUBE.connector().validate(post, LIMITS)
    assert [(each.field, each.reason, each.value) for each in found] == [
        ("title", ProblemReason.FORBIDDEN_CHARACTERS, ">"),
        ("text", ProblemReason.FORBIDDEN_CHARACTERS, "< >"),
    ]
    assert not YOUTUBE.connector().validate(POST, LIMITS)


@pytest.mark.parametrize(
    ("text", "tags"),
    [("Міст #місто і #ремонт_мосту #місто", ["місто", "ремонт_мосту"]), ("a#b", []), ("#" + "ї" * 600, [])],
)
def test_hashtags_become_tags(text: str, tags: list[str]) -> None:
    assert tags_of(text) == tags


@pytest.mark.parametrize(
    ("fate", "error"),
    [
        ({"uploadStatus": "failed", "failureReason": "codec"}, InvalidContent),
        ({"uploadStatus": "rejected", "rejectionReason": "length"}, InvalidContent),
        ({"uploadStatus": "rejected", "rejectionReason": "duplicate"}, PolicyRejected),
        ({"uploadStatus": "of another kind"}, OutcomeUnknown),
    ],
)
def test_a_video_that_youtube_does_not_take_is_told(fate: dict[str, str], error: type[Exception]) -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        pending = await stage.call(Operation.PUBLISH, POST, stage.key())
        fake.videos[pending.token].fate = fate
        with pytest.raises(error):
            await stage.call(Operation.CHECK, pending)

    on_stage(act)


def test_who_sees_new_videos_is_the_accounts_choice() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        await stage.publish(POST)
        stage.account = Account(stage.account.id, stage.account.handle, {"privacy": "unlisted"})
        await stage.publish(POST)
        assert [video.privacy for video in fake.videos.values()] == ["public", "unlisted"]

    on_stage(act)


def test_a_person_without_a_channel_cannot_be_connected() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        fake.has_channel = False
        with pytest.raises(PermissionDenied, match="no channel"):
            await stage.probe()

    on_stage(act)


def test_answers_that_do_not_come_along_are_asked_for_once() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        video = (await stage.publish(POST)).ref
        head = fake.add(NEIGHBOUR, "Коли?", video)
        _, cursor = await stage.inbox()
        stage.clock.advance(3_600)
        late = [fake.add(NEIGHBOUR, f"Так, коли? {number}", video, head.id) for number in range(5)]
        items, cursor = await stage.inbox(cursor)
        assert {item.id for item in items} == {each.id for each in late}
        assert {item.answers for item in items} == {head.id}
        before = len(fake.requests)
        items, _ = await stage.inbox(cursor)
        assert not items
        assert len(fake.requests) == before + 1

    on_stage(act)


def test_an_answer_to_an_answer_stands_at_the_end_of_its_thread() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        video = (await stage.publish(POST)).ref
        head = fake.add(NEIGHBOUR, "Коли?", video)
        fake.add(NEIGHBOUR, "Так, коли?", video, head.id)
        items, _ = await stage.inbox()
        below = next(item for item in items if item.answers)
        published = await stage.call(Operation.REPLY, below, "У п'ятницю", stage.key())
        assert fake.comments[published.ref].on == head.id

    on_stage(act)


def test_hundreds_of_threads_arrive_page_by_page() -> None:
    async def act(stage: Stage, fake: YouTubeFake) -> None:
        video = (await stage.publish(POST)).ref
        fake.add(NEIGHBOUR, "Перше", video)
        _, cursor = await stage.inbox()
        stage.clock.advance(3_600)
        written = {fake.add(NEIGHBOUR, f"Питання {number}", video).id for number in range(250)}
        items, _ = await stage.inbox(cursor)
        assert {item.id for item in items} == written

    on_stage(act)


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=UTC), 60),
        (datetime(2026, 7, 1, 6, 59, tzinfo=UTC), 60),
        # the night in which clocks in California go back has 25 hours
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25 * 3_600),
    ],
)
def test_the_day_of_quotas_ends_at_midnight_in_california(now: datetime, seconds: int) -> None:
    assert until_midnight_s(now) == seconds


def test_what_may_be_spent_in_a_day_is_what_youtube_gives() -> None:
    units = {cost.operation: int(cost.amount) for cost in COSTS if cost.currency == "units"}
    spent = sum(rate.most * max(units.get(each, 1) for each in rate.operations) for rate in RATES[1:])
    assert spent == 10_000
    assert RATES[0].most == 100
