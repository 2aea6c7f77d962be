"""Confirmed organisations as authors: believed on identity's word, for as long as nothing else is said."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from viche.petitions.v1 import organisations_pb2, organisations_pb2_grpc
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.sponsoring import refusal
from tests.integration.petitions.test_authors import of_author, update
from tests.integration.petitions.world import World, person
from viche_chassis.access import Caller
from viche_chassis.testing import FakeChannel

ORGANISATION = uuid.uuid4()
CONFIRMED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def token(world: World, who: str = "author", **claims: Any) -> str:
    """Identity's word that somebody represents the organisation."""
    caller = person(who)
    assert caller.person is not None
    values = {
        "iss": "identity", "aud": "petitions", "scope": f"organisation:{ORGANISATION}", "sub": caller.person.author,
        "title": "Friends of Trees", "register_number": "12345", "confirmed_at": int(CONFIRMED_AT.timestamp()),
    }  # fmt: skip
    return world.signer.sign(values | claims)


async def act(world: World, draft: pb.Petition, proof: str, who: str = "author") -> None:
    """Makes the organisation the author of a draft."""
    channel = FakeChannel(*world.petitions.register, caller=person(who))
    stub = organisations_pb2_grpc.OrganisationAuthorsServiceStub(channel)
    await stub.SetAuthorOrganisation(
        organisations_pb2.SetAuthorOrganisationRequest(
            petition_id=draft.id, organisation_id=str(ORGANISATION), organisation_token=proof
        )
    )


async def test_a_confirmed_organisation_is_the_author_and_says_since_when(world: World) -> None:
    draft = await world.draft(submit=False)
    await act(world, draft, token(world))
    found = (await of_author(world, draft)).author
    assert (found.kind, found.organisation.name) == (pb.AUTHOR_KIND_ORGANISATION, "Friends of Trees")
    assert found.organisation.confirmed_at.ToDatetime(UTC) == CONFIRMED_AT


async def test_a_role_said_afterwards_leaves_it_confirmed_and_another_name_does_not(world: World) -> None:
    draft = await world.draft(submit=False)
    await act(world, draft, token(world))
    said = (await of_author(world, draft)).author.organisation
    said.role = "chair"
    changed = await update(world, draft, author_kind=pb.AUTHOR_KIND_ORGANISATION, organisation=said)
    assert changed.author.organisation.role == "chair"
    assert changed.author.organisation.HasField("confirmed_at")
    said.name = "Friends of trees"
    changed = await update(world, changed, author_kind=pb.AUTHOR_KIND_ORGANISATION, organisation=said)
    assert not changed.author.organisation.HasField("confirmed_at")


async def test_nobody_confirms_by_saying_so(world: World) -> None:
    said = pb.Organisation(name="Friends of Trees", register_number="12345")
    said.confirmed_at.FromDatetime(CONFIRMED_AT)
    draft = await world.draft(submit=False, author_kind=pb.AUTHOR_KIND_ORGANISATION, organisation=said)
    assert not (await of_author(world, draft)).author.organisation.HasField("confirmed_at")


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "somebody-else"}, {"iss": "gateway"}, {"aud": "viche"}, {"scope": f"organisation:{uuid.uuid4()}"},
        {"scope": f"petition:{ORGANISATION}"},
    ],
)  # fmt: skip
async def test_a_word_for_others_counts_nothing(world: World, claims: dict[str, str]) -> None:
    draft = await world.draft(submit=False)
    assert await refusal(act(world, draft, token(world, **claims))) == "TOKEN_REFUSED"
    assert (await of_author(world, draft)).author.kind == pb.AUTHOR_KIND_PERSON


async def test_drafts_of_others_are_not_found_and_what_was_handed_in_stays(world: World) -> None:
    draft = await world.draft(submit=False)
    assert await refusal(act(world, draft, token(world, "stranger"), "stranger")) == "PETITION_NOT_FOUND"
    handed_in = await world.draft()
    assert await refusal(act(world, handed_in, token(world))) == "NOT_A_DRAFT"


async def test_it_is_published_as_confirmed(world: World) -> None:
    draft = await world.draft(submit=False)
    await act(world, draft, token(world))
    await update(world, draft, submit=True)
    found = await world.on(Caller("gateway")).GetPetition(pb.GetPetitionRequest(petition_id=draft.id))
    assert found.petition.author.organisation.HasField("confirmed_at")
