"""Events become mails, over real NATS and real gRPC, whatever is down meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from google.protobuf.message import Message
from viche.identity.v1 import events_pb2 as identity_events
from viche.petitions.v1 import events_pb2 as petitions_events

from tests.integration.notifications.world import PETITION_ID, World, running, until
from viche_chassis import bus, consuming
from viche_chassis.ids import new_id
from viche_cli.infra.nats import NatsServer
from viche_notifications.consumer import CONSUMER
from viche_notifications.domain.messages import Lane


class Line:
    """Says events as identity and petitions do, and hears them as notifications does."""

    def __init__(self, world: World, client: bus.Client) -> None:
        self.client = client
        intake = world.intake()
        name = f"{CONSUMER}-{new_id()}"  # the server is shared by all tests, the database is not
        self.consumers = [
            consuming.Consumer(world.pool, client, "identity", name, intake.identity_handlers()),
            consuming.Consumer(world.pool, client, "petitions", name, intake.petitions_handlers()),
        ]

    async def say(self, area: str, event: Message) -> None:
        await bus.ensure_stream(self.client, area)
        await self.client.jetstream().publish(
            event.DESCRIPTOR.full_name, event.SerializeToString(), headers={"Nats-Msg-Id": str(new_id())}
        )


@asynccontextmanager
async def listening(world: World, nats: NatsServer) -> AsyncIterator[Line]:
    async with bus.connect(nats.url, "test") as client:
        while not client.is_connected:
            await asyncio.sleep(0.02)
        for area in ("identity", "petitions"):  # what other tests have said is not for these people
            await bus.ensure_stream(client, area)
            await client.jetstream().purge_stream(bus.stream_name(area))
        line = Line(world, client)
        lanes = (Lane.URGENT, Lane.BULK)
        tasks = [*(consumer.run for consumer in line.consumers), *(world.worker(lane).run for lane in lanes)]
        async with running(*tasks, world.campaigner().run):
            yield line


async def got(world: World, receiver: str):
    async def has() -> bool:
        return bool(world.office.to(receiver))

    await until(has)
    (mail,) = world.office.to(receiver)
    return mail.get_body(("plain",)).get_content()  # pyright: ignore


async def test_a_sign_in_link_is_mailed(world: World, nats: NatsServer) -> None:
    link_id = world.identity.link("ann@example.org", language="bg")
    async with listening(world, nats) as line:
        await line.say("identity", identity_events.SignInLinkRequested(link_id=link_id))
        text = await got(world, "ann@example.org")
    assert f"https://viche.example/bg/sign-in/tok-{link_id}" in text


@pytest.mark.parametrize("event", [identity_events.PasskeyAdded, identity_events.PasskeyCopied])
async def test_a_person_is_told_of_new_and_copied_passkeys(world: World, nats: NatsServer, event: Any) -> None:
    passkey_id = world.identity.passkey("ann@example.org", "Анна", "uk")
    async with listening(world, nats) as line:
        await line.say("identity", event(passkey_id=passkey_id))
        text = await got(world, "ann@example.org")
    assert "https://viche.example/uk/me/passkeys" in text
    assert "Анна" in text


@pytest.mark.parametrize("is_confirmed", [True, False])
async def test_a_representative_is_told_whether_the_organisation_is_confirmed(
    world: World, nats: NatsServer, is_confirmed: bool
) -> None:
    membership_id = world.identity.decision("ann@example.org", is_confirmed=is_confirmed, reason="No such number.")
    async with listening(world, nats) as line:
        await line.say("identity", identity_events.OrganisationDecided(membership_id=membership_id))
        text = await got(world, "ann@example.org")
    assert "Clean river" in text
    assert ("No such number." in text) != is_confirmed
    assert "https://viche.example/me/organisations" in text


async def test_a_signature_by_mail_is_asked_to_be_confirmed(world: World, nats: NatsServer) -> None:
    signature_id = world.petitions.pending("ann@example.org", "Анна")
    async with listening(world, nats) as line:
        await line.say("petitions", petitions_events.SignatureConfirmationRequested(signature_id=signature_id))
        text = await got(world, "ann@example.org")
    assert "https://viche.example/uk/confirm/conf-token" in text
    assert "Анна" in text
    assert "A park" in text


async def test_signers_are_told_of_the_threshold_and_of_the_end(world: World, nats: NatsServer) -> None:
    world.add_signers(4)
    async with listening(world, nats) as line:
        said = petitions_events.PetitionThresholdReached(
            petition_id=PETITION_ID, number=7, threshold="answer", signatures=3
        )
        await line.say("petitions", said)
        await line.say("petitions", petitions_events.PetitionClosed(petition_id=PETITION_ID, number=7))

        async def all_told() -> bool:
            return len(world.office.mails) == 8

        await until(all_told)
    assert len(world.office.to("signer2@example.org")) == 2


async def test_a_link_that_is_gone_ends_as_expired(world: World, nats: NatsServer) -> None:
    async with listening(world, nats) as line:
        await line.say("identity", identity_events.SignInLinkRequested(link_id=str(new_id())))

        async def is_noted() -> bool:
            return bool(await world.rows("SELECT id FROM messages WHERE state = 'expired' AND template = 'sign_in'"))

        await until(is_noted)
    assert world.office.mails == []


async def test_mails_come_later_when_identity_was_down(
    world: World, nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "RETRY_S", 0.1)
    link_id = world.identity.link("ann@example.org", life=timedelta(hours=1))
    await world.identity_server.close()
    async with listening(world, nats) as line:
        await line.say("identity", identity_events.SignInLinkRequested(link_id=link_id))
        await asyncio.sleep(4)
        await world.identity_server.open()
        await got(world, "ann@example.org")
    assert await world.rows("SELECT * FROM dead_letters") == []


async def test_a_sign_in_link_is_mailed_within_a_second(world: World, nats: NatsServer) -> None:
    loop, took = asyncio.get_running_loop(), [float("inf")]
    async with listening(world, nats) as line:
        # a machine that has much to do holds up one or the other, but not each of them
        while min(took) > 1 and len(took) < 10:
            email = f"ann{len(took)}@example.org"
            link_id, began = world.identity.link(email), loop.time()
            await line.say("identity", identity_events.SignInLinkRequested(link_id=link_id))
            await got(world, email)
            took.append(loop.time() - began)
    assert min(took) <= 1


async def test_an_invited_sponsor_gets_one_mail_with_the_link(world: World, nats: NatsServer) -> None:
    said = petitions_events.SponsorInvited(invitation_id=world.petitions.invited("petro@example.org"))
    async with listening(world, nats) as line:
        await line.say("petitions", said)
        text = await got(world, "petro@example.org")
    assert "/support/support-token" in text
    assert "A park" in text
