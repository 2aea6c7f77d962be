"""Sponsors, as tests invite them and let them support."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from viche.petitions.v1 import petitions_pb2 as pb
from viche.petitions.v1 import sponsors_pb2, sponsors_pb2_grpc

from tests.integration.petitions.world import VILLAGE, World, person, request_id
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError

WORKFLOW = "petition-uk-parliament"
NEEDED = 5


async def sponsoring(world: World, author: str = "author", **fields: Any) -> pb.Petition:
    """A petition that looks for five sponsors."""
    await world.set_up(WORKFLOW, VILLAGE, check_days="7")
    draft = await world.draft(author, **{"authority_id": str(VILLAGE), "workflow": WORKFLOW, **fields, "submit": False})
    return await hand_in(world, draft, author, scope_token="") if fields.get("submit", True) else draft


async def hand_in(world: World, draft: pb.Petition, author: str = "author", **fields: Any) -> pb.Petition:
    """The draft handed in, by an author who lets themselves be counted."""
    values: dict[str, Any] = {
        "request_id": request_id(), "petition_id": draft.id, "version": draft.version, "title": draft.title,
        "background": draft.background, "authority_id": draft.authority_id, "submit": True,
        "scope_token": world.token(draft.id, author),
    }  # fmt: skip
    request = pb.UpdatePetitionRequest(**{**values, **fields})
    return (await world.on(person(author)).UpdatePetition(request)).petition


def on(world: World, caller: Caller) -> Any:
    """SponsorsService as somebody calls it."""
    return world._stub(sponsors_pb2_grpc.SponsorsServiceStub, caller)


async def link(world: World, petition: pb.Petition, author: str = "author") -> sponsors_pb2.GetSponsorLinkResponse:
    """The link that the author passes on."""
    return await on(world, person(author)).GetSponsorLink(sponsors_pb2.GetSponsorLinkRequest(petition_id=petition.id))


async def support(
    world: World, petition: pb.Petition, token: str, who: str, **fields: Any
) -> sponsors_pb2.CreateSponsorshipResponse:
    """Somebody supports."""
    claims = {name: fields.pop(name) for name in ("assurance", "residence") if name in fields}
    values = {
        "request_id": request_id(), "petition_id": petition.id, "token": token,
        "scope_token": world.token(petition.id, who, **claims),
    }  # fmt: skip
    return await on(world, person(who)).CreateSponsorship(sponsors_pb2.CreateSponsorshipRequest(**{**values, **fields}))


async def invite(world: World, petition: pb.Petition, *emails: str, author: str = "author", **fields: Any) -> int:
    """How many mails go out."""
    values = {"request_id": request_id(), "petition_id": petition.id, "emails": emails, "language": "uk"}
    request = sponsors_pb2.CreateInvitationsRequest(**{**values, **fields})
    return (await on(world, person(author)).CreateInvitations(request)).invited


async def mail(world: World, invitation_id: str) -> sponsors_pb2.GetInvitationMailResponse:
    """A mail as notifications fetches it."""
    request = sponsors_pb2.GetInvitationMailRequest(invitation_id=invitation_id)
    return await on(world, Caller("notifications")).GetInvitationMail(request)


async def refusal(call: Any) -> str:
    """Why a call is refused."""
    with pytest.raises(FakeRpcError) as refused:
        await call
    return refused.value.reason


async def open_(world: World, petition: pb.Petition) -> pb.Petition:
    """Opened by an officer."""
    officer = person("officer", officer_of=uuid.UUID(petition.authority_id))
    request = pb.OpenPetitionRequest(request_id=request_id(), petition_id=petition.id)
    return (await world.on(officer).OpenPetition(request)).petition
