"""Rejecting what was handed in: everybody sees why, nobody sees what must be hidden, and it is done once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import moderation_pb2 as pb
from viche.petitions.v1 import petitions_pb2 as petitions

from tests.integration.petitions import world as worlds
from tests.integration.petitions.moderating import (
    AUTHOR,
    CHECKED,
    COLLEAGUE,
    NOTE,
    OFFICER,
    complain,
    decide,
    moderation,
    reject,
)
from tests.integration.petitions.sponsoring import hand_in, link, sponsoring, support
from tests.integration.petitions.world import CITY, VILLAGE, World, person, request_id
from tests.unit.plugin_install import install_plugin
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError

GATEWAY = Caller("gateway")


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    install_plugin(monkeypatch, tmp_path, "checked", CHECKED)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        await made.set_up("checked")
        yield made


async def waiting(world: World, **fields: Any) -> petitions.Petition:
    return await world.draft(workflow="checked", **fields)


async def refusal(call: Any) -> str:
    with pytest.raises(FakeRpcError) as refused:
        await call
    return refused.value.reason


async def listed(world: World, **fields: Any) -> list[int]:
    found = await world.on(GATEWAY).ListPetitions(petitions.ListPetitionsRequest(**fields))
    return [each.number for each in found.petitions]


async def mine(world: World) -> petitions.Petition:
    return (await world.on(AUTHOR).ListMyPetitions(petitions.ListMyPetitionsRequest())).petitions[0]


async def open_(world: World, petition_id: str) -> petitions.Petition:
    request = petitions.OpenPetitionRequest(request_id=request_id(), petition_id=petition_id)
    return (await world.on(OFFICER).OpenPetition(request)).petition


async def test_rejected_petition_is_public_with_its_reason(world: World) -> None:
    made = await waiting(world)
    rejected = await reject(world, made.id, "local")
    shown = await world.get(made.id)
    assert (shown.state, shown.number) == (petitions.PETITION_STATE_REJECTED, rejected.number)
    assert shown.rejection.title.texts["en"] == "Local"
    assert (shown.rejection.note, shown.rejection.complaint_to.texts["en"]) == (NOTE, "the ombudsman")
    assert shown.title == made.title
    assert [each.number for each in await world.events(events_pb2.PetitionRejected)] == [rejected.number]


async def test_rejecting_meets_the_clock_of_the_check(world: World) -> None:
    made = await waiting(world)
    rejected = await reject(world, made.id, "local")
    (check,) = [each for each in rejected.deadlines if each.clock == "check"]
    assert check.HasField("met_at")
    assert [each.event for each in rejected.happenings] == ["submitted", "rejected"]


async def test_rejected_ones_are_listed_only_when_they_are_asked_for(world: World) -> None:
    number = (await reject(world, (await waiting(world)).id, "local")).number
    assert await listed(world) == []
    assert await listed(world, query="bridge") == []
    assert await listed(world, state=petitions.PETITION_STATE_REJECTED) == [number]
    assert await listed(world, state=petitions.PETITION_STATE_REJECTED, query="bridge") == [number]


async def test_text_that_the_reason_hides_is_for_author_and_officers_alone(world: World) -> None:
    made = await waiting(world, author_name="Olena")
    rejected = await reject(world, made.id, "libel")
    shown = await world.get(made.id)
    assert (shown.title, shown.background, shown.author_name) == ("", "", "")
    assert shown.rejection.hides_text
    assert rejected.title == made.title
    assert (await mine(world)).background == made.background
    in_list = await world.on(GATEWAY).ListPetitions(
        petitions.ListPetitionsRequest(state=petitions.PETITION_STATE_REJECTED)
    )
    assert [each.title for each in in_list.petitions] == [""]
    assert await listed(world, state=petitions.PETITION_STATE_REJECTED, query="bridge") == []


async def test_mails_to_the_author_have_the_text_that_is_hidden(world: World) -> None:
    made = await waiting(world)
    await reject(world, made.id, "libel")
    request = petitions.GetPetitionRequest(petition_id=made.id)
    assert (await world.on(Caller("notifications")).GetPetition(request)).petition.title == made.title


async def test_reason_must_be_one_of_the_workflow(world: World) -> None:
    made = await waiting(world)
    assert await refusal(reject(world, made.id, "advertising")) == "UNKNOWN_REASON"


async def test_note_must_say_something(world: World) -> None:
    made = await waiting(world)
    assert await refusal(reject(world, made.id, "local", note="No.")) == "INVALID_FIELDS"


async def test_note_tells_the_number(world: World) -> None:
    made = await waiting(world)
    rejected = await reject(world, made.id, "local", note="Petition {number} is about a road of the state.")
    assert rejected.rejection.note == f"Petition {rejected.number} is about a road of the state."


async def test_duplicate_names_a_petition_that_everybody_can_see(world: World) -> None:
    same = await world.open("somebody else")
    made = await waiting(world)
    assert await refusal(reject(world, made.id, "local", duplicate_of=same.number + 7)) == "INVALID_FIELDS"
    assert (await reject(world, made.id, "local", duplicate_of=same.number)).rejection.duplicate_of == same.number


async def test_officer_of_another_authority_cannot_reject(world: World) -> None:
    made = await waiting(world)
    elsewhere = person("elsewhere", officer_of=VILLAGE)
    assert await refusal(reject(world, made.id, "local", caller=elsewhere)) == "NOT_YOUR_AUTHORITY"


async def test_repeated_rejection_gets_the_same_answer(world: World) -> None:
    made, id = await waiting(world), request_id()
    first = await reject(world, made.id, "local", request_id=id)
    assert await reject(world, made.id, "local", request_id=id) == first


@pytest.mark.parametrize("other", ["reject", "open"])
async def test_of_two_officers_who_decide_at_once_one_wins(world: World, other: str) -> None:
    made = await waiting(world)
    second = reject(world, made.id, "libel", caller=COLLEAGUE) if other == "reject" else open_(world, made.id)
    found = await asyncio.gather(reject(world, made.id, "local"), second, return_exceptions=True)
    failed = [each for each in found if isinstance(each, FakeRpcError)]
    assert [each.reason for each in failed] == ["NOT_SUBMITTED"]
    decided = {each.event for each in (await world.get(made.id)).happenings} - {"submitted"}
    assert len(decided) == 1


async def test_rejection_cannot_be_changed_in_the_database(world: World) -> None:
    await reject(world, (await waiting(world)).id, "local")
    with pytest.raises(Exception, match="rows of rejections never change"):
        await world.rows("UPDATE rejections SET note = 'other'")


async def test_upheld_complaint_lets_the_petition_wait_again_with_its_number(world: World) -> None:
    made = await waiting(world)
    number = (await reject(world, made.id, "libel")).number
    await complain(world, made.id)
    decided = await decide(world, made.id, is_upheld=True)
    assert (decided.state, decided.number) == (petitions.PETITION_STATE_SUBMITTED, number)
    assert not decided.HasField("rejection")
    assert not next(each for each in decided.deadlines if each.clock == "check").HasField("met_at")
    assert await listed(world) == []
    assert await listed(world, state=petitions.PETITION_STATE_SUBMITTED) == []
    assert (await world.get(made.id)).title == ""
    assert (await waiting(world, author="somebody else")).number == 0
    other = await world.open("a third")
    opened = await open_(world, made.id)
    assert (opened.number, opened.title) == (number, made.title)
    assert (await world.get(made.id)).title == made.title
    assert other.number == number + 1


async def test_complaint_that_is_not_upheld_leaves_the_rejection_with_its_decision(world: World) -> None:
    made = await waiting(world)
    number = (await reject(world, made.id, "local")).number
    assert (await complain(world, made.id)).complaint.text.startswith("The town owns")
    await decide(world, made.id, is_upheld=False)
    shown = await world.get(made.id)
    assert shown.state == petitions.PETITION_STATE_REJECTED
    assert (shown.complaint.decision, shown.complaint.text) == ("We have looked it up again.", "")
    assert [each.event for each in shown.happenings][-2:] == ["complaint_made", "complaint_decided"]
    (event,) = await world.events(events_pb2.ComplaintDecided)
    assert (event.number, event.is_upheld) == (number, False)


async def test_complaint_runs_its_clock_until_it_is_decided(world: World) -> None:
    made = await waiting(world)
    await reject(world, made.id, "local")
    before = await complain(world, made.id)
    after = await decide(world, made.id, is_upheld=False)
    met = [each.HasField("met_at") for one in (before, after) for each in one.deadlines if each.clock == "complaint"]
    assert met == [False, True]


async def test_each_rejection_can_be_complained_about_once(world: World) -> None:
    made = await waiting(world)
    await reject(world, made.id, "local")
    await complain(world, made.id)
    assert await refusal(complain(world, made.id)) == "ALREADY_COMPLAINED"
    await decide(world, made.id, is_upheld=True)
    assert await refusal(complain(world, made.id)) == "NOT_REJECTED"
    await reject(world, made.id, "local", caller=COLLEAGUE)
    again = await complain(world, made.id)
    assert not again.complaint.HasField("decided_at")
    assert not next(each for each in again.deadlines if each.clock == "complaint").HasField("met_at")


async def test_whoever_rejected_does_not_decide_the_complaint(world: World) -> None:
    made = await waiting(world)
    await reject(world, made.id, "local")
    assert await refusal(decide(world, made.id, is_upheld=False)) == "NOTHING_TO_DECIDE"
    await complain(world, made.id)
    assert await refusal(decide(world, made.id, is_upheld=True, caller=OFFICER)) == "FOUR_EYES"


async def test_two_decisions_at_once_are_one(world: World) -> None:
    made = await waiting(world)
    await reject(world, made.id, "local")
    await complain(world, made.id)
    third = person("third", officer_of=CITY)
    found = await asyncio.gather(
        decide(world, made.id, is_upheld=True),
        decide(world, made.id, is_upheld=False, caller=third),
        return_exceptions=True,
    )
    assert [each.reason for each in found if isinstance(each, FakeRpcError)] == ["NOTHING_TO_DECIDE"]


async def test_only_the_author_complains_and_only_where_somebody_is_named(world: World) -> None:
    made = await waiting(world)
    await reject(world, made.id, "local")
    stub = moderation(world, person("somebody else"))
    request = pb.MakeComplaintRequest(request_id=request_id(), petition_id=made.id, text="This is mine, too.")
    assert await refusal(stub.MakeComplaint(request)) == "PETITION_NOT_FOUND"
    local = await world.draft(title="Another bridge over the river", workflow="petition-local")
    await reject(world, local.id)
    assert await refusal(complain(world, local.id)) == "NO_COMPLAINT"


async def withdraw(world: World, petition_id: str, caller: Caller = AUTHOR) -> petitions.Petition:
    request = pb.WithdrawPetitionRequest(request_id=request_id(), petition_id=petition_id)
    return (await moderation(world, caller).WithdrawPetition(request)).petition


async def test_author_takes_back_what_nobody_has_decided(world: World) -> None:
    made = await waiting(world)
    draft = await withdraw(world, made.id)
    assert (draft.state, len(draft.deadlines)) == (petitions.PETITION_STATE_DRAFT, 0)
    assert not draft.HasField("submitted_at")
    assert draft.version == made.version + 1


async def test_decided_petition_stays_where_it_is(world: World) -> None:
    rejected = await waiting(world)
    await reject(world, rejected.id, "local")
    assert await refusal(withdraw(world, rejected.id)) == "NOT_WITHDRAWABLE"
    await complain(world, rejected.id)
    await decide(world, rejected.id, is_upheld=True)
    assert await refusal(withdraw(world, rejected.id)) == "NOT_WITHDRAWABLE"
    assert await refusal(withdraw(world, rejected.id, person("somebody else"))) == "PETITION_NOT_FOUND"


async def test_author_takes_back_what_has_no_sponsor_yet(world: World) -> None:
    draft = await sponsoring(world, submit=False)
    await hand_in(world, draft)
    again = await withdraw(world, draft.id)
    assert again.state == petitions.PETITION_STATE_DRAFT
    handed_in = await hand_in(world, again)
    await support(world, handed_in, (await link(world, handed_in)).token, "sponsor")
    assert await refusal(withdraw(world, draft.id)) == "NOT_WITHDRAWABLE"
