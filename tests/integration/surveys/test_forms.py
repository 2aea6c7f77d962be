"""Forms of other tools are read for officers, and surveys go out as forms."""

from __future__ import annotations

import io

import openpyxl
import pytest
from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc

from tests.integration.surveys.world import OFFICER, ROADS, VILLAGE, World, person
from viche_chassis.errors import DomainError
from viche_surveys.definitions import read
from viche_surveys.forms import read as read_form


def office(world: World, caller: object = OFFICER) -> surveys_pb2_grpc.FormsServiceStub:
    return world.stub(surveys_pb2_grpc.FormsServiceStub, caller)  # pyright: ignore


def workbook(*rows: tuple[str, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "survey"
    for row in (("type", "name", "label"), *rows):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


async def test_a_form_is_read_and_nothing_is_stored(world: World) -> None:
    content = workbook(("text", "why", "Why?"), ("deviceid", "device", ""))
    found = await office(world).ReadForm(pb.ReadFormRequest(filename="a.xlsx", content=content))
    assert (found.format, found.questions) == ("xlsform", 1)
    assert [each.name for each in read(found.definition_json).questions()] == ["why"]
    assert [(each.place, each.reason) for each in found.refused] == [
        ("sheet survey, row 3, column type", "METADATA_LEFT_OUT")
    ]
    assert dict(found.refused[0].values)["row"] == "3"
    assert await world.rows("SELECT 1 FROM surveys") == []


async def test_a_form_that_does_not_compile_says_why(world: World) -> None:
    content = workbook(("riddle", "why", "Why?"))
    found = await office(world).ReadForm(pb.ReadFormRequest(filename="a.xlsx", content=content))
    assert found.definition_json == ""
    assert [each.reason for each in found.refused] == ["UNKNOWN_TYPE"]


async def test_another_file_is_refused(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        await office(world).ReadForm(pb.ReadFormRequest(filename="a.docx", content=b"hello"))
    assert "UNKNOWN_FORM" in str(refused.value.__cause__ or refused.value)


@pytest.mark.parametrize(("format", "ending"), [("xlsform", "xlsx"), ("viche", "json")])
async def test_a_survey_goes_out_and_comes_in_the_same(world: World, format: str, ending: str) -> None:
    survey = await world.open()
    form = await office(world).GetForm(pb.GetFormRequest(survey_id=survey.id, format=format))
    assert form.filename == f"survey-1.{ending}"
    assert read_form(form.filename, form.content).definition == ROADS


async def test_a_form_of_another_authority_stays_there(world: World) -> None:
    survey = await world.draft()
    with pytest.raises(DomainError) as refused:
        await office(world, person("other", at=VILLAGE)).GetForm(pb.GetFormRequest(survey_id=survey.id, format="viche"))
    assert "NOT_YOUR_AUTHORITY" in str(refused.value.__cause__ or refused.value)


async def test_an_unknown_format_is_refused(world: World) -> None:
    survey = await world.draft()
    with pytest.raises(DomainError) as refused:
        await office(world).GetForm(pb.GetFormRequest(survey_id=survey.id, format="docx"))
    assert "INVALID_FIELDS" in str(refused.value.__cause__ or refused.value) or "UNKNOWN_VALUE" in str(refused.value)
