"""Counts of a platform's poll beside the survey that the post links to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from viche.social.v1 import metrics_pb2
from viche.social.v1 import posts_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.console.posts.figures import survey_number
from viche_gateway.console.posts.polling import repeated
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.channel import stamp

Browse = Callable[..., Browser]
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
HOME = "http://127.0.0.1:8080"
OPTIONS = [
    {"code": "river", "label": {"en": "By the river", "uk": "Біля річки"}},
    {"code": "park", "label": {"en": "In the park", "uk": "У парку"}},
    {"code": "none", "label": {"en": "Nowhere", "uk": "Ніде"}},
]
DOCUMENT: dict[str, Any] = {
    "format": "viche-survey/1", "languages": ["en", "uk"], "title": {"en": "Benches"},
    "pages": [{"name": "page_1", "items": [
        {"name": "where", "kind": "single", "label": {"en": "Where?"}, "options": OPTIONS},
        {"name": "why", "kind": "text", "label": {"en": "Why?"}},
    ]}],
}  # fmt: skip


@pytest.fixture
def petra(world: World, browse: Browse) -> Browser:
    world.identity.add_person("petra", COUNCIL, TOWN, role="press", name="Petra")
    return browse("petra")


def polled(world: World, link: str) -> pb.Post:
    channel = world.social_channels.add(COUNCIL, platform="mastodon")
    content = pb.PostContent(
        kind=pb.POST_KIND_POLL, text={"uk": "Оберіть"}, link=link, variants=[pb.Variant(channel_id=channel.id)]
    )
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT, content=content)
    delivery = world.posts.deliver(
        post, channel.id, state=pb.DELIVERY_STATE_PUBLISHED, published_at=stamp(AT), url="https://social.example/1"
    )
    counts = metrics_pb2.PollCounts(
        options=[metrics_pb2.PollCount(text="Біля річки", votes=3), metrics_pb2.PollCount(text="У парку", votes=1)],
        voters=4, counted_at=stamp(AT),
    )  # fmt: skip
    world.metrics.add(delivery.id, poll=counts)
    return post


def put(browser: Browser, post: pb.Post) -> Any:
    browser.open(f"/console/posts/{post.id}")
    return browser.send(f"/console/posts/{post.id}/deliveries/{post.deliveries[0].id}/counts")


def test_counts_stand_beside_the_survey_marked_by_their_source(petra: Browser, world: World) -> None:
    survey = world.surveys.add(number=12)
    post = polled(world, f"{HOME}/uk/surveys/12")
    answer = put(petra, post)
    again = put(petra, post)
    (poll,) = world.results.exact[survey.id, ""].polls
    assert answer.headers["Location"] == f"/console/posts/{post.id}?done=counted"
    assert again.status_code == 303
    assert (poll.platform, poll.poll_id, poll.url) == ("mastodon", post.deliveries[0].id, "https://social.example/1")
    assert [(each.text, each.votes) for each in poll.options] == [("Біля річки", 3), ("У парку", 1)]
    assert poll.voters == 4
    assert poll.taken_at == stamp(AT)


def test_a_post_that_links_to_no_survey_offers_nothing(petra: Browser, world: World) -> None:
    post = polled(world, "https://elsewhere.example/surveys/12")
    assert "/counts" not in petra.open(f"/console/posts/{post.id}").text
    petra.open("/console/posts/new")
    assert petra.send(f"/console/posts/{post.id}/deliveries/{post.deliveries[0].id}/counts").status_code == 404


def test_a_survey_that_is_not_there_is_said(petra: Browser, world: World) -> None:
    post = polled(world, f"{HOME}/surveys/99")
    answer = put(petra, post)
    assert answer.status_code == 409
    assert "could not be put beside the survey" in answer.text


@pytest.mark.parametrize(
    ("link", "number"),
    [
        (f"{HOME}/surveys/12", 12),
        (f"{HOME}/uk/surveys/12?from=post", 12),
        (f"{HOME}/surveys/12/results", 12),
        (f"{HOME}/surveys/012", None),
        (f"{HOME}.evil.example/surveys/12", None),
        (f"{HOME}/petitions/12", None),
        ("", None),
    ],
)
def test_the_survey_of_a_link(world: World, link: str, number: int | None) -> None:
    with world.app().test_request_context("/"):
        assert survey_number(pb.Post(authority_id=COUNCIL, content=pb.PostContent(link=link))) == number


def test_the_question_that_is_worded_alike_is_found_with_its_codes() -> None:
    assert repeated(DOCUMENT, ["У  парку", "біля річки"]) == ("where", ["park", "river"])


def test_words_of_two_languages_or_of_no_question_find_none() -> None:
    assert repeated(DOCUMENT, ["У парку", "By the river"]) == ("", ["", ""])
    assert repeated({}, ["A"]) == ("", [""])


def test_two_questions_worded_alike_find_none() -> None:
    pages = [{"name": "page_1", "items": [{"name": name, "kind": "single", "options": OPTIONS} for name in "ab"]}]
    assert repeated({"pages": pages}, ["In the park", "Nowhere"]) == ("", ["", ""])
