"""Tokens are renewed before they end, over PostgreSQL, at a server that gives consents as platforms do."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from viche.social.v1 import channels_pb2

from tests.integration.social import world as worlds
from tests.integration.social.world import CITY, World, request_id
from viche_chassis.db import reading
from viche_chassis.errors import DomainError
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.testing import Failure, Reply, Request, reply
from viche_sdk.connectors.types import Field, FieldKind, FieldOwner, Localized, OAuth
from viche_social.store import channel_secrets

ID, SECRET = "viche", "s3 & cret"
APP = tuple(
    Field(name, Localized.of(en=name), Localized.of(en=name), kind, FieldOwner.APP)
    for name, kind in (("client_id", FieldKind.TEXT), ("client_secret", FieldKind.SECRET))
)
CONSENTING = replace(
    MASTODON,
    fields=(*(each for each in MASTODON.fields if each.name == "server"), *APP),
    oauth=OAuth("{server}/oauth/authorize", "{server}/oauth/token", ("write",), shows_itself_in_header=True),
)


class Clock(KitClock):
    """The fake keeps the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class ConsentingFake(MastodonFake):
    """Gives tokens for two hours, and a new refresh token each time: the old one is taken no more."""

    def __init__(self) -> None:
        super().__init__(CONSENTING, Clock(), None)
        self.given = 0
        self.refused: tuple[int, dict[str, str]] | None = None

    def handle(self, request: Request) -> Reply:
        if request.path != "/oauth/token":
            return super().handle(request)
        form = dict(parse_qsl(request.body.decode()))
        if self.refused:
            return reply(self.refused[1], self.refused[0])
        basic = base64.b64encode(b"viche:s3+%26+cret").decode()
        if request.headers.get("authorization") != f"Basic {basic}" or "client_secret" in form:
            return reply({"error": "invalid_client"}, 401)
        is_known = form.get("code") == "code" or form.get("refresh_token") == self.secrets["refresh_token"]
        if not is_known:
            return reply({"error": "invalid_grant", "error_description": "token was used"}, 400)
        self.given += 1
        self.secrets = {"access_token": f"access-{self.given}", "refresh_token": f"refresh-{self.given}"}
        return reply({**self.secrets, "token_type": "bearer", "expires_in": 7200})


@pytest.fixture
def fake() -> Iterator[ConsentingFake]:
    made = ConsentingFake()
    yield made
    made.close()


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    applications = tmp_path / "connectors.toml"
    applications.write_text(f'[mastodon]\nclient_id = "{ID}"\nclient_secret = "{SECRET}"\n')
    async with worlds.world(migrated("social"), tmp_path, (CONSENTING,), connectors=str(applications)) as made:
        yield made


@pytest.fixture
async def channel(world: World, fake: ConsentingFake) -> str:
    fake.secrets = {"access_token": "none", "refresh_token": "none"}
    return await consented(world, f"http://127.0.0.1:{fake.start()}")


async def consented(world: World, server: str = "", channel: str = "") -> str:
    """A person has been at the platform and back; gives the channel."""
    asked = channels_pb2.BeginConsentRequest(
        request_id=request_id(), authority_id=str(CITY), connector="mastodon", values={"server": server},
        channel_id=channel,
    )  # fmt: skip
    url = (await world.channels().BeginConsent(asked)).url
    state = parse_qs(urlsplit(url).query)["state"][0]
    back = channels_pb2.FinishConsentRequest(request_id=request_id(), state=state, code="code")
    return (await world.channels().FinishConsent(back)).channel.id


async def get(world: World, channel: str) -> channels_pb2.Channel:
    return (await world.channels().GetChannel(channels_pb2.GetChannelRequest(channel_id=channel))).channel


async def refreshed(world: World, channel: str) -> channels_pb2.Channel:
    asked = channels_pb2.RefreshChannelRequest(request_id=request_id(), channel_id=channel)
    return (await world.channels().RefreshChannel(asked)).channel


async def due(world: World, *, again: bool = False) -> None:
    """The tokens are about to end."""
    await world.rows("UPDATE channel_secrets SET renew_at = now() WHERE renew_at IS NOT NULL")
    if again:
        await world.rows("UPDATE channel_secrets SET changed_at = changed_at - interval '1 hour'")


