"""Answers that were collected elsewhere come over once each, and count."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from tests.integration.surveys.answering import option, question, survey_of
from tests.integration.surveys.test_results import office
from tests.integration.surveys.world import OFFICER, VILLAGE, World, person, request_id
from viche_chassis.testing import FakeRpcError
from viche_surveys.domain.definition import Kind

FILM = survey_of([
    question("seen", Kind.SINGLE, options=(option("yes"), option("no")), is_required=True),
    question("age", Kind.NUMBER, minimum=0),
    question("name", is_personal=True),
])  # fmt: skip


def old(id: str, day: int = 1, **answers: Any) -> pb.ImportedResponse:
    at = Timestamp()
    at.FromDatetime(datetime(2014, 6, day, 12, tzinfo=UTC))
    return pb.ImportedResponse(external_id=id, submitted_at=at, answers_json=json.dumps(answers))


async def bring(world: World, survey: Any, *items: pb.ImportedResponse, caller: Any = OFFICER) -> Any:
    request = pb.BatchImportResponsesRequest(
        request_id=request_id(), survey_id=survey.id, source="films.csv", items=items
    )
    return await world.stub(results_pb2_grpc.ArchiveServiceStub, caller).BatchImportResponses(request)


async def test_old_answers_are_counted_on_their_days(world: World) -> None:
    survey = await world.draft(FILM)
    done = await bring(world, survey, old("1", seen="yes", age=30), old("2", 2, seen="no"), old("3", 2, age=50))
    assert (done.accepted, done.repeated_before, list(done.faults)) == (3, 0, [])
    found = await office(world, survey)
    assert (found.responses, [cell.count for cell in found.questions[0].cells]) == (3, [1, 1])
    assert [(day.day, day.responses) for day in found.days] == [("2014-06-01", 1), ("2014-06-02", 2)]


async def test_the_same_answer_comes_over_once(world: World) -> None:
    survey = await world.draft(FILM)
    await bring(world, survey, old("1", seen="yes"))
    done = await bring(world, survey, old("1", seen="yes"), old("2", seen="no"))
    assert (done.accepted, done.repeated_before) == (1, 1)
    assert (await office(world, survey)).responses == 2


async def test_an_answer_that_cannot_be_is_named_and_keeps_no_other_from_coming(world: World) -> None:
    survey = await world.draft(FILM)
    bad = pb.ImportedResponse(external_id="5", answers_json="{")
    done = await bring(world, survey, old("1", seen="maybe"), old("2", age=-4), old("3", colour="red"), old("4"), bad)
    assert done.accepted == 1
    assert {each.external_id: each.faults[0].reason for each in done.faults} == {
        "1": "NOT_OFFERED", "2": "TOO_SMALL", "3": "UNKNOWN_QUESTION", "5": "WRONG_SHAPE",
    }  # fmt: skip


async def test_personal_answers_are_sealed(world: World) -> None:
    survey = await world.draft(FILM)
    await bring(world, survey, old("1", seen="yes", name="Leia"))
    rows = await world.rows("SELECT answers FROM responses")
    assert [row[0] for row in rows] == [{"seen": "yes"}]
    assert len(await world.rows("SELECT 1 FROM response_private")) == 1


async def test_an_open_survey_takes_none_over_and_a_closed_one_does(world: World) -> None:
    survey = await world.open(FILM)
    with pytest.raises(FakeRpcError, match="SURVEY_OPEN"):
        await bring(world, survey, old("1", seen="yes"))
    await world.close(survey.id)
    assert (await bring(world, survey, old("1", seen="yes"))).accepted == 1


async def test_another_authority_brings_none(world: World) -> None:
    survey = await world.draft(FILM)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await bring(world, survey, old("1", seen="yes"), caller=person("stranger", at=VILLAGE))
