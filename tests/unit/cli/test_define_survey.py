"""`viche import answers --define` makes a survey out of answers, and says what it takes each column for and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from viche_cli.commands.import_petitions import import_
from viche_cli.imports.answer_mapping import read_mapping
from viche_cli.imports.answer_table import opened
from viche_cli.imports.answers import Answer, answers
from viche_surveys.forms import read

RESPONSES = Path(__file__).parents[3].parent / "shared" / "data" / "surveys" / "responses"
ROWS = [
    [
        "No",
        "Submitted at",
        "Age",
        "Born",
        "Mailbox",
        "Uses",
        "Park?",
        "Why?",
        "Nothing",
        "Good? [Road]",
        "Good? [Park]",
    ],
    ["1", "2026-03-01 10:00", "18", "01.02.2008", "a@example.org", "Tram;Bike", "Yes", "It is quiet", "", "Yes", "No"],
    ["2", "2026-03-02 11:30", "41", "05.06.1985", "b@example.org", "Bike", "No", "x" * 120, "-", "No", "Yes"],
    ["3", "2026-03-02 11:30", "70", "30.12.1955", "", "Tram;Bus", "Yes", "{no} idea", "", "Yes", ""],
    ["4", "2026-03-03 12:00", "", "", "", "Bus;Tram", "Yes", "Near", "", "Yes", "Yes"],
    ["5", "2026-03-03 12:00", "33", "", "", "", "No", "", "", "", ""],
    ["6", "2026-03-03 12:00", "33", "", "", "", "No", "", "", "", ""],
]


def written(folder: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    path = folder / "city poll.csv"
    path.write_bytes("\n".join(delimiter.join(row) for row in rows).encode(encoding))
    return path


def define(path: Path, *options: str) -> Result:
    out = path.parent / "survey.json"
    return CliRunner().invoke(import_, ["answers", str(path), "--define", str(out), *options])


def kinds(result: Result) -> dict[str, str]:
    assert result.exit_code == 0, result.output
    return {each["label"]: each["kind"] or each["is"] for each in json.loads(result.output)["columns"]}


def taken_over(path: Path) -> list[Any]:
    """The answers that the written mapping brings."""
    wanted = read_mapping(path.parent / "survey.toml", path.name)
    with opened(path, wanted.layout) as table:
        return list(answers(table, wanted))


def test_each_column_is_taken_for_what_its_cells_are(tmp_path: Path) -> None:
    assert kinds(define(written(tmp_path, ROWS), "--json")) == {
        "No": "id", "Submitted at": "submitted", "Age": "number", "Born": "date", "Mailbox": "email",
        "Uses": "multiple", "Park?": "single", "Why?": "text", "Nothing": "left out", "Good?": "matrix",
    }  # fmt: skip


def test_nothing_is_guessed_without_a_word(tmp_path: Path) -> None:
    said = define(written(tmp_path, ROWS)).output
    for reason in (
        "column 1: id – every row has another text here", "cells are numbers, from 18 to 70",
        "written as %d.%m.%Y", "it is personal", "several of 3 texts with ';' between them", "6 cells hold 2 different",
        "no row says anything here", "'-' (1)", "in the language en", "The title is the name of the file",
    ):  # fmt: skip
        assert reason in said


def test_the_mapping_brings_every_answer_that_the_survey_asks_for(tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    assert define(path, "--title", "The {old} poll").exit_code == 0
    definition = read("survey.json", (tmp_path / "survey.json").read_bytes()).definition
    assert definition is not None
    assert definition.title == {"en": "The {{old}} poll"}
    found = taken_over(path)
    assert [type(each) for each in found] == [Answer] * 6
    assert found[0].answers == {
        "age": 18, "born": "2008-02-01", "mailbox": "a@example.org", "uses": ["tram", "bike"], "park": "yes",
        "why": "It is quiet", "good": {"road": "yes", "park": "no"},
    }  # fmt: skip
    assert found[0].given_at is not None
    mailbox = definition.question("mailbox")
    assert mailbox is not None
    assert mailbox.is_personal


def test_other_letters_and_separators_are_found_and_said(tmp_path: Path) -> None:
    rows = [
        ["№", "Чи подобається вам парк?"],
        ["1", "Так"],
        ["2", "Ні"],
        ["3", "Так"],
        ["4", "Так"],
        ["5", "Ні"],
        ["6", "Ні"],
    ]
    path = written(tmp_path, rows, ";", "cp1251")
    result = define(path)
    assert result.exit_code == 0, result.output
    assert "read as cp1251" in result.output
    assert "separated by ';'" in result.output
    assert "language uk" in result.output
    assert [each.answers for each in taken_over(path)][:2] == [{"question_1": "option_1"}, {"question_1": "option_2"}]


def test_day_and_month_that_could_be_either_are_said(tmp_path: Path) -> None:
    rows = [["id", "When"], ["1", "03/04/2026"], ["2", "05/06/2026"]]
    assert "they could be %m/%d/%Y as well" in define(written(tmp_path, rows)).output


def test_check_writes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    assert define(path, "--check").exit_code == 0
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_written_over_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    (tmp_path / "survey.toml").write_text("mine")
    refused = define(path)
    assert refused.exit_code == 1
    assert "is there already" in str(refused.exception) + refused.output
    assert (tmp_path / "survey.toml").read_text() == "mine"
    assert not (tmp_path / "survey.json").exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [([["a", "b"], ["1", "x"], ["1", "x"]], "another text in each row"), ([["a", "b"]], "no answers below")],
)
def test_answers_that_cannot_be_told_apart_or_are_not_there_are_refused(
    tmp_path: Path, rows: list[list[str]], said: str
) -> None:
    refused = define(written(tmp_path, rows))
    assert refused.exit_code == 1
    assert said in str(refused.exception) + refused.output


@pytest.mark.parametrize(
    "name", ["comma/comma-survey.csv", "star-wars/StarWars.csv", "weather-check/weather-check.csv"]
)
def test_published_answers_become_a_survey_that_takes_every_row(tmp_path: Path, name: str) -> None:
    if not RESPONSES.exists():
        pytest.skip("the published answers are not on this machine")
    path = tmp_path / Path(name).name
    path.write_bytes((RESPONSES / name).read_bytes())
    assert define(path).exit_code == 0
    assert read("survey.json", (tmp_path / "survey.json").read_bytes()).is_ok
    found = taken_over(path)
    assert len(found) > 900
    assert all(isinstance(each, Answer) for each in found)
