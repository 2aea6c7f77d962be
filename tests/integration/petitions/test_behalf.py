"""Drafts that officers write at the desk: the citizen's from the beginning."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest
from viche.identity.v1 import events_pb2 as identity_events
from viche.petitions.v1 import behalf_pb2 as pb
from viche.petitions.v1 import behalf_pb2_grpc, events_pb2, petitions_pb2

from tests.integration.petitions.sponsoring import refusal
from tests.integration.petitions.world import CITY, VILLAGE, World, person, pseudonym, request_id
from viche_chassis.access import Caller
from viche_chassis.consuming import Event
from viche_chassis.testing import FakeChannel, FakeRpcError
from viche_petitions.erasing import Erasing

EMAIL = "olena@example.org"
OLENA = f"{EMAIL}#0"
"""Whom identity knows under the address."""
CLERK = person("clerk", officer_of=CITY)


def behalf(world: World, caller: Caller) -> Any:
    channel: Any = FakeChannel(*world.petitions.register, caller=caller)
    return behalf_pb2_grpc.BehalfServiceStub(channel)


async def write(world: World, caller: Caller = CLERK, /, **fields: Any) -> pb.CreateDraftForResponse:
    """A draft for somebody."""
    values: dict[str, Any] = {
        "request_id": request_id(), "email": EMAIL, "name": "Olena", "language": "uk", "authority_id": str(CITY),
        "title": "Put a bench at the bus stop", "background": "Old people stand there in the rain.",
    }  # fmt: skip
    return await behalf(world, caller).CreateDraftFor(pb.CreateDraftForRequest(**{**values, **fields}))


async def mine(world: World, who: str = OLENA) -> list[pb.Written]:
    return list((await behalf(world, person(who)).ListWrittenForMe(pb.ListWrittenForMeRequest())).petitions)


async def drafts(world: World, who: str) -> list[petitions_pb2.Petition]:
    stub = world.on(person(who))
    return list((await stub.ListMyPetitions(petitions_pb2.ListMyPetitionsRequest())).petitions)


async def update(world: World, draft: petitions_pb2.Petition, who: str, **fields: Any) -> petitions_pb2.Petition:
    values: dict[str, Any] = {
        "request_id": request_id(), "petition_id": draft.id, "version": draft.version, "title": draft.title,
        "background": draft.background, "authority_id": draft.authority_id, "author_name": draft.author_name,
    }  # fmt: skip
    request = petitions_pb2.UpdatePetitionRequest(**{**values, **fields})
    return (await world.on(person(who)).UpdatePetition(request)).petition


async def test_the_draft_is_the_citizens_and_says_when_it_was_written(world: World) -> None:
    await write(world)
    (draft,) = await drafts(world, OLENA)
    assert (draft.title, draft.author_name, draft.state) == (
        "Put a bench at the bus stop", "Olena", petitions_pb2.PETITION_STATE_DRAFT,
    )  # fmt: skip
    (written,) = await mine(world)
    assert (written.petition_id, written.authority_id, written.title) == (draft.id, str(CITY), draft.title)
    assert (written.deleted_at.ToDatetime() - written.written_at.ToDatetime()).days == 30
    assert [each.petition_id for each in await world.events(events_pb2.DraftWrittenFor)] == [draft.id]
    assert await drafts(world, "clerk") == await mine(world, "clerk") == []


async def test_the_citizen_alone_hands_it_in_and_officers_see_who_wrote_it_then(world: World) -> None:
    await write(world)
    (draft,) = await drafts(world, OLENA)
    ask = pb.GetWriterRequest(petition_id=draft.id)
    assert await refusal(update(world, draft, "clerk", submit=True)) == "PETITION_NOT_FOUND"
    assert await refusal(behalf(world, CLERK).GetWriter(ask)) == "PETITION_NOT_FOUND"
    await update(world, draft, OLENA, submit=True)
    found = await behalf(world, CLERK).GetWriter(ask)
    assert found.officer == pseudonym("authors", "clerk")
    assert found.HasField("written_at")
    elsewhere = person("other", officer_of=VILLAGE)
    assert await refusal(behalf(world, elsewhere).GetWriter(ask)) == "NOT_YOUR_AUTHORITY"
    assert not (await mine(world))[0].HasField("deleted_at")


async def test_nobody_wrote_what_its_author_did(world: World) -> None:
    made = await world.draft()
    assert await behalf(world, CLERK).GetWriter(pb.GetWriterRequest(petition_id=made.id)) == pb.GetWriterResponse()


async def test_officers_write_to_their_own_authorities_alone(world: World) -> None:
    assert await refusal(write(world, authority_id=str(VILLAGE))) == "NOT_YOUR_AUTHORITY"
    assert await refusal(write(world, authority_id=str(uuid.uuid4()))) == "UNKNOWN_AUTHORITY"
    assert await drafts(world, OLENA) == []


async def test_the_same_request_makes_one_draft_even_at_once(world: World) -> None:
    id = request_id()
    await asyncio.gather(*(write(world, request_id=id) for _ in range(3)))
    assert len(await drafts(world, OLENA)) == 1
    assert await refusal(write(world, request_id=id, name="Somebody else")) == "REQUEST_MISMATCH"


async def test_addresses_that_are_known_and_unknown_look_the_same(world: World) -> None:
    for number in range(5):  # as many drafts of their own as one may have
        await world.draft(OLENA, title=f"Repair the bridge number {number}")
    known, unknown = await write(world), await write(world, email="nobody@example.org")
    assert known.SerializeToString() == unknown.SerializeToString() == b""
    remembered = await world.rows("SELECT response FROM requests WHERE caller LIKE '%%' || %s", _author("clerk"))
    assert [bytes(response) for (response,) in remembered] == [b"", b""]


def _author(who: str) -> str:
    claims = person(who).person
    assert claims is not None
    return claims.author


async def test_three_drafts_wait_for_an_address_and_no_more_even_at_once(world: World) -> None:
    officers = [person(f"clerk {number}", officer_of=CITY) for number in range(5)]
    outcomes = await asyncio.gather(*(refused(write(world, each)) for each in officers))
    assert sorted(outcomes) == ["", "", "", "TOO_MANY_WRITTEN", "TOO_MANY_WRITTEN"]
    (draft, *_) = await drafts(world, OLENA)
    await update(world, draft, OLENA, submit=True)
    await write(world)


async def refused(call: Any) -> str:
    """Why a call fails; empty where it does not."""
    try:
        await call
    except FakeRpcError as error:
        return error.reason
    return ""


async def test_twenty_an_hour_and_then_the_next_officer(world: World) -> None:
    for number in range(20):
        await write(world, email=f"person{number}@example.org")
    assert await refusal(write(world)) == "TOO_MANY_REQUESTS"
    await write(world, person("another", officer_of=CITY))


@pytest.mark.parametrize(
    "fields", [{"email": "no address"}, {"name": "  "}, {"title": "short"}, {"language": "???"}, {"name": "n" * 101}]
)
async def test_what_cannot_be_is_refused(world: World, fields: dict[str, Any]) -> None:
    assert await refusal(write(world, **fields)) == "INVALID_FIELDS"
    assert await world.rows("SELECT 1 FROM petitions") == []


async def test_what_nobody_touches_goes_after_thirty_days(world: World) -> None:
    await write(world)
    await write(world, title="Another bench at the other stop")
    changed = next(each for each in await drafts(world, OLENA) if each.title.startswith("Another"))
    await update(world, changed, OLENA, background="I have thought about it.")
    await age(world, 29)
    await world.petitions.housekeeping.sweep()
    assert len(await drafts(world, OLENA)) == 2
    await age(world, 2)
    await world.petitions.housekeeping.sweep()
    assert [each.id for each in await drafts(world, OLENA)] == [changed.id]


async def age(world: World, days: int) -> None:
    """As if so many days had passed."""
    await world.rows("ALTER TABLE drafts_written DISABLE TRIGGER drafts_written_immutable")
    await world.rows("UPDATE drafts_written SET written_at = written_at - make_interval(days => %s)", days)
    await world.rows("ALTER TABLE drafts_written ENABLE TRIGGER drafts_written_immutable")


async def test_who_wrote_it_never_changes(world: World) -> None:
    await write(world)
    with pytest.raises(Exception, match="rows of drafts_written never change"):
        await world.rows("UPDATE drafts_written SET officer = ''")


async def test_it_is_erased_with_the_person(world: World) -> None:
    await write(world)
    (handed_in,) = await drafts(world, OLENA)
    await update(world, handed_in, OLENA, submit=True)
    await write(world, title="Another bench at the other stop")
    await write(world, email="other@example.org")
    erased = identity_events.PersonErased(author=pseudonym("authors", OLENA), hides_name=True)
    await Erasing(world.pool).erased(Event(uuid.uuid4(), erased))
    assert await mine(world) == []
    assert [each.id for each in await drafts(world, OLENA)] == [handed_in.id]
    assert len(await world.rows("SELECT 1 FROM drafts_written")) == 1