async def renewing(world: World) -> tuple[Any, ...]:
    [row] = await world.rows(
        "SELECT renew_at - now() AS wait, claimed_until, failures, refused_at IS NOT NULL AS refused"
        " FROM channel_secrets"
    )
    return row


async def test_a_new_consent_is_renewed_in_its_time(world: World, fake: ConsentingFake, channel: str) -> None:
    wait = (await renewing(world))[0].total_seconds()
    await world.social.posts.renewing.look()

    assert 7200 * 0.59 < wait < 7200 * 0.81
    assert fake.given == 1


async def test_new_tokens_take_the_place_of_old_ones_and_work(world: World, fake: ConsentingFake, channel: str) -> None:
    for number in (2, 3):
        await due(world)
        await world.social.posts.renewing.look()
        assert fake.given == number

    # the fake takes none but the newest
    assert (await refreshed(world, channel)).state == channels_pb2.CHANNEL_STATE_GOOD
    assert (await renewing(world))[1:] == (None, 0, False)
    assert fake.secrets["refresh_token"] == "refresh-3"


async def test_several_processes_renew_once(world: World, fake: ConsentingFake, channel: str) -> None:
    await due(world)

    await asyncio.gather(*(each.social.posts.renewing.look() for each in (world, world.renewed(), world.renewed())))

    assert fake.given == 2
    assert (await refreshed(world, channel)).state == channels_pb2.CHANNEL_STATE_GOOD


@pytest.mark.parametrize(
    "failure", [Failure.FAULT, Failure.RATE_LIMIT, Failure.MAINTENANCE, Failure.LOGIN_PAGE, Failure.UNHEARD]
)
async def test_an_outage_while_renewing_disconnects_nobody(
    world: World, fake: ConsentingFake, channel: str, failure: Failure
) -> None:
    await due(world)
    fake.fail_next(failure)
    await world.social.posts.renewing.look()
    wait, claimed_until, failures, is_refused = await renewing(world)
    after = await get(world, channel)
    await due(world)
    await world.social.posts.renewing.look()

    assert (claimed_until, failures, is_refused) == (None, 1, False)
    assert 40 < wait.total_seconds() < 180
    assert after.state == channels_pb2.CHANNEL_STATE_GOOD
    assert fake.given == 2
    assert (await renewing(world))[2] == 0


async def test_how_late_a_renewal_is_does_not_begin_anew_with_each_try(
    world: World, fake: ConsentingFake, channel: str
) -> None:
    async def late_s() -> float:
        async with reading(world.pool) as conn:
            return await channel_secrets.oldest_renewal_s(conn)

    await world.rows("UPDATE channel_secrets SET renew_at = now() - interval '3 hours'")
    tries: list[float] = []
    for error in ({"error": "invalid_client"}, {"error": "invalid_client"}, None):
        fake.refused = (401, error) if error else None
        await world.social.posts.renewing.look()
        tries.append(await late_s())
        await due(world)

    assert [round(each / 3600) for each in tries] == [3, 3, 0]


@pytest.mark.parametrize("error", ["invalid_client", "temporarily_unavailable"])
async def test_what_is_no_fault_of_the_consent_does_not_end_it(
    world: World, fake: ConsentingFake, channel: str, error: str
) -> None:
    await due(world)
    fake.refused = (401, {"error": error})
    await world.social.posts.renewing.look()

    assert (await get(world, channel)).state == channels_pb2.CHANNEL_STATE_GOOD
    assert (await renewing(world))[2:] == (1, False)


async def test_a_refusal_asks_for_a_person_and_stays_until_one_comes(
    world: World, fake: ConsentingFake, channel: str
) -> None:
    await due(world)
    fake.refused = (400, {"error": "invalid_grant", "error_description": "the person took it back"})
    await world.social.posts.renewing.look()
    refused = await get(world, channel)
    # the last token is good for a while yet
    asked = await refreshed(world, channel)
    fake.refused = None
    await world.social.posts.renewing.look()
    still = await get(world, channel)
    await consented(world, channel=channel)
    renewed = await get(world, channel)

    assert (refused.state, refused.fault) == (channels_pb2.CHANNEL_STATE_EXPIRED, "the person took it back")
    assert (asked.state, asked.fault) == (refused.state, refused.fault)
    assert still.state == channels_pb2.CHANNEL_STATE_EXPIRED
    assert (renewed.state, fake.given) == (channels_pb2.CHANNEL_STATE_GOOD, 2)
    assert (await renewing(world))[3] is False


