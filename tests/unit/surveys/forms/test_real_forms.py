"""Forms of other projects, made for other tools, come in; they go out as XLSForm and come in the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from viche_surveys.domain.checking import faults
from viche_surveys.forms import read, write

FOLDER = Path(__file__).parents[4].parent / "shared" / "data" / "surveys"
FILES = sorted(
    path
    for folder in ("xlsform", "limesurvey", "surveyjs")
    for path in (FOLDER / folder).glob("*")
    if path.suffix in (".xls", ".xlsx", ".csv", ".lss", ".lsg", ".lsq", ".json")
)
QUESTIONS = {
    "cascading_select_test_equivalent.xls": 7, "choice_filter_test.xlsx": 3, "field-list.xlsx": 1, "group.xlsx": 3,
    "loop.xlsx": 5, "or_other.xlsx": 3, "repeat_date_test.xls": 2, "specify_other.xlsx": 2, "table-list.xls": 4,
    "tutorial.xls": 10, "widgets.csv": 20, "widgets.xls": 25, "yes_or_no_question.xlsx": 1, "free_text.lsq": 1,
    "group.lsg": 2, "limesurvey_survey_432535.lss": 2, "survey.lss": 4,
}  # fmt: skip
FORMS = [path for path in FILES if path.suffix != ".json"]
pytestmark = pytest.mark.skipif(not FILES, reason="the folder with other projects' forms is not here")


def test_all_of_them_are_here() -> None:
    assert {path.name for path in FORMS} == QUESTIONS.keys()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_comes_in_whole(path: Path) -> None:
    report = read(path.name, path.read_bytes())
    assert report.definition is not None, report.refused
    assert report.questions == QUESTIONS[path.name]
    assert faults(report.definition) == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_it_goes_out_and_comes_in_the_same(path: Path) -> None:
    from pyxform.xls2xform import convert

    definition = read(path.name, path.read_bytes()).definition
    assert definition is not None
    content = write(definition, "xlsform").content
    assert read("out.xlsx", content).definition == definition
    assert convert(xlsform=content, file_type=".xlsx", validate=False, pretty_print=False).xform
    assert read("out.json", write(definition, "viche").content).definition == definition


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".json"], ids=lambda path: path.name)
def test_the_schema_of_surveyjs_is_no_survey_and_is_told_so(path: Path) -> None:
    """The one file of SurveyJS describes definitions and is none."""
    report = read(path.name, path.read_bytes())
    assert [(each.reason, each.values["what"]) for each in report.refused] == [
        ("NOT_A_SURVEY", "a JSON Schema (SurveyJS Library json schema)")
    ]


@pytest.mark.skipif(not (FOLDER / "surveyjs").is_dir(), reason="the schema is not here")
def test_all_types_that_the_schema_knows_are_mapped_or_refused() -> None:
    import json

    from viche_surveys.forms.surveyjs_types import CONTAINERS, KINDS, REFUSED

    definitions = json.loads((FOLDER / "surveyjs" / "surveyjs_definition.json").read_text())["definitions"]
    named = {each["$ref"].rpartition("/")[2] for each in _elements(definitions)}
    bases = {"matrixdropdownbase", "textbase"}
    assert named - bases - {*KINDS, *CONTAINERS, *REFUSED} == set()


def _elements(definitions: dict) -> list[dict]:
    panel = definitions["panelbase"]["properties"]["elements"]["items"]
    return panel.get("anyOf", [])
