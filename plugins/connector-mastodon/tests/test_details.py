"""What is Mastodon's own: how it counts, shows, remembers and refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.fake_entities import instance
from viche_connector_mastodon.limits import limits_of
from viche_connector_mastodon.spec import LIMITS, MASTODON
from viche_connector_mastodon.text import plain_text, same_text, without_mentions
from viche_sdk.connectors.testing import Failure, Kit, Stage
from viche_sdk.connectors.types import (
    InboxKind,
    InvalidContent,
    Media,
    MediaKind,
    Operation,
    OutcomeUnknown,
    Pending,
    Poll,
    Post,
    Problem,
    ProblemReason,
    Ready,
    problems_of,
)

IMAGE = Media("image-1", MediaKind.IMAGE, "image/jpeg", 160, "Набережна", 1, 1)
VIDEO = Media("video-1", MediaKind.VIDEO, "video/mp4", 25, "Набережна", 1, 1, 3.0)
POLL = Poll("Яким бути парку?", ("Тихим", "Гучним"), 3_600)


def on_stage(act: Callable[[Stage], Awaitable[Any]]) -> Any:
    """What comes of some calls."""

    async def run() -> Any:
        async with Kit(MASTODON, MastodonFake).stage() as stage:
            return await act(stage)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Перше<br>друге</p><p>третє</p>", "Перше\nдруге\n\nтретє"),
        ("<p>5 &lt; 7 &amp; «так»</p>", "5 < 7 & «так»"),
        (
            '<p><a href="https://viche.example/7"><span class="invisible">https://</span><span>viche.example/7</span></a></p>',
            "https://viche.example/7",
        ),
        ("просто текст", "просто текст"),
        ("<p>недороблено", "недороблено"),
        ("", ""),
    ],
)
def test_html_is_read_as_text(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_a_mention_of_somebody_far_away_is_shown_short() -> None:
    assert same_text("Дякуємо @susid за\n фото", "Дякуємо @susid@far.example за фото")
    assert not same_text("Дякуємо @susid", "Дякуємо @inshyi")


def test_only_the_own_name_is_taken_off_the_beginning() -> None:
    assert without_mentions("@viche @susid коли?", ["viche"]) == "@susid коли?"
    assert without_mentions("Питаю @viche, коли?", ["viche"]) == "Питаю @viche, коли?"


def test_limits_are_those_of_the_server() -> None:
    limits = limits_of(instance(11_000, 16, 12, 200, 900, range(60, 1_001)))

    assert limits.text.most == 11_000
    assert limits.images is not None
    assert (limits.images.most, limits.images.alt_most) == (16, 900)
    assert limits.poll is not None
    assert (limits.poll.most_options, limits.poll.shortest_s, limits.poll.longest_s) == (12, 60, 1_000)


def test_an_address_counts_23_however_long_it_is() -> None:
    long = Post("а" * 475, "uk", link="https://viche.example/" + "x" * 400)

    assert list(problems_of(long, LIMITS)) == []
    assert list(problems_of(replace(long, text="а" * 476), LIMITS)) == [
        Problem("text", ProblemReason.TEXT_TOO_LONG, "501", "500")
    ]


def test_a_poll_has_no_files_and_its_question_counts_as_text() -> None:
    validate = MASTODON.connector().validate
    question = replace(POLL, question="ї" * 30)

    assert [each.reason for each in validate(Post("т", "uk", media=(IMAGE,), poll=POLL), LIMITS)] == [
        ProblemReason.POLL_WITH_MEDIA
    ]
    assert validate(Post("т" * 468, "uk", poll=question), LIMITS) == []
    assert [each.value for each in validate(Post("т" * 469, "uk", poll=question), LIMITS)] == ["501"]


def test_a_question_stands_once() -> None:
    async def act(stage: Stage) -> list[str]:
        await stage.publish(Post("Оберіть!", "uk", poll=POLL))
        await stage.publish(Post("Яким бути парку? Оберіть!", "uk", poll=POLL))
        return [each.text for each in stage.fake.shown()]

    assert on_stage(act) == ["Оберіть!\n\nЯким бути парку?", "Яким бути парку? Оберіть!"]


def test_a_video_waits_until_the_server_has_worked_through_it() -> None:
    async def act(stage: Stage) -> list[type]:
        answer = await stage.call(Operation.PUBLISH, Post("Відео", "uk", media=(VIDEO,)), stage.key())
        steps = [type(answer)]
        while isinstance(answer, Pending):
            answer = await stage.call(Operation.CHECK, answer)
            steps.append(type(answer))
        assert stage.fake.shown() == []
        await stage.call(Operation.FINALIZE, answer)
        assert stage.only().alts == ("Набережна",)
        return steps

    assert on_stage(act) == [Pending, Pending, Ready]


def test_a_lost_post_is_found_when_the_server_has_forgotten_its_key() -> None:
    async def act(stage: Stage) -> None:
        post, key = Post("Засідання о 10:00", "uk", link="https://viche.example/7"), stage.key()
        stage.fake.fail_next(Failure.DROP)
        with pytest.raises(OutcomeUnknown):
            await stage.call(Operation.PUBLISH, post, key)
        stage.clock.advance((MASTODON.key_lasts_s or 0) + 1)
        found = await stage.call(Operation.FIND, key, post)
        assert found.ref == stage.only().id

    on_stage(act)


def test_files_stay_when_the_text_changes() -> None:
    async def act(stage: Stage) -> None:
        published = await stage.publish(Post("Хибно", "uk", media=(IMAGE,)))
        await stage.call(Operation.EDIT, published.ref, Post("Вірно", "uk", media=(IMAGE,)))
        assert (stage.only().text, stage.only().alts) == ("Вірно", ("Набережна",))

    on_stage(act)


def test_a_message_is_answered_by_a_message() -> None:
    async def act(stage: Stage) -> Any:
        stage.fake.receive(InboxKind.MESSAGE, "Де подати заяву?", None)
        items, _ = await stage.inbox()
        await stage.call(Operation.REPLY, items[0], "У центрі послуг", stage.key())
        return stage.fake.requests[-1].json

    sent = on_stage(act)

    assert (sent["visibility"], sent["status"]) == ("direct", "@susid@far.example У центрі послуг")


def test_a_text_that_is_too_long_is_blamed_whatever_else_there_is() -> None:
    async def act(stage: Stage) -> str:
        with pytest.raises(InvalidContent) as caught:
            await stage.call(Operation.PUBLISH, Post("т" * 501, "uk", media=(IMAGE,)), stage.key())
        return caught.value.field

    assert on_stage(act) == "text"
