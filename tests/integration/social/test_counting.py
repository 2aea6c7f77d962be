"""Connected accounts are in the register, and are counted once a day, through the real connector."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from viche.social.v1 import channels_pb2, presence_pb2, register_pb2

from tests.integration.social.world import CLI, GATEWAY, World, request_id
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.testing import Failure


class Clock(KitClock):
    """The fake keeps the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def fake() -> Iterator[MastodonFake]:
    made = MastodonFake(MASTODON, Clock(), None)
    yield made
    made.close()


@pytest.fixture
async def channel(world: World, fake: MastodonFake) -> str:
    return await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])


async def ranking(world: World) -> list[tuple[str, int]]:
    report = await world.presence(CLI).GetReport(presence_pb2.GetReportRequest())
    return [(row.platform, row.followers) for row in report.ranking]


async def accounts(world: World) -> list[register_pb2.Account]:
    return list((await world.register(GATEWAY).ListAccounts(register_pb2.ListAccountsRequest())).accounts)


@pytest.mark.usefixtures("channel")
async def test_a_connected_account_is_registered_and_counted_once_a_day(world: World, fake: MastodonFake) -> None:
    await world.social.counting.count()
    (account,) = await accounts(world)
    assert (account.platform, account.register, account.external_id != "") == ("mastodon", "channels", True)
    (first,) = await ranking(world)
    assert first[0] == "mastodon"
    asked = len(fake.requests)
    await world.social.counting.count()
    assert len(fake.requests) == asked
    assert await ranking(world) == [first]


@pytest.mark.usefixtures("channel")
async def test_a_platform_that_is_down_is_asked_again_the_same_day(world: World, fake: MastodonFake) -> None:
    fake.fail_next(Failure.UNHEARD)
    await world.social.counting.count()
    assert await ranking(world) == []
    assert await world.rows("SELECT value, reason FROM figures") == [(None, "unreachable")]
    await world.social.counting.count()
    assert len(await ranking(world)) == 1


async def test_a_disconnected_account_ends(world: World, channel: str) -> None:
    await world.social.counting.count()
    request = channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=channel)
    await world.channels().DisconnectChannel(request)
    await world.social.counting.count()
    assert await accounts(world) == []
