"""What is Instagram's own: two steps to a post, its quota, answers below comments, and what its webhooks leave out."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from viche_connector_meta.fake_graph import NEIGHBOUR
from viche_connector_meta.fake_instagram import ACCOUNT, InstagramFake
from viche_connector_meta.instagram_inbox import change
from viche_connector_meta.instagram_spec import INSTAGRAM, LIMITS
from viche_sdk.connectors.testing import Failure, Kit, Stage
from viche_sdk.connectors.types import (
    InvalidContent,
    Media,
    MediaKind,
    NotFound,
    Operation,
    OutcomeUnknown,
    Pending,
    Post,
    ProblemReason,
    QuotaOrBudget,
    Ready,
    problems_of,
)

IMAGE = Media("image-1", MediaKind.IMAGE, "image/jpeg", 160, "Набережна", 1, 1)
VIDEO = Media("video-1", MediaKind.VIDEO, "video/mp4", 25, "Набережна", 1, 1, 3.0)
POST = Post("Набережну відкрито", "uk", media=(IMAGE,))


def on_stage(act: Callable[[Stage, InstagramFake], Awaitable[Any]]) -> Any:
    """What comes of some calls."""

    async def run() -> Any:
        async with Kit(INSTAGRAM, InstagramFake).stage() as stage:
            return await act(stage, cast(InstagramFake, stage.fake))

    return asyncio.run(run())


async def prepared(stage: Stage, post: Post = POST) -> Ready:
    """A post that the platform has worked through and nobody sees."""
    answer = await stage.call(Operation.PUBLISH, post, stage.key())
    while isinstance(answer, Pending):
        answer = await stage.call(Operation.CHECK, answer)
    return answer


def test_text_alone_is_found_before_it_is_sent() -> None:
    assert [each.reason for each in problems_of(Post("Лише текст", "uk"), LIMITS)] == [ProblemReason.MEDIA_MISSING]


def test_nothing_is_made_when_the_publications_of_the_day_are_used_up() -> None:
    async def act(stage: Stage, fake: InstagramFake) -> None:
        fake.quota_total = 1
        await stage.publish(POST)
        with pytest.raises(QuotaOrBudget, match="takes 1 publications"):
            await stage.publish(replace(POST, text="Друга"))
        assert len(fake.containers) == 1

    on_stage(act)


def test_a_container_is_seen_by_nobody_until_it_is_published() -> None:
    async def act(stage: Stage, fake: InstagramFake) -> None:
        ready = await prepared(stage)
        assert not fake.shown()
        await stage.call(Operation.FINALIZE, ready)
        assert len(fake.shown()) == 1

    on_stage(act)


def test_a_container_is_published_once() -> None:
    async def act(stage: Stage, fake: InstagramFake) -> None:
        ready = await prepared(stage)
        fake.fail_next(Failure.DROP)
        with pytest.raises(OutcomeUnknown):
            await stage.call(Operation.FINALIZE, ready)
        with pytest.raises(OutcomeUnknown, match="PUBLISHED"):
            await stage.call(Operation.CHECK, Pending(ready.token))
        found = await stage.call(Operation.FIND, stage.key(), POST)
        assert found is not None
        assert found.url.startswith("https://www.instagram.com/p/")
        assert len(fake.shown()) == 1

    on_stage(act)


def test_a_picture_is_not_taken_for_a_reel_with_the_same_text() -> None:
    async def act(stage: Stage, fake: InstagramFake) -> None:
        await stage.publish(replace(POST, media=(VIDEO,)))
        assert await stage.call(Operation.FIND, stage.key(), POST) is None

    on_stage(act)


def test_a_post_of_last_week_is_not_taken_for_the_one_that_was_sent() -> None:
    async def act(stage: Stage, fake: InstagramFake) -> None:
        await stage.publish(POST)
        stage.clock.advance(timedelta(days=4).total_seconds())
        assert await stage.call(Operation.FIND, stage.key(), POST) is None

    on_stage(act)


@pytest.mark.parametrize(("state", "error"), [("ERROR", InvalidContent), ("EXPIRED", NotFound)])
def test_a_container_that_came_to_nothing_is_told(state: str, error: type[Exception]) -> None:
    async def act(stage: Stage, fake: InstagramFake) -> None:
        ready = await prepared(stage)
        fake.containers[ready.token].state = state
        with pytest.raises(error):
            await stage.call(Operation.CHECK, Pending(ready.token))

    on_stage(act)


def test_answers_below_a_comment_arrive_page_by_page() -> None:
    async def act(stage: Stage, fake: InstagramFake) -> None:
        await stage.publish(POST)
        comment = fake.add("comment", NEIGHBOUR, "Коли?", on=fake.of("post")[0].id)
        answers = [fake.add("comment", NEIGHBOUR, f"Так, коли? {number}", on=comment.id) for number in range(5)]
        items, _ = await stage.inbox()
        assert {item.id: item.answers for item in items if item.answers == comment.id} == {
            each.id: comment.id for each in answers
        }

    on_stage(act)


def test_a_webhook_leaves_out_own_comments_and_mentions_without_words() -> None:
    media = {"id": "17900000000000001", "media_product_type": "FEED"}
    own = {"id": "1", "from": {"id": ACCOUNT, "username": "miskarada"}, "media": media, "text": "Дякуємо"}
    assert change("comments", own, 1_800_000_000, ACCOUNT) is None
    assert change("mentions", {"media_id": "1", "comment_id": "2"}, 1_800_000_000, ACCOUNT) is None
