"""What an officer sees of a platform's bad day: a named state, one copy, the words kept, and nobody disconnected.

The conformance kit proves the same of every connector; here it goes through the service, from approval to the list of
accounts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from viche.social.v1 import channels_pb2 as channels
from viche.social.v1 import posts_pb2 as posts

from tests.integration.social import world as worlds
from tests.integration.social.world import World, request_id
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.testing import Failure

TEXT = "Міст закрито до п'ятниці"
WAITS, BLOCKED = posts.DELIVERY_STATE_WAITING, posts.DELIVERY_STATE_BLOCKED
GOOD, EXPIRED, LIMITED = channels.CHANNEL_STATE_GOOD, channels.CHANNEL_STATE_EXPIRED, channels.CHANNEL_STATE_LIMITED
DOUBT = (WAITS, "OutcomeUnknown")
OUTAGES = {
    Failure.UNHEARD: DOUBT,
    Failure.DROP: DOUBT,
    Failure.HALF: DOUBT,
    Failure.BROKEN: DOUBT,
    Failure.LOGIN_PAGE: DOUBT,
    Failure.EMPTY: DOUBT,
    Failure.ODD: DOUBT,
    Failure.FAULT: DOUBT,
    Failure.MAINTENANCE: (WAITS, "Transient"),
    Failure.RATE_LIMIT: (WAITS, "RateLimited"),
    Failure.CROWDED: (WAITS, "RateLimited"),
}
"""State and name of what went wrong; the platform knows the key, so that a doubt is a call to be made again."""

REFUSALS = {"token revoked": ("AuthExpired", EXPIRED), "right missing": ("PermissionDenied", LIMITED)}
"""Name of what went wrong, and the account's state: an officer must do something."""


class Clock(KitClock):
    """The fake keeps the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.world(migrated("social"), tmp_path) as made:
        yield made


@pytest.fixture
def fake() -> Iterator[MastodonFake]:
    made = MastodonFake(MASTODON, Clock(), None)
    yield made
    made.close()


@pytest.fixture
async def channel(world: World, fake: MastodonFake) -> str:
    return await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])


async def written(world: World, channel: str, text: str) -> posts.Post:
    variants = [posts.Variant(channel_id=channel)]
    return await world.approved(posts.PostContent(kind=posts.POST_KIND_MOMENTS, text={"uk": text}, variants=variants))


async def state_of(world: World, channel: str) -> channels.ChannelState:
    return (await world.channels().GetChannel(channels.GetChannelRequest(channel_id=channel))).channel.state


def copies(fake: MastodonFake, text: str) -> int:
    return sum(each.text == text for each in fake.shown())


def test_every_bad_day_is_in_the_table() -> None:
    assert set(OUTAGES) == set(Failure) - {Failure.HANG}, "a hanging platform is held by the kit"


async def test_an_outage_is_named_and_over_by_itself(world: World, fake: MastodonFake, channel: str) -> None:
    for failure, seen in OUTAGES.items():
        text = f"{TEXT}: {failure}"
        post = await written(world, channel, text)
        fake.fail_next(failure)

        bad = (await world.sent(post.id)).deliveries[0]
        account = await state_of(world, channel)
        await world.hasten()
        good = await world.sent(post.id)

        assert (failure, bad.state, bad.error, account) == (failure, *seen, GOOD)
        assert dict(good.content.text) == {"uk": text}
        assert good.deliveries[0].state == posts.DELIVERY_STATE_PUBLISHED, failure
        assert copies(fake, text) == 1, failure


async def test_a_refusal_keeps_the_post_until_somebody_has_seen_to_it(
    world: World, fake: MastodonFake, channel: str
) -> None:
    faults = {fault.name: fault for fault in fake.faults}
    for name, (error, state) in REFUSALS.items():
        text = f"{TEXT}: {name}"
        post = await written(world, channel, text)
        fake.fail_with(faults[name])

        bad = (await world.sent(post.id)).deliveries[0]
        account = await state_of(world, channel)
        fake.fail_with()
        secrets = {"access_token": fake.secrets["access_token"]}
        renewing = channels.RenewChannelRequest(request_id=request_id(), channel_id=channel, secrets=secrets)
        await world.channels().RenewChannel(renewing)
        good = (await world.sent(post.id)).deliveries[0]

        assert (name, bad.state, bad.error, account) == (name, BLOCKED, error, state)
        assert good.state == posts.DELIVERY_STATE_PUBLISHED, name
        assert await state_of(world, channel) == GOOD
        assert copies(fake, text) == 1, name


async def test_an_outage_while_accounts_are_looked_at_ends_by_itself(
    world: World, fake: MastodonFake, channel: str
) -> None:
    for failure in sorted(OUTAGES):
        asking = channels.RefreshChannelRequest(request_id=request_id(), channel_id=channel)
        fake.fail_next(failure)
        bad = (await world.channels().RefreshChannel(asking)).channel.state
        asking.request_id = request_id()
        await world.hasten()
        good = (await world.channels().RefreshChannel(asking)).channel.state

        assert bad in (GOOD, channels.CHANNEL_STATE_UNREACHABLE), failure
        assert good == GOOD, failure
