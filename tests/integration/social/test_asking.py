"""How posts do: asked of a server that speaks Mastodon's API, in a falling rhythm, and kept over time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from viche.social.v1 import metrics_pb2, metrics_pb2_grpc, posts_pb2

from tests.integration.social.test_posts import Clock, content
from tests.integration.social.world import PRESS, VILLAGE, World, person
from viche_chassis.access import Caller
from viche_chassis.errors import DomainError
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.messages import Reply, Request
from viche_sdk.connectors.testing import Failure


class CountingFake(MastodonFake):
    """Counts what was asked for, and may leave a figure out."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked = 0
        self.left_out = ""
        self.favourites = 3

    def handle(self, request: Request) -> Reply:
        self.asked += request.method == "GET" and re.fullmatch(r"/api/v1/statuses/\d+", request.path) is not None
        return super().handle(request)

    def _entity(self, status: Any) -> dict[str, Any]:
        entity = {**super()._entity(status), "favourites_count": self.favourites}
        return {name: value for name, value in entity.items() if name != self.left_out}


@pytest.fixture
def fake() -> Iterator[CountingFake]:
    made = CountingFake(MASTODON, Clock(), None)
    yield made
    made.close()


@pytest.fixture
async def channel(world: World, fake: CountingFake) -> str:
    return await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])


@pytest.fixture
async def post(world: World, channel: str) -> posts_pb2.Post:
    return await world.sent((await world.approved(content(channel))).id)


async def got(world: World, post: posts_pb2.Post, caller: Caller = PRESS) -> metrics_pb2.DeliveryMetrics:
    request = metrics_pb2.GetPostMetricsRequest(post_id=post.id)
    return (await world.stub(metrics_pb2_grpc.MetricsServiceStub, caller).GetPostMetrics(request)).deliveries[0]


async def due(world: World) -> None:
    await world.rows("UPDATE askings SET next_at = now() - interval '1 second' WHERE next_at IS NOT NULL")
    await world.rows("UPDATE channels SET not_before = NULL")


def series(found: metrics_pb2.DeliveryMetrics) -> dict[str, list[int]]:
    return {each.metric: [point.value for point in each.points] for each in found.metrics}


async def test_figures_come_one_after_another_in_the_order_of_time(
    world: World, fake: CountingFake, post: posts_pb2.Post
) -> None:
    await world.social.posts.asking.look()
    fake.favourites = 8
    await due(world)
    await world.social.posts.asking.look()
    found = await got(world, post)

    assert found.is_told
    assert series(found) == {"comments": [2, 2], "reactions": [3, 8], "shares": [3, 3]}
    assert found.HasField("answered_at")
    assert found.next_at.seconds - found.answered_at.seconds == 3600


async def test_nobody_is_asked_before_the_time(world: World, fake: CountingFake, post: posts_pb2.Post) -> None:
    await world.social.posts.asking.look()
    await world.social.posts.asking.look()

    assert fake.asked == 1


async def test_a_post_of_last_week_is_asked_about_daily(world: World, post: posts_pb2.Post) -> None:
    await world.rows("UPDATE deliveries SET published_at = now() - interval '7 days'")
    await world.social.posts.asking.look()
    found = await got(world, post)

    assert found.next_at.seconds - found.answered_at.seconds == 86_400


async def test_after_three_months_nothing_is_asked_and_all_figures_stay(
    world: World, fake: CountingFake, post: posts_pb2.Post
) -> None:
    await world.social.posts.asking.look()
    await world.rows("UPDATE deliveries SET published_at = now() - interval '91 days'")
    await due(world)
    await world.social.posts.asking.look()
    await due(world)
    await world.social.posts.asking.look()
    found = await got(world, post)

    assert fake.asked == 2
    assert not found.HasField("next_at")
    assert series(found)["reactions"] == [3, 3]


async def test_a_figure_that_is_not_given_any_more_is_missing_alone_and_says_since_when(
    world: World, fake: CountingFake, post: posts_pb2.Post
) -> None:
    await world.social.posts.asking.look()
    fake.left_out = "favourites_count"
    await due(world)
    await world.social.posts.asking.look()
    missing = {each.metric: each for each in (await got(world, post)).metrics}
    fake.left_out = ""
    await due(world)
    await world.social.posts.asking.look()
    back = {each.metric: each for each in (await got(world, post)).metrics}

    assert missing["reactions"].HasField("missing_since")
    assert "favourites_count" in missing["reactions"].reason
    assert [point.value for point in missing["reactions"].points] == [3]
    assert not missing["shares"].HasField("missing_since")
    assert len(missing["shares"].points) == 2
    assert not back["reactions"].HasField("missing_since")


