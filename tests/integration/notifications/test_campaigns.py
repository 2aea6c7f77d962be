"""Everybody of an audience gets one message, whatever dies while it goes into the queue."""

import asyncio
import subprocess
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import events_pb2 as identity_events
from viche.notifications.v1 import events_pb2 as own_events
from viche.petitions.v1 import events_pb2, petitions_pb2

from tests.integration.notifications.world import PETITION_ID, World, running, until
from viche_chassis.consuming import Event
from viche_chassis.db import transaction
from viche_chassis.ids import new_id
from viche_cli.infra.postgres import PostgresServer
from viche_notifications.domain.messages import Lane
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
    members = [campaigns.Member(new_id(), number.to_bytes(32), "signer", "en", None, b"sealed") for number in range(10)]
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


async def test_the_author_alone_is_told_that_their_petition_was_rejected(world: World) -> None:
    world.set_author(language="uk")
    world.add_signers(2)
    world.petitions.petition.rejection.CopyFrom(petitions_pb2.Rejection(note="It is not ours.", language="en"))
    await tell(world, events_pb2.PetitionRejected(petition_id=PETITION_ID, number=7))
    async with running(world.campaigner().run, world.worker(Lane.URGENT).run, world.worker(Lane.BULK).run):

        async def is_sent() -> bool:
            return bool(world.office.mails)

        await until(is_sent)
    ((receiver, mail),) = world.office.mails
    assert receiver == "author@example.org"
    assert mail["Content-Language"] == "uk"
    assert mail["List-Unsubscribe"] is None
    text = mail.get_body(("plain",)).get_content()  # pyright: ignore
    assert "It is not ours." in text
    assert f"/uk/drafts/{PETITION_ID}/rejected" in text


async def test_the_author_is_told_that_their_petition_opened_once(world: World) -> None:
    world.set_author()
    opened, event_id = events_pb2.PetitionOpened(petition_id=PETITION_ID, number=7), new_id()
    for said in (event_id, event_id, new_id()):
        await tell(world, opened, said)
    campaigner = world.campaigner()
    while await campaigner.step():
        pass
    rows = await world.rows("SELECT template, lane, language, pseudonym, params FROM messages")
    assert rows == [("petition_opened", "urgent", "en", b"", {"role": "author"})]


async def test_author_signers_and_followers_are_told_once_each_as_what_they_are(world: World) -> None:
    world.set_author("Signer0@example.org")
    world.add_signers(3)
    world.add_follower("follower@example.org")
    world.petitions.page_size = 2
    await tell(world, events_pb2.PetitionStepTaken(petition_id=PETITION_ID, number=7, event="verified"))
    async with running(world.campaigner().run, world.worker(Lane.BULK).run):

        async def all_sent() -> bool:
            return len(world.office.mails) == 4

        await until(all_sent)
        await asyncio.sleep(0.3)
    rows = await world.rows("SELECT params ->> 'role' AS role, count(*) FROM messages GROUP BY 1 ORDER BY 1")
    assert rows == [("author", 1), ("follower", 1), ("signer", 2)]
    assert len({address.lower() for address, _ in world.office.mails}) == 4
    (mail,) = world.office.to("follower@example.org")
    assert "because you follow this petition" in mail.get_body(("plain",)).get_content()  # pyright: ignore


async def test_removed_signatures_are_told_of_once_per_decision_and_later(world: World) -> None:
    world.set_author()
    at = Timestamp(seconds=1_790_000_000)
    removal = petitions_pb2.Removal(reason="bought", signatures=12, at=at)
    world.petitions.petition.removals.CopyFrom(petitions_pb2.Removals(signatures=12, items=[removal]))
    for _ in range(3):
        await tell(world, events_pb2.SignaturesInvalidated(petition_id=PETITION_ID, signature_ids=[str(new_id())]))
    campaigner = world.campaigner()
    assert not await campaigner.step()
    await world.rows("UPDATE campaigns SET next_attempt_at = now()")
    while await campaigner.step():
        pass
    assert (await campaign_of(world)).params["removed"] == 12
    assert await world.rows("SELECT template FROM messages") == [("signatures_removed",)]


async def test_an_author_who_cannot_be_found_keeps_nobody_waiting(world: World) -> None:
    await tell(world, events_pb2.PetitionOpened(petition_id=PETITION_ID, number=7))
    campaigner = world.campaigner()
    assert await campaigner.step()
    assert (await campaign_of(world)).done_at is not None
    assert await world.rows("SELECT * FROM messages") == []
