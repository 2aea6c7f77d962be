"""Officers and authors around the checking of petitions, as the tests call them."""

from __future__ import annotations

from typing import Any

from viche.petitions.v1 import moderation_pb2 as pb
from viche.petitions.v1 import moderation_pb2_grpc, petitions_pb2

from tests.integration.petitions.world import CITY, World, person, request_id
from viche_chassis.access import Caller, Grant, PersonClaims
from viche_chassis.testing import FakeChannel

OFFICER = person("officer", officer_of=CITY)
COLLEAGUE = person("colleague", officer_of=CITY)
AUTHOR = person("author")
NOTE = "The bridge belongs to the state, not to the town."


def operator(name: str = "operator") -> Caller:
    """Somebody who runs the instance for the city."""
    known = person(name).person
    assert known is not None
    grants = (Grant("operator", str(CITY), frozenset({str(CITY)})),)
    return Caller("gateway", PersonClaims(name, "session", "email", known.residence, known.author, grants))


def moderation(world: World, caller: Caller = OFFICER) -> Any:
    """ModerationService as somebody calls it."""
    channel: Any = FakeChannel(*world.petitions.register, caller=caller)
    return moderation_pb2_grpc.ModerationServiceStub(channel)


async def reject(
    world: World, petition_id: str, reason: str = "not_responsible", caller: Caller = OFFICER, **fields: Any
) -> petitions_pb2.Petition:
    """A rejection by an officer."""
    values: dict[str, Any] = {"request_id": request_id(), "note": NOTE, "language": "en", **fields}
    request = pb.RejectPetitionRequest(petition_id=petition_id, reason=reason, **values)
    return (await moderation(world, caller).RejectPetition(request)).petition


async def complain(world: World, petition_id: str, text: str = "The town owns the bridge since 1999.") -> Any:
    """The complaint of the author."""
    request = pb.MakeComplaintRequest(request_id=request_id(), petition_id=petition_id, text=text)
    return (await moderation(world, AUTHOR).MakeComplaint(request)).petition


async def decide(world: World, petition_id: str, *, is_upheld: bool, caller: Caller = COLLEAGUE) -> Any:
    """The decision of a complaint."""
    request = pb.DecideComplaintRequest(
        request_id=request_id(), petition_id=petition_id, is_upheld=is_upheld, text="We have looked it up again.",
        language="en",
    )  # fmt: skip
    return (await moderation(world, caller).DecideComplaint(request)).petition


async def file(world: World, petition_id: str, caller: Caller = OFFICER) -> pb.CaseFile:
    """What officers keep about a petition."""
    return (await moderation(world, caller).GetCaseFile(pb.GetCaseFileRequest(petition_id=petition_id))).file


async def queue(world: World, caller: Caller = OFFICER, **fields: Any) -> pb.ListCasesResponse:
    """What waits for an officer."""
    return await moderation(world, caller).ListCases(pb.ListCasesRequest(**fields))


CHECKED = """
from tests.unit.sdk.workflows import text
from viche_sdk.types import Clock, Complaint, Event, Moderation, Reached, Reason, Stage, Threshold, Unit, collecting

DAY = Unit.CALENDAR_DAY

@hookimpl
def viche_workflows():
    return [
        workflow(
            name="checked",
            thresholds=(Threshold("answer", 1, text("an answer")),),
            clocks=(
                collecting(30),
                Clock("check", text("Check"), 2, DAY, Event.SUBMITTED, Event.OPENED),
                Clock("complaint", text("Complaint"), 30, DAY, Event.COMPLAINT_MADE, Event.COMPLAINT_DECIDED),
                Clock("announcement", text("Announcement"), 3, DAY, Reached("answer"), Event.CONSIDERATION_STARTED),
                Clock("answer", text("Answer"), 10, DAY, Event.CONSIDERATION_STARTED, Event.ANSWERED),
            ),
            settings=(),
            stages=tuple(stage for stage in Stage if stage is not Stage.SPONSORING),
            residents_only=False,
            moderation=Moderation("check", (
                Reason("local", text("Local"), text("Ask the town")),
                Reason("libel", text("Libel"), text("Take it out"), hides_text=True),
            )),
            complaint=Complaint(text("the ombudsman"), "complaint"),
        ),
    ]
"""
"""A workflow whose drafts are checked within two days, and whose authors may complain."""
