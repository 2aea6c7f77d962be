"""A website's feed is an account of its authority: connected, counted, asked conditionally, never written to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from viche.social.v1 import channels_pb2, posts_pb2, register_pb2

from tests.integration.social import world as worlds
from tests.integration.social.world import CITY, GATEWAY, World, request_id
from viche_chassis.errors import DomainError
from viche_connector_feeds.fake import WebsiteFake
from viche_connector_feeds.spec import FEED
from viche_sdk.connectors.kit.clock import KitClock


@pytest.fixture
def fake() -> Iterator[WebsiteFake]:
    made = WebsiteFake(FEED, KitClock(), None)
    yield made
    made.close()


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.world(migrated("social"), tmp_path, (FEED,)) as made:
        yield made


async def connected(world: World, port: int, path: str = "/news/feed.xml") -> channels_pb2.Channel:
    request = channels_pb2.ConnectChannelRequest(
        request_id=request_id(), authority_id=str(CITY), connector="feed",
        values={"address": f"http://127.0.0.1:{port}{path}"},
    )  # fmt: skip
    return (await world.channels().ConnectChannel(request)).channel


async def test_a_website_is_counted_and_sent_once_as_long_as_it_does_not_change(
    world: World, fake: WebsiteFake
) -> None:
    channel = await connected(world, fake.start())
    await world.social.counting.count()
    asked = channels_pb2.RefreshChannelRequest(request_id=request_id(), channel_id=channel.id)
    refreshed = (await world.renewed().channels().RefreshChannel(asked)).channel
    (account,) = (await world.register(GATEWAY).ListAccounts(register_pb2.ListAccountsRequest())).accounts
    counted = await world.rows("SELECT metric, value FROM figures ORDER BY metric")

    assert (channel.name, channel.granted) == ("Новини міста", ["metrics.account"])
    assert (account.platform, account.url) == ("website", "https://city.example/news")
    assert counted == [("followers", None), ("posts", 2)]
    assert refreshed.state == channels_pb2.CHANNEL_STATE_GOOD
    # the first answer is kept sealed for whichever process asks next
    assert (len(fake.requests), fake.sent_whole) == (3, 2)
    [kept] = await world.rows("SELECT sealed FROM channel_sessions")
    assert "Новини".encode() not in bytes(kept[0])


async def test_an_address_without_a_feed_is_refused(world: World, fake: WebsiteFake) -> None:
    with pytest.raises(DomainError) as refused:
        await connected(world, fake.start(), "/elsewhere.xml")

    assert refused.value.reason == "ACCOUNT_REFUSED"


async def test_no_post_goes_to_a_website(world: World, fake: WebsiteFake) -> None:
    channel = await connected(world, fake.start())
    content = posts_pb2.PostContent(
        kind=posts_pb2.POST_KIND_MOMENTS,
        text={"en": "The bridge is open"},
        variants=[posts_pb2.Variant(channel_id=channel.id)],
    )
    request = posts_pb2.CheckPostRequest(authority_id=str(CITY), content=content)

    problems = (await world.posts().CheckPost(request)).problems

    assert "publish.text" in [each.value for each in problems]