async def test_a_platform_that_does_not_answer_is_asked_again_later(
    world: World, fake: CountingFake, post: posts_pb2.Post
) -> None:
    fake.fail_next(Failure.FAULT)
    await world.social.posts.asking.look()
    failed = await got(world, post)
    await due(world)
    await world.social.posts.asking.look()
    found = await got(world, post)

    assert failed.fault == "Transient"
    assert failed.HasField("next_at")
    assert not failed.metrics
    assert (found.fault, series(found)["reactions"]) == ("", [3])


async def test_an_account_whose_secrets_cannot_be_opened_ends_nothing_and_the_others_are_asked(
    world: World, fake: CountingFake, channel: str, post: posts_pb2.Post
) -> None:
    await world.rows("UPDATE channel_secrets SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)")
    await world.social.posts.asking.look()
    found = await got(world, post)

    assert fake.asked == 0
    assert found.fault == "Transient"
    assert found.HasField("next_at")


async def test_what_waits_at_a_paused_account_does_not_keep_others_from_being_asked(
    world: World, fake: CountingFake, post: posts_pb2.Post
) -> None:
    other = CountingFake(MASTODON, Clock(), None)
    try:
        paused = await world.connect(f"http://127.0.0.1:{other.start()}", other.secrets["access_token"])
        await world.rows("UPDATE channels SET state = 'paused' WHERE id = %s", paused)
        await world.approved(content(paused, "Наступний допис"))
        await world.social.posts.asking.look()
    finally:
        other.close()

    assert fake.asked == 1


async def test_posting_comes_first(world: World, fake: CountingFake, channel: str, post: posts_pb2.Post) -> None:
    other = await world.approved(content(channel, "Наступний допис"))
    await world.social.posts.asking.look()
    before = fake.asked
    await world.sent(other.id)
    await world.social.posts.asking.look()

    assert (before, fake.asked) == (0, 2)


async def test_an_account_whose_consent_has_ended_is_not_asked(
    world: World, fake: CountingFake, post: posts_pb2.Post
) -> None:
    await world.rows("UPDATE channels SET state = 'expired'")
    await world.social.posts.asking.look()

    assert fake.asked == 0


async def test_two_processes_ask_once(world: World, fake: CountingFake, post: posts_pb2.Post) -> None:
    await world.social.posts.asking.look()
    await world.renewed().social.posts.asking.look()

    assert fake.asked == 1


async def test_a_post_that_is_gone_keeps_its_figures_and_gives_no_more(
    world: World, fake: CountingFake, post: posts_pb2.Post
) -> None:
    await world.social.posts.asking.look()
    fake.statuses.clear()
    await due(world)
    await world.social.posts.asking.look()
    found = await got(world, post)

    assert {each.metric for each in found.metrics if each.HasField("missing_since")} == set(series(found))


async def test_counts_of_a_poll_come_until_it_is_closed(world: World, fake: CountingFake, channel: str) -> None:
    asked = posts_pb2.PostPoll(
        question={"uk": "Де ставити лавку?"},
        options=[posts_pb2.PollChoice(text={"uk": text}) for text in ("Біля річки", "У парку")],
        open_for_s=86_400,
    )
    wanted = content(channel, "Оберіть місце", poll=asked)
    wanted.kind = posts_pb2.POST_KIND_POLL
    post = await world.sent((await world.approved(wanted)).id)
    fake.vote(fake.shown()[0], 1)
    await world.social.posts.asking.look()
    found = (await got(world, post)).poll
    (status,) = fake.statuses.values()
    status.ends_at = fake.clock.now().replace(year=2000)
    await due(world)
    await world.social.posts.asking.look()
    closed = (await got(world, post)).poll
    (row,) = await world.rows("SELECT next_at FROM askings WHERE what = 'poll'")

    assert [(each.text, each.votes) for each in found.options] == [("Біля річки", 0), ("У парку", 1)]
    assert (found.voters, found.is_closed, closed.is_closed) == (1, False, True)
    assert row[0] is None


async def test_officers_of_another_authority_are_told_nothing(world: World, post: posts_pb2.Post) -> None:
    with pytest.raises(DomainError) as refused:
        await got(world, post, person("stranger", at=VILLAGE))

    assert refused.value.reason == "NOT_YOUR_AUTHORITY"
