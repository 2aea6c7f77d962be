"""How posts do, as the console shows it; and what the page of today says of accounts and deliveries."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from viche.social.v1 import channels_pb2, metrics_pb2
from viche.social.v1 import posts_pb2 as pb

from tests.unit.gateway.conftest import Browser
from viche_gateway.console.posts import figures
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.channel import stamp

Browse = Callable[..., Browser]
OUT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def petra(world: World, browse: Browse) -> Browser:
    """Of the press office."""
    world.identity.add_person("petra", COUNCIL, TOWN, role="press", name="Petra")
    return browse("petra")


@pytest.fixture
def post(world: World) -> pb.Post:
    channel = world.social_channels.add(COUNCIL)
    made = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT, out_at=stamp(OUT))
    world.posts.deliver(made, channel.id, state=pb.DELIVERY_STATE_PUBLISHED, published_at=stamp(OUT))
    return made


def say(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def shown(browser: Browser, post: pb.Post) -> str:
    return browser.open(f"/console/posts/{post.id}").text


def test_figures_stand_beside_the_account_with_what_became_of_them(petra: Browser, world: World, post: pb.Post) -> None:
    metrics = world.metrics.add(post.deliveries[0].id, answered_at=stamp(OUT + timedelta(hours=2)))
    world.metrics.put(metrics, "reactions", [(OUT, 3), (OUT + timedelta(hours=2), 1_208)])
    world.metrics.put(metrics, "views", [(OUT, 40)])
    page = shown(petra, post)
    said = say(page)
    assert "1,208" in said
    assert "Reactions: from 3 on" in said
    assert page.count('class="chart__line"') == 1
    assert said.index("Views") < said.index("Reactions")


def test_a_figure_that_is_not_given_any_more_says_since_when(petra: Browser, world: World, post: pb.Post) -> None:
    metrics = world.metrics.add(post.deliveries[0].id)
    series = world.metrics.put(metrics, "reach", [(OUT, 90)])
    series.missing_since.CopyFrom(stamp(datetime(2026, 11, 21, 9, tzinfo=UTC)))
    never = world.metrics.put(metrics, "shares", [])
    never.missing_since.CopyFrom(stamp(OUT))
    said = say(shown(petra, post))
    assert "No longer given by the platform since 21 November 2026 90" in said
    assert "Shares The platform does not give it –" in said


def test_a_platform_that_tells_nothing_is_not_waited_for(petra: Browser, world: World, post: pb.Post) -> None:
    world.metrics.add(post.deliveries[0].id, is_told=False)
    assert "This platform does not tell programs how a post does." in say(shown(petra, post))


def test_votes_of_a_poll_have_their_shares(petra: Browser, world: World, post: pb.Post) -> None:
    poll = metrics_pb2.PollCounts(
        options=[metrics_pb2.PollCount(text="By the river", votes=3), metrics_pb2.PollCount(text="Park", votes=1)],
        voters=4,
    )
    world.metrics.add(post.deliveries[0].id, poll=poll)
    said = say(shown(petra, post))
    assert "By the river 3 75 %" in said
    assert "4 people voted." in said


def test_a_poll_without_votes_has_no_shares() -> None:
    found = figures.doing(metrics_pb2.DeliveryMetrics(
        poll=metrics_pb2.PollCounts(options=[metrics_pb2.PollCount(text="A"), metrics_pb2.PollCount(text="B")])
    ))  # fmt: skip
    assert [(each.votes, each.share) for each in found.options] == [(0, 0), (0, 0)]


def test_the_page_stays_without_figures(petra: Browser, post: pb.Post) -> None:
    page = petra.open(f"/console/posts/{post.id}")
    assert page.status_code == 200
    assert "post__figures" not in page.text


def test_today_names_deliveries_that_wait_for_a_person(petra: Browser, post: pb.Post) -> None:
    post.deliveries[0].state = pb.DELIVERY_STATE_UNKNOWN
    page = petra.open("/console/").text
    assert f"/console/posts/{post.id}#delivery-{post.deliveries[0].id}" in page
    assert "Nobody knows" in page


def test_today_names_accounts_that_fail_and_since_when(petra: Browser, world: World) -> None:
    failing = world.social_channels.add(
        COUNCIL, handle="@failing", state=channels_pb2.CHANNEL_STATE_LIMITED, worked_at=stamp(OUT)
    )
    world.social_channels.add(COUNCIL, handle="@fine")
    page = petra.open("/console/").text
    assert f"/console/channels/{failing.id}" in page
    assert "Lacks a right. It worked last on" in say(page)
    assert "@fine" not in page


def test_today_says_when_a_plugin_is_stopped_that_an_account_stands_on(petra: Browser, world: World) -> None:
    mastodon = next(each for each in world.social_channels.connectors if each.name == "mastodon")
    mastodon.state = channels_pb2.CONNECTOR_STATE_CUT_OFF
    before = petra.open("/console/").text
    world.social_channels.add(COUNCIL)
    after = petra.open("/console/").text
    assert "its plugin failed several times" not in before
    assert "Mastodon: its plugin failed several times" in say(after)


def test_the_list_of_accounts_says_what_worked_last_and_what_the_platform_said(petra: Browser, world: World) -> None:
    world.social_channels.add(
        COUNCIL, state=channels_pb2.CHANNEL_STATE_UNREACHABLE, fault="status 502", worked_at=stamp(OUT)
    )
    said = say(petra.open("/console/channels").text)
    assert "The platform said: status 502" in said
    assert "20 November 2026" in said
