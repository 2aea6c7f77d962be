"""Officers who answer: a workflow with every step, and the service as they call it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from viche.petitions.v1 import answers_pb2 as pb
from viche.petitions.v1 import answers_pb2_grpc, petitions_pb2

from tests.integration.petitions.world import CITY, World, person, request_id
from viche_chassis.access import Caller, Grant

COUNCIL = """
from tests.unit.sdk.workflows import BASIS, text
from viche_sdk.types import (
    Clock, ClosingEvent, Event, Extension, Failed, Failure, Reached, Threshold, Unit, collecting,
)

DAY = Unit.CALENDAR_DAY

@hookimpl
def viche_workflows():
    return [
        workflow(
            name="council",
            thresholds=(Threshold("answer", 2, text("an answer")),),
            clocks=(
                collecting(30, legal_basis=BASIS),
                Clock("announce", text("Announcement"), 3, DAY, Reached("answer"), Event.CONSIDERATION_STARTED),
                Clock("memo", text("Memo"), 2, DAY, Event.CONSIDERATION_STARTED, public=False),
                Clock("answer", text("Answer"), 10, DAY, Event.CONSIDERATION_STARTED, Event.ANSWERED,
                      extension=Extension(5, DAY, text("the council"), most_total=14), notice=text("told")),
                Clock("check", text("Check"), 7, DAY, Event.COLLECTION_ENDED, Event.VERIFIED),
            ),
            settings=(),
            residents_only=False,
            closing_events=(ClosingEvent("dissolution", text("Dissolution"), text("All close."), BASIS),),
            failed=Failure(Failed.APPEAL, text("It is an appeal."), BASIS),
        ),
    ]
"""


def operator(authority: uuid.UUID = CITY) -> Caller:
    """An operator of an authority."""
    claims = person("operator").person
    assert claims is not None
    grants = (Grant("operator", str(authority), frozenset({str(authority)})),)
    return Caller("gateway", replace(claims, grants=grants))


def officer(name: str = "officer", authority: uuid.UUID = CITY) -> Caller:
    """An officer of an authority."""
    return person(name, officer_of=authority)


def answers(world: World, caller: Caller | None = None) -> Any:
    """AnswersService as somebody calls it."""
    return world._stub(answers_pb2_grpc.AnswersServiceStub, caller or officer())  # pyright: ignore[reportPrivateUsage]


def text(english: str, **others: str) -> petitions_pb2.LocalizedText:
    """A text in English, and in other languages if given."""
    return petitions_pb2.LocalizedText(texts={"en": english, **others})


def content(**differences: Any) -> pb.AnswerContent:
    """An answer that says yes."""
    values: dict[str, Any] = {
        "decision": petitions_pb2.DECISION_ACCEPTED, "summary": text("We repair the bridge."),
        "signed_by": "Olena Koval, mayor",
    }  # fmt: skip
    return pb.AnswerContent(**{**values, **differences})


async def publish(
    world: World, petition_id: str, caller: Caller | None = None, **fields: Any
) -> petitions_pb2.Petition:
    """Publishes an answer."""
    values: dict[str, Any] = {"request_id": request_id(), "petition_id": petition_id, "content": content()}
    request = pb.PublishAnswerRequest(**{**values, **fields})
    return (await answers(world, caller).PublishAnswer(request)).petition


async def step(world: World, petition_id: str, event: str, day: str = "", caller: Caller | None = None) -> Any:
    """Records a step."""
    request = pb.RecordStepRequest(request_id=request_id(), petition_id=petition_id, event=event, day=day)
    return (await answers(world, caller).RecordStep(request)).petition


async def reached(world: World, **fields: Any) -> petitions_pb2.Petition:
    """A petition that has reached its threshold."""
    petition = await world.open(**{"workflow": "council", **fields})
    await world.sign_as(petition.id, "anna", "boris")
    await world.look()
    return await world.get(petition.id)
