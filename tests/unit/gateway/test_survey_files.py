"""Surveys that come from files of other tools and are taken home as such."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any

import pytest
from viche.surveys.v1 import surveys_pb2 as pb

from tests.unit.gateway.conftest import Browser
from tests.unit.gateway.survey_desk import QUESTION, Browse, document, send, started
from viche_gateway.testing import COUNCIL, World


def upload(browser: Browser, name: str, content: bytes = b"content") -> Any:
    page = browser.open("/console/surveys/new/file").text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    fields: Any = {**hidden, "file": (BytesIO(content), name)}
    browser.page = browser._client.post("/console/surveys/new/file", data=fields)  # pyright: ignore[reportPrivateUsage]
    return browser.page


def test_a_file_is_reported_first_and_saved_afterwards(browse: Browse, world: World) -> None:
    world.survey_office.forms["form.xlsx"] = pb.ReadFormResponse(
        definition_json=json.dumps(document(QUESTION)), format="xlsform", questions=1,
        changed=[pb.DefinitionFault(place="survey", reason="BARCODE_AS_TEXT", values={"sheet": "survey", "row": "5"})],
        refused=[pb.DefinitionFault(place="x", reason="DEVICE_LEFT_OUT", values={"name": "deviceid"})],
    )  # fmt: skip
    browser = browse("otto")
    page = upload(browser, "form.xlsx").text
    assert "1 question came over." in page
    assert "sheet survey, row 5" in page
    assert "A code is typed as text." in page
    assert "deviceid asks a device, not a person, and is left out." in page
    assert world.survey_office.known == {}
    assert send(browser, "/console/surveys/new/file/save", authority_id=COUNCIL).status_code == 303
    (made,) = world.survey_office.known.values()
    assert json.loads(made.definition_json) == document(QUESTION)


def test_a_file_that_does_not_compile_says_all_places_and_cannot_be_saved(browse: Browse, world: World) -> None:
    fault = pb.DefinitionFault(place="x", reason="UNKNOWN_TYPE", values={"sheet": "survey", "row": "3", "type": "txet"})
    world.survey_office.forms["form.xlsx"] = pb.ReadFormResponse(format="xlsform", refused=[fault])
    page = upload(browse("otto"), "form.xlsx")
    assert page.status_code == 400
    assert "There is no type txet." in page.text
    assert "Save as a draft" not in page.text


@pytest.mark.parametrize(("name", "content"), [("what.bin", b"?"), ("", b""), ("form.xlsx", b"")])
def test_a_file_that_is_none_is_refused_beside_the_field(browse: Browse, name: str, content: bytes) -> None:
    page = upload(browse("otto"), name, content)
    assert page.status_code == 400
    assert 'id="file-error"' in page.text


def test_a_survey_is_taken_home_as_a_file(browse: Browse, world: World) -> None:
    path = started(world, QUESTION)
    answer = browse("otto").open(f"{path}/form/viche")
    assert json.loads(answer.data) == document(QUESTION)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert browse("otto").open(f"{path}/form/word").status_code == 404
