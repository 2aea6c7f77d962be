"""Organisations and committees as authors: what is stored of them, and who reads it when."""

from __future__ import annotations

from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.sponsoring import open_, refusal
from tests.integration.petitions.world import CITY, COMMITTEES, VILLAGE, World, person, request_id
from viche_chassis.access import Caller

MEMBERS = list(COMMITTEES["petition-eci"].members)
ORGANISATION = pb.Organisation(name="Friends of Trees", register_number="12345", role="chair")


async def of_author(world: World, petition: pb.Petition) -> pb.Petition:
    mine = await world.on(person("author")).ListMyPetitions(pb.ListMyPetitionsRequest())
    return next(each for each in mine.petitions if each.id == petition.id)


async def as_officer(world: World, petition: pb.Petition) -> pb.Petition:
    officer = world.on(person("officer", officer_of=VILLAGE))
    return (await officer.GetCase(pb.GetCaseRequest(petition_id=petition.id))).petition


async def initiative(world: World, **fields: Any) -> pb.Petition:
    await world.set_up("petition-eci", VILLAGE, answer_months="6")
    return await world.draft(**{"authority_id": str(VILLAGE), "workflow": "petition-eci", **fields})


async def update(world: World, draft: pb.Petition, **fields: Any) -> pb.Petition:
    values: dict[str, Any] = {
        "request_id": request_id(), "petition_id": draft.id, "version": draft.version, "title": draft.title,
        "background": draft.background, "authority_id": draft.authority_id,
    }  # fmt: skip
    return (await world.on(person("author")).UpdatePetition(pb.UpdatePetitionRequest(**{**values, **fields}))).petition


async def test_organisation_is_published_as_it_said(world: World) -> None:
    petition = await world.open(author_kind=pb.AUTHOR_KIND_ORGANISATION, organisation=ORGANISATION)
    found = await world.get(petition.id)
    assert found.author == pb.PetitionAuthor(kind=pb.AUTHOR_KIND_ORGANISATION, organisation=ORGANISATION)
    assert not found.HasField("committee")


async def test_change_that_says_nothing_of_the_author_leaves_everything(world: World) -> None:
    draft = await initiative(world, submit=False)
    changed = await update(world, draft, title="Plant a million trees in the Union")
    assert (await of_author(world, changed)).committee.members == MEMBERS
    person_alone = await update(world, changed, author_kind=pb.AUTHOR_KIND_PERSON)
    assert not (await of_author(world, person_alone)).HasField("committee")
    assert await world.rows("SELECT 1 FROM committee_members") == []


async def test_names_of_members_are_public_only_once_it_has_opened(world: World) -> None:
    petition = await initiative(world)
    before = await world.get(petition.id)
    assert (before.committee.members, before.committee.size) == ([], len(MEMBERS))
    assert (await of_author(world, petition)).committee.members == MEMBERS
    assert (await as_officer(world, petition)).committee.members == MEMBERS
    await open_(world, petition)
    after = await world.get(petition.id)
    assert after.committee.members == MEMBERS
    assert (after.committee.founded_on, after.committee.founding_place) == ("2026-03-01", "Brussels")


async def test_names_of_members_are_stored_sealed(world: World) -> None:
    petition = await initiative(world)
    await open_(world, petition)
    tables = ("committee_members", "requests", "outbox", "petitions")
    stored = [row for table in tables for row in await world.rows(f"SELECT t.* FROM {table} t")]
    assert stored
    assert "Member of" not in repr(stored)


async def test_committee_that_is_too_small_is_told_so_and_nothing_is_handed_in(world: World) -> None:
    draft = await initiative(world, submit=False, committee=pb.InitiativeCommittee(members=MEMBERS[:6]))
    assert await refusal(update(world, draft, submit=True)) == "INVALID_FIELDS"
    assert (await of_author(world, draft)).state == pb.PETITION_STATE_DRAFT


async def test_members_of_one_state_are_of_one_territory(world: World) -> None:
    members = [pb.CommitteeMember(name=f"Member {number}", territory_code="DE") for number in range(7)]
    draft = await initiative(world, submit=False, committee=pb.InitiativeCommittee(members=members))
    assert await refusal(update(world, draft, submit=True)) == "INVALID_FIELDS"
    members[0].territory_code = "DE1"  # below DE
    assert await refusal(
        update(
            world, draft, submit=True, author_kind=pb.AUTHOR_KIND_COMMITTEE,
            committee=pb.InitiativeCommittee(members=members),
        )
    ) == "INVALID_FIELDS"  # fmt: skip


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday"])
async def test_day_of_the_founding_is_a_day(world: World, day: str) -> None:
    committee = pb.InitiativeCommittee(members=MEMBERS, founded_on=day)
    assert await refusal(initiative(world, submit=False, committee=committee)) == "INVALID_FIELDS"


async def test_without_a_word_a_person_starts_it(world: World) -> None:
    petition = await world.draft(authority_id=str(CITY))
    found = (await world.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(petition_id=petition.id))).petition
    assert found.author.kind == pb.AUTHOR_KIND_PERSON
