"""Names, answers that are filled in at first, and groups that are repeated in the preview."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from viche.surveys.v1 import answers_pb2
from viche.surveys.v1 import surveys_pb2 as pb

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.survey_desk import AGE, QUESTION, asked, document, filled, send, started
from viche_gateway.console.surveys import fields, shapes
from viche_gateway.testing import COUNCIL, World
from viche_gateway.testing.survey_office import NONSENSE
from viche_gateway.testing.surveys import question

Browse = Callable[..., Browser]


def renamed(browser: Browser, path: str, **changes: str) -> Any:
    browser.open(f"{path}/items/age")
    return send(browser, f"{path}/items/age", **{**filled(browser), **changes})


def test_another_name_goes_wherever_it_is_asked_for(browse: Browse, world: World) -> None:
    path = started(world, AGE, {**QUESTION, "relevant": "age > 17.0"})
    answer = renamed(browse("otto"), path, name="years", **{"label.en": "Your {age}?"})
    assert "done=renamed" in answer.headers["Location"]
    assert world.survey_office.renamed == {"age": "years"}
    first, second = asked(world, path)["pages"][0]["items"]
    assert (first["name"], first["label"]["en"]) == ("years", "Your {years}?")
    assert second["relevant"] == "years > 17.0"


def test_a_place_that_cannot_be_renamed_is_said_and_nothing_is_lost(browse: Browse, world: World) -> None:
    path = started(world, AGE, {**QUESTION, "relevant": NONSENSE})
    browser = browse("otto")
    answer = renamed(browser, path, name="years", **{"label.en": "Your age?"})
    assert answer.status_code == 400
    assert "transport: " in answer.text
    assert filled(browser)["label.en"] == "Your age?"
    assert asked(world, path)["pages"][0]["items"][0] == AGE


def test_a_question_that_was_answered_keeps_its_name(browse: Browse, world: World) -> None:
    path = started(world, AGE, QUESTION)
    world.survey_office.known[path.split("/")[3]].responses = 3
    answer = renamed(browse("otto"), path, name="years")
    assert answer.status_code == 400
    assert "People have answered it as age" in answer.text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("single", "bus", "bus"),
        ("multiple", "bus, foot", ["bus", "foot"]),
        ("ranking", "foot bus", ["foot", "bus"]),
        ("number", "2,5", 2.5),
        ("scale", "0", 0),
        ("text", "one\r\ntwo", "one\ntwo"),
        ("date", "2026-03-01", "2026-03-01"),
    ],
)
def test_what_is_filled_in_at_first_is_written_in_the_shape_of_its_kind(kind: str, text: str, value: object) -> None:
    own = [shapes.BY_NAME["default"]]
    read = fields.read({"default": text}, own, ["en"], {"kind": kind})
    assert (read.item.get("default"), dict(read.faults)) == (value, {})
    shown = fields.values_of(read.item, own, ["en"])
    assert fields.read(shown, own, ["en"], {"kind": kind}).item == read.item
    assert "default" not in fields.read({"default": ""}, own, ["en"], read.item).item


def test_consent_and_files_have_nothing_to_fill_in() -> None:
    for kind in ("consent", "file", "matrix", "location", "note"):
        assert "default" not in [each.name for each in shapes.fields_of(kind)]


def test_an_entry_of_a_repeat_is_added_in_a_preview(browse: Browse, world: World) -> None:
    public = world.surveys.add([question(answers_pb2.QUESTION_KIND_TEXT, "name", is_required=True)])
    path = started(world, QUESTION, id=public.id)
    browser = browse("otto")
    browser.open(f"{path}/preview")
    carried = {"-page": "page1", "-shown": "name", "-carried": "{}", "-move": "add:children"}
    assert browser.send(f"{path}/preview", **carried, name="").status_code == 200
    (sent,) = [each for each in world.surveys.previewed if each.move]
    assert (sent.move, sent.group, sent.goes_on) == (answers_pb2.SaveAnswerPageRequest.MOVE_ADD, "children", False)
    assert [each.name for each in sent.fields] == ["name"]


def test_what_became_of_a_file_is_shown_in_the_editor_later_too(browse: Browse, world: World) -> None:
    lost = pb.DefinitionFault(place="survey 3", reason="NO_QUESTIONS", values={"sheet": "survey", "row": "3"})
    world.survey_office.forms["roads.xlsx"] = pb.ReadFormResponse(
        definition_json=json.dumps(document(AGE)), format="xlsform", questions=1, refused=[lost]
    )
    browser = browse("otto")
    browser.open("/console/surveys/new/file")
    send(browser, "/console/surveys/new/file", file=(BytesIO(b"PK"), "roads.xlsx"))
    answer = send(browser, "/console/surveys/new/file/save", authority_id=COUNCIL)
    path = answer.headers["Location"].partition("?")[0]
    page = browser.open(path).text
    assert "It was read from roads.xlsx." in page
    assert "1 thing did not come over" in page
    assert "sheet survey, row 3" in browser.open(f"{path}/origin").text


def test_a_survey_from_no_file_has_no_page_about_one(browse: Browse, world: World) -> None:
    path = started(world, AGE)
    browser = browse("otto")
    assert "It was read from" not in browser.open(path).text
    assert browser.open(f"{path}/origin").status_code == 404
    assert "Download it as an XLSForm" in browser.open(f"{path}/form").text


def test_what_was_moved_is_put_back_where_it_was(browse: Browse, world: World) -> None:
    path = started(world, AGE, QUESTION)
    before = asked(world, path)
    browser = browse("otto")
    browser.open(path)
    moved = send(browser, f"{path}/items/age/act", act="down")
    assert [each["name"] for each in asked(world, path)["pages"][0]["items"]] == ["transport", "age"]
    page = browser.open(moved.headers["Location"]).text
    assert "“How old are you?” is moved." in page
    send(browser, f"{path}/items/age/back", was_in="page_1", was_at="0")
    assert asked(world, path) == before


@pytest.mark.parametrize("fields", [{"was_in": "nowhere", "was_at": "0"}, {"was_in": "age", "was_at": "0"}])
def test_nothing_is_put_where_nothing_can_stand(browse: Browse, world: World, fields: dict[str, str]) -> None:
    path = started(world, AGE, QUESTION)
    before = asked(world, path)
    browser = browse("otto")
    browser.open(path)
    assert send(browser, f"{path}/items/age/back", **fields).status_code == 303
    assert asked(world, path) == before


def test_what_asks_for_something_that_is_taken_away_is_said_beside_the_button_that_puts_it_back(
    browse: Browse, world: World
) -> None:
    path = started(world, AGE, {**QUESTION, "relevant": "answered(age)"})
    browser = browse("otto")
    browser.open(path)
    page = send(browser, f"{path}/items/age/act", act="delete").text
    assert "These ask for it, and do not work without it:" in page
    assert "transport: " in page
