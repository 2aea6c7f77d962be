"""From a draft to the end of the term."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.world import CITY, VILLAGE, World, person, request_id
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError
from viche_petitions.domain.drafts import MAX_OPEN_DRAFTS

LONG = "x" * 151


async def update(world: World, draft: pb.Petition, author: str = "author", **fields: Any) -> pb.Petition:
    values: dict[str, Any] = {
        "request_id": request_id(), "petition_id": draft.id, "version": draft.version, "title": draft.title,
        "background": draft.background, "authority_id": draft.authority_id,
    }  # fmt: skip
    request = pb.UpdatePetitionRequest(**{**values, **fields})
    return (await world.on(person(author)).UpdatePetition(request)).petition


async def refusal(call: Any) -> str:
    with pytest.raises(FakeRpcError) as refused:
        await call
    return refused.value.reason


async def test_draft_may_be_incomplete_until_it_is_handed_in(world: World) -> None:
    draft = await world.draft(background="", submit=False)
    assert draft.state == pb.PETITION_STATE_DRAFT
    assert await refusal(update(world, draft, submit=True)) == "INVALID_FIELDS"
    submitted = await update(world, draft, background="It has been closed.", submit=True)
    assert (submitted.state, submitted.version) == (pb.PETITION_STATE_SUBMITTED, 2)


async def test_every_broken_field_is_named_with_its_limit(world: World) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await world.draft(title=LONG, background="short", language="not a language", details="x" * 3_001)
    violations = refused.value.__cause__.violations  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    found = {each.field: (each.reason, each.values.get("limit")) for each in violations}
    assert found == {
        "title": ("TOO_LONG", "150"),
        "background": ("TOO_SHORT", "10"),
        "details": ("TOO_LONG", "3000"),
        "language": ("BAD_LANGUAGE", None),
    }


async def test_update_of_another_version_is_refused(world: World) -> None:
    draft = await world.draft(submit=False)
    await update(world, draft, title="A better title for it")
    assert await refusal(update(world, draft, title="Another title for it")) == "STALE_VERSION"


async def test_only_the_author_changes_a_draft_and_only_a_draft(world: World) -> None:
    draft = await world.draft(submit=False)
    assert await refusal(update(world, draft, "somebody else")) == "PETITION_NOT_FOUND"
    submitted = await update(world, draft, submit=True)
    assert await refusal(update(world, submitted)) == "NOT_A_DRAFT"


async def test_repeated_request_makes_one_draft_and_another_body_is_a_mismatch(world: World) -> None:
    id = request_id()
    first, second = await world.draft(request_id=id), await world.draft(request_id=id)
    assert first == second
    assert await refusal(world.draft(request_id=id, title="Another title for it")) == "REQUEST_MISMATCH"
    assert (await world.draft("somebody else", request_id=id)).id != first.id


async def test_person_has_no_more_drafts_than_allowed_also_at_once(world: World) -> None:
    answers = await asyncio.gather(*(world.draft() for _ in range(MAX_OPEN_DRAFTS + 3)), return_exceptions=True)
    refused = [each for each in answers if isinstance(each, FakeRpcError)]
    assert [each.reason for each in refused] == ["TOO_MANY_DRAFTS"] * 3


async def test_unknown_authority_and_workflow_are_refused(world: World) -> None:
    assert await refusal(world.draft(authority_id=request_id())) == "UNKNOWN_AUTHORITY"
    assert await refusal(world.draft(workflow="petition-lunar")) == "UNKNOWN_WORKFLOW"


async def test_petition_opens_with_terms_until_midnight_of_its_last_day(world: World) -> None:
    petition = await world.open()
    zone = ZoneInfo(world.settings.timezone)
    closes_at = petition.closes_at.ToDatetime(ZoneInfo("UTC")).astimezone(zone)
    opened_at = petition.opened_at.ToDatetime(ZoneInfo("UTC")).astimezone(zone)
    assert (closes_at.hour, closes_at.minute) == (0, 0)
    assert closes_at.date() - opened_at.date() == timedelta(days=31)
    assert (petition.terms.thresholds[0].signatures, petition.terms.open_days) == (3, 30)
    (event,) = await world.events(events_pb2.PetitionOpened)
    assert (event.petition_id, event.number) == (petition.id, petition.number)


async def test_terms_stay_as_they_were_at_opening(world: World) -> None:
    petition = await world.open()
    await world.configure(threshold="99")
    assert (await world.get(petition.id)).terms.thresholds[0].signatures == 3


async def test_officer_opens_and_closes_only_for_their_authority(world: World) -> None:
    draft, petition = await world.draft(), await world.open("second author")
    stranger = world.on(person("officer", officer_of=VILLAGE))
    opening = pb.OpenPetitionRequest(request_id=request_id(), petition_id=draft.id)
    closing = pb.ClosePetitionRequest(request_id=request_id(), petition_id=petition.id)
    assert await refusal(stranger.OpenPetition(opening)) == "NOT_YOUR_AUTHORITY"
    assert await refusal(stranger.ClosePetition(closing)) == "NOT_YOUR_AUTHORITY"
    waiting = await stranger.ListSubmittedPetitions(pb.ListSubmittedPetitionsRequest())
    assert (list(waiting.petitions), waiting.total_size) == ([], 0)


async def test_petition_opens_once_and_closes_once(world: World) -> None:
    petition = await world.open()
    officer = world.on(person("officer", officer_of=CITY))
    opening = pb.OpenPetitionRequest(request_id=request_id(), petition_id=petition.id)
    assert await refusal(officer.OpenPetition(opening)) == "NOT_SUBMITTED"
    closing = pb.ClosePetitionRequest(request_id=request_id(), petition_id=petition.id)
    first, repeated = await officer.ClosePetition(closing), await officer.ClosePetition(closing)
    assert first == repeated
    closing.request_id = request_id()
    assert await refusal(officer.ClosePetition(closing)) == "NOT_OPEN"
    assert len(await world.events(events_pb2.PetitionClosed)) == 1


async def test_petitions_opened_at_once_get_numbers_of_their_own(world: World) -> None:
    opened = await asyncio.gather(*(world.open(f"author {number}") for number in range(6)))
    assert sorted(each.number for each in opened) == [1, 2, 3, 4, 5, 6]


async def test_authority_without_figures_opens_nothing(world: World) -> None:
    made = await world.draft(authority_id=str(VILLAGE))
    officer = world.on(person("officer", officer_of=VILLAGE))
    opening = pb.OpenPetitionRequest(request_id=request_id(), petition_id=made.id)
    with pytest.raises(FakeRpcError) as refused:
        await officer.OpenPetition(opening)
    assert refused.value.reason == "WORKFLOW_NOT_SET_UP"


async def test_figures_that_give_no_terms_are_refused_field_by_field(world: World) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await world.configure(threshold="many", open_days="0")
    violations = refused.value.__cause__.violations  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    assert {(each.field, each.reason) for each in violations} == {
        ("settings.threshold", "NOT_A_NUMBER"),
        ("settings.open_days", "TOO_SMALL"),
    }


async def test_what_waits_is_listed_oldest_first_page_by_page(world: World) -> None:
    made = [(await world.draft(f"author {number}")).id for number in range(5)]
    stub = world.on(person("officer", officer_of=CITY))
    first = await stub.ListSubmittedPetitions(pb.ListSubmittedPetitionsRequest(page_size=3))
    rest = await stub.ListSubmittedPetitions(
        pb.ListSubmittedPetitionsRequest(page_size=3, page_token=first.next_page_token)
    )
    assert [each.id for page in (first, rest) for each in page.petitions] == made
    assert (first.total_size, rest.next_page_token) == (5, "")


async def test_ones_own_petitions_are_listed_and_no_others(world: World) -> None:
    mine = [(await world.draft()).id, (await world.open()).id]
    await world.draft("somebody else")
    found = await world.on(person("author")).ListMyPetitions(pb.ListMyPetitionsRequest())
    assert {each.id for each in found.petitions} == set(mine)


async def test_drafts_are_found_by_id_and_never_by_number_or_in_lists(world: World) -> None:
    draft = await world.draft()
    assert (await world.get(draft.id)).number == 0
    gateway = world.on(Caller("gateway"))
    assert await refusal(gateway.GetPetition(pb.GetPetitionRequest(number=1))) == "PETITION_NOT_FOUND"
    assert await refusal(gateway.GetPetition(pb.GetPetitionRequest())) == "INVALID_FIELDS"
    assert (await gateway.ListPetitions(pb.ListPetitionsRequest())).total_size == 0


async def test_workflows_are_listed_with_what_they_ask_for(world: World) -> None:
    found = await world.on(Caller("gateway")).ListWorkflows(pb.ListWorkflowsRequest())
    (local,) = [each for each in found.workflows if each.name == "petition-local"]
    assert {each.name for each in local.settings} >= {"threshold", "open_days"}
    assert local.title.texts["uk"]
