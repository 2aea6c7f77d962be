"""Everybody of an audience gets one message, whatever dies while it goes into the queue."""

import asyncio
import subprocess
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from viche.identity.v1 import events_pb2 as identity_events
from viche.notifications.v1 import events_pb2 as own_events
from viche.petitions.v1 import events_pb2

from tests.integration.notifications.world import PETITION_ID, World, running, until
from viche_chassis.bus import Event
from viche_chassis.db import transaction
from viche_chassis.ids import new_id
from viche_cli.infra.postgres import PostgresServer
from viche_notifications.domain import Lane
from viche_notifications.store import campaigns

CLOSED = events_pb2.PetitionClosed(petition_id=PETITION_ID, number=7)


def reached(threshold: str) -> events_pb2.PetitionThresholdReached:
    return events_pb2.PetitionThresholdReached(petition_id=PETITION_ID, number=7, threshold=threshold, signatures=1234)


async def tell(world: World, said: Message, event_id: UUID | None = None) -> None:
    intake = world.intake()
    handlers = {**intake.petitions_handlers(), **intake.identity_handlers()}
    await handlers[type(said)](Event(event_id or new_id(), said))


async def campaign_of(world: World) -> Any:
    return (await world.rows("SELECT * FROM campaigns"))[0]


def data_of(postgres: PostgresServer, url: str) -> str:
    command = [postgres.bin / "pg_dump", "--data-only", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


async def test_every_signer_gets_one_message_in_their_language(world: World) -> None:
    world.add_signers(25)
    world.petitions.page_size = 10
    await tell(world, reached("answer"))
    tasks = [world.campaigner().run, *(world.worker(Lane.BULK).run for _ in range(2))]
    async with running(*tasks):

        async def all_sent() -> bool:
            return len(world.office.mails) == 25

        await until(all_sent)
    assert sorted({address for address, _ in world.office.mails}) == sorted(f"signer{n}@example.org" for n in range(25))
    (english,) = world.office.to("signer0@example.org")
    (ukrainian,) = world.office.to("signer1@example.org")
    assert english["Subject"] == "1,234 signatures: A park"
    assert "The council debates it." in english.as_string()
    assert ukrainian["Content-Language"] == "uk"
    assert ukrainian["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Рада розгляне її." in ukrainian.get_body(("plain",)).get_content()  # pyright: ignore


async def test_the_end_of_a_campaign_is_said_once_with_its_size(world: World) -> None:
    world.add_signers(25)
    world.petitions.page_size = 10
    await tell(world, CLOSED)
    campaigner = world.campaigner()
    while await campaigner.step():
        pass
    ((payload,),) = await world.rows("SELECT payload FROM outbox")
    said = own_events.AudienceQueued.FromString(payload)
    assert (said.subject, said.template, said.messages) == (f"petition:{PETITION_ID}", "petition_closed", 25)


async def test_the_same_event_again_starts_nothing(world: World) -> None:
    event_id = new_id()
    await tell(world, reached("answer"), event_id)
    await tell(world, reached("answer"), event_id)
    await tell(world, reached("answer"))
    assert len(await world.rows("SELECT * FROM campaigns")) == 1


async def test_every_threshold_and_the_end_have_campaigns_of_their_own(world: World) -> None:
    for said in (reached("answer"), reached("debate"), CLOSED):
        await tell(world, said)
    assert len(await world.rows("SELECT * FROM campaigns")) == 3


async def test_a_campaign_goes_on_where_it_was_when_identity_comes_back(world: World) -> None:
    world.add_signers(30)
    world.petitions.page_size = 10
    await tell(world, CLOSED)
    campaigner = world.campaigner()
    assert await campaigner.step()
    await world.identity_server.close()
    assert await campaigner.step()
    stuck = await campaign_of(world)
    assert (stuck.page_token, stuck.done_at, stuck.attempts) == ("10", None, 1)
    await world.identity_server.open()
    await world.rows("UPDATE campaigns SET next_attempt_at = now()")
    while await campaigner.step():
        pass
    assert (await campaign_of(world)).done_at is not None
    assert await world.rows("SELECT count(*) AS all, count(DISTINCT pseudonym) AS different FROM messages") == [
        (30, 30)
    ]


async def test_two_who_work_on_a_campaign_at_once_do_no_harm(world: World) -> None:
    world.add_signers(10)
    await tell(world, CLOSED)
    async with transaction(world.pool) as conn:
        first = await campaigns.claim(conn, timedelta())
    async with transaction(world.pool) as conn:
        second = await campaigns.claim(conn, timedelta())
    assert first is not None
    assert second is not None
    members = [campaigns.Member(new_id(), number.to_bytes(32), "en", None, b"sealed") for number in range(10)]
    moves: list[bool] = []
    for campaign in (first, second):
        async with transaction(world.pool) as conn:
            page = campaigns.Page([replace(member, message_id=new_id()) for member in members], "next", {})
            moves.append(await campaigns.add_page(conn, campaign, Lane.BULK, page))
    assert moves == [True, False]
    assert await world.rows("SELECT count(*) FROM messages") == [(10,)]


async def test_who_cannot_be_found_any_more_is_left_out(world: World) -> None:
    world.add_signers(3)
    del world.identity.people[world.petitions.signers[1]]
    await tell(world, CLOSED)
    assert await world.campaigner().step()
    assert await world.rows("SELECT count(*) FROM messages") == [(2,)]


async def test_a_campaign_to_nobody_is_done(world: World) -> None:
    await tell(world, CLOSED)
    campaigner = world.campaigner()
    assert await campaigner.step()
    assert not await campaigner.step()
    assert (await campaign_of(world)).done_at is not None


async def test_a_campaign_about_no_petition_is_done(world: World) -> None:
    await tell(world, events_pb2.PetitionClosed(petition_id=str(new_id()), number=8))
    assert await world.campaigner().step()
    assert (await campaign_of(world)).done_at is not None


async def test_thousands_go_into_the_queue_within_seconds(world: World) -> None:
    world.add_signers(5000)
    await tell(world, CLOSED)
    campaigner = world.campaigner()
    while await campaigner.step():
        pass
    assert world.petitions.pages == 5
    assert await world.rows("SELECT count(*) FROM message_contacts") == [(5000,)]


async def test_a_dump_of_the_database_has_no_personal_data(world: World, postgres: PostgresServer) -> None:
    world.add_signers(3)
    await tell(world, CLOSED)
    assert await world.campaigner().step()
    await tell(world, identity_events.SignInLinkRequested(link_id=world.identity.link("ann@example.org")))
    dumped = await asyncio.to_thread(data_of, postgres, world.url)
    assert PETITION_ID in dumped
    for planted in ("signer0", "Signer 0", "ann@example", "tok-", b"example.org".hex()):
        assert planted not in dumped