async def test_a_refusal_does_not_end_a_pause(world: World, fake: ConsentingFake, channel: str) -> None:
    asked = channels_pb2.PauseChannelRequest(request_id=request_id(), channel_id=channel, is_paused=True)
    await world.channels().PauseChannel(asked)
    fake.refused = (400, {"error": "invalid_grant"})
    await due(world)
    await world.social.posts.renewing.look()

    assert (await renewing(world))[3] is True
    assert (await get(world, channel)).state == channels_pb2.CHANNEL_STATE_PAUSED


async def test_a_token_that_ends_before_its_time_is_renewed_by_itself(
    world: World, fake: ConsentingFake, channel: str
) -> None:
    fake.secrets["access_token"] = "another"
    expired = await refreshed(world, channel)
    await world.social.posts.renewing.look()
    too_soon = fake.given
    await due(world, again=True)
    await world.social.posts.renewing.look()

    assert expired.state == channels_pb2.CHANNEL_STATE_EXPIRED
    assert too_soon == 1  # it was given a moment ago
    assert (await get(world, channel)).state == channels_pb2.CHANNEL_STATE_GOOD


async def test_consent_that_was_given_anew_meanwhile_is_not_overwritten(
    world: World, fake: ConsentingFake, channel: str
) -> None:
    await due(world)
    renewals = world.social.posts.renewing
    exchanged = renewals._exchanged

    async def slow(*args: Any) -> dict[str, str]:
        tokens = await exchanged(*args)
        await consented(world, channel=channel)
        return tokens

    renewals._exchanged = slow  # a person is faster than the platform's answer
    await renewals.look()

    assert fake.given == 3
    assert (await refreshed(world, channel)).state == channels_pb2.CHANNEL_STATE_GOOD


async def test_a_process_that_is_told_to_end_keeps_tokens_that_are_on_their_way(
    world: World, fake: ConsentingFake, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await due(world)
    renewals = world.social.posts.renewing
    exchanged, is_given, may_go_on = renewals._exchanged, asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> dict[str, str]:
        tokens = await exchanged(*args)
        is_given.set()
        await may_go_on.wait()
        return tokens

    # the platform takes the old token no more, and its answer is still on its way
    monkeypatch.setattr(renewals, "_exchanged", slow)
    looking = asyncio.create_task(renewals.look())
    await is_given.wait()
    for _ in range(3):
        looking.cancel()
        await asyncio.sleep(0)
    may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await looking

    assert fake.given == 2
    assert (await refreshed(world, channel)).state == channels_pb2.CHANNEL_STATE_GOOD


async def test_a_disconnected_account_is_not_renewed(world: World, fake: ConsentingFake, channel: str) -> None:
    await due(world)
    ending = channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=channel)
    await world.channels().DisconnectChannel(ending)
    await world.social.posts.renewing.look()

    assert fake.given == 1
    assert await world.rows("SELECT 1 FROM channel_secrets") == []


async def test_no_token_is_kept_in_the_clear(world: World, fake: ConsentingFake, channel: str) -> None:
    await due(world)
    await world.social.posts.renewing.look()
    kept = await world.rows(
        "SELECT k::text AS kept FROM channel_secrets k UNION ALL SELECT r::text FROM requests r"
        " UNION ALL SELECT convert_from(response, 'LATIN1') FROM requests"
    )

    assert kept
    assert not [row for row in kept if "access-" in row[0] or "refresh-" in row[0]]


async def test_the_address_of_a_round_is_not_kept_and_a_repeat_begins_its_own(
    world: World, fake: ConsentingFake
) -> None:
    server = f"http://127.0.0.1:{fake.start()}"
    asked = channels_pb2.BeginConsentRequest(
        request_id=request_id(), authority_id=str(CITY), connector="mastodon", values={"server": server}
    )
    states = [parse_qs(urlsplit((await world.channels().BeginConsent(asked)).url).query)["state"][0] for _ in range(2)]
    kept = await world.rows("SELECT response FROM requests")
    for state in states:
        back = channels_pb2.FinishConsentRequest(request_id=request_id(), state=state, code="")
        with pytest.raises(DomainError) as refused:  # as one who said no; a round that is not there is not found
            await world.channels().FinishConsent(back)
        assert refused.value.reason == "CONSENT_REFUSED"

    assert len(set(states)) == 2
    assert [bytes(row[0]) for row in kept] == [b""]
