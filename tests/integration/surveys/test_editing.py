"""Help with changes of whole definitions."""

from __future__ import annotations

from typing import Any

import pytest
from viche.surveys.v1 import answers_pb2, answers_pb2_grpc, editing_pb2_grpc, surveys_pb2
from viche.surveys.v1 import editing_pb2 as pb

from tests.integration.surveys.answering import filled, form, question, questions, survey_of
from tests.integration.surveys.world import CITY, OFFICER, World, request_id
from viche_chassis.testing import FakeRpcError
from viche_surveys.definitions import read, written
from viche_surveys.domain.definition import Group, Repeat

PARK = survey_of([question("park"), question("why", relevant="answered(park)")])


async def rename(world: World, name: str, new_name: str) -> pb.PreviewRenameResponse:
    request = pb.PreviewRenameRequest(definition_json=written(PARK), item=name, new_name=new_name)
    return await world.stub(editing_pb2_grpc.EditingServiceStub, OFFICER).PreviewRename(request)


async def test_a_name_is_changed_wherever_it_is_asked_for(world: World) -> None:
    found = await rename(world, "park", "garden")
    assert list(found.places) == ["/pages/0/items/1/relevant"]
    assert [each.name for each in read(found.definition_json).questions()] == ["garden", "why"]
    assert read(found.definition_json).pages[0].items[1].relevant == "answered(garden)"


async def test_a_name_that_is_taken_is_refused_with_its_place(world: World) -> None:
    found = await rename(world, "park", "why")
    assert found.definition_json == ""
    assert [(each.place, each.reason) for each in found.faults] == [("/pages/0/items/0/name", "NAME_TWICE")]


async def test_nothing_of_that_name_is_told(world: World) -> None:
    with pytest.raises(FakeRpcError, match="UNKNOWN_VALUE"):
        await rename(world, "nothing", "something")


async def test_entries_of_a_repeat_are_added_and_removed_in_a_preview(world: World) -> None:
    kids = Group(name="kids", items=(question("called"),), repeat=Repeat(minimum=1, maximum=3))
    draft = await world.draft(survey_of([kids]))
    stub = world.stub(answers_pb2_grpc.AnswersServiceStub, OFFICER)

    async def preview(**fields: Any) -> Any:
        asked = answers_pb2.PreviewPageRequest(survey_id=draft.id, language="en", page="page1", **fields)
        return (await stub.PreviewPage(asked)).page

    two = form(kids__count="2", kids__0__called="Ann", kids__1__called="Ben")
    moves = answers_pb2.SaveAnswerPageRequest
    assert list(questions(await preview())) == ["kids.0.called"]
    assert list(questions(await preview(fields=two, move=moves.MOVE_ADD, group="kids"))) == [
        "kids.0.called", "kids.1.called", "kids.2.called",
    ]  # fmt: skip
    assert filled(await preview(fields=two, move=moves.MOVE_REMOVE, group="kids.0")) == {"kids.0.called": ["Ben"]}


async def test_what_became_of_a_file_is_told_later_too(world: World) -> None:
    lost = surveys_pb2.DefinitionFault(place="survey, row 3", reason="DEFAULT_LEFT_OUT", values={"value": "now()"})
    origin = surveys_pb2.FormOrigin(filename="roads.xlsx", format="xlsform", questions=2, refused=[lost])
    made = await world.on().CreateSurvey(
        surveys_pb2.CreateSurveyRequest(
            request_id=request_id(), authority_id=str(CITY), definition_json=written(PARK), origin=origin
        )
    )
    found = await world.on().GetSurvey(surveys_pb2.GetSurveyRequest(survey_id=made.survey.id))
    assert found.origin.HasField("read_at")
    found.origin.ClearField("read_at")
    assert found.origin == origin
    other = await world.draft(PARK)
    assert not (await world.on().GetSurvey(surveys_pb2.GetSurveyRequest(survey_id=other.id))).HasField("origin")
