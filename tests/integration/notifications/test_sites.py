"""Mails lead to the host of the petition's authority, where it has one."""

from __future__ import annotations

import pytest
from viche.identity.v1 import events_pb2 as identity_events
from viche.petitions.v1 import events_pb2 as petitions_events

from tests.integration.notifications.test_events import got, listening
from tests.integration.notifications.world import CITY, DISTRICT, PETITION_ID, REGION, World
from viche_chassis.errors import Unavailable
from viche_cli.infra.nats import NatsServer
from viche_notifications.sources import Sources


@pytest.mark.parametrize(
    ("authority_id", "host"),
    [(CITY, "petitions.city.example"), (DISTRICT, "petitions.city.example"), (REGION, "viche.example"), ("", "viche.")],
    ids=["its own", "that of the authority above", "none", "unknown"],
)  # fmt: skip
async def test_campaign_leads_to_the_host_of_the_authority(
    world: World, nats: NatsServer, authority_id: str, host: str
) -> None:
    world.petitions.petition.authority_id = authority_id
    world.add_follower("ann@example.org")
    async with listening(world, nats) as line:
        await line.say(
            "petitions", petitions_events.PetitionThresholdReached(petition_id=PETITION_ID, threshold="answer")
        )
        text = await got(world, "ann@example.org")
    assert f"https://{host}" in text
    assert f"{host}" in next(each for each in text.splitlines() if "/unsubscribe/" in each)


async def test_confirmation_leads_to_the_host_and_bears_its_name(world: World, nats: NatsServer) -> None:
    world.petitions.petition.authority_id = CITY
    signature_id = world.petitions.pending("ann@example.org", "Ann")
    async with listening(world, nats) as line:
        await line.say("petitions", petitions_events.SignatureConfirmationRequested(signature_id=signature_id))
        text = await got(world, "ann@example.org")
    assert "https://petitions.city.example/uk/confirm/" in text
    assert "Місто Діброва" in text


@pytest.mark.parametrize(
    ("site", "host"), [("city", "petitions.city.example"), ("", "viche.example"), ("no", "viche.")]
)
async def test_sign_in_link_leads_back_to_where_it_was_asked_for(
    world: World, nats: NatsServer, site: str, host: str
) -> None:
    link_id = world.identity.link("ann@example.org")
    async with listening(world, nats) as line:
        await line.say("identity", identity_events.SignInLinkRequested(link_id=link_id, site=site))
        text = await got(world, "ann@example.org")
    assert f"https://{host}" in text


async def test_what_is_known_of_authorities_outlasts_identity(world: World) -> None:
    facts = await world.sources.sites.of_authority(DISTRICT)
    assert facts["site"] == "city"
    await world.identity_server.close()
    assert await world.sources.sites.of_authority(CITY) == facts


async def test_without_hosts_nobody_is_asked(world: World) -> None:
    await world.identity_server.close()
    sources: Sources = world.sources
    assert await sources.sites.of_slug("elsewhere") == {}
    with pytest.raises(Unavailable):
        await sources.sites.of_slug("city")
