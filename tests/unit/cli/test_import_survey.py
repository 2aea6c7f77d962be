"""`viche import survey --check` reads forms without an instance and says what becomes of them."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.unit.surveys.forms.workbooks import workbook
from viche_cli.commands.import_petitions import import_
from viche_cli.commands.import_survey import Taken, draft_request
from viche_surveys.forms import read

HEADER = ("type", "name", "label")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(import_, ["survey", *map(str, arguments)])


def form(folder: Path, name: str, *rows: tuple[str, ...]) -> Path:
    path = folder / name
    path.write_bytes(workbook([HEADER, *rows]))
    return path


def test_each_file_is_one_object(tmp_path: Path) -> None:
    good = form(tmp_path, "good.xlsx", ("text", "a", "A?"), ("deviceid", "d", ""))
    bad = form(tmp_path, "bad.xlsx", ("riddle", "a", "A?"))
    other = tmp_path / "other.txt"
    other.write_text("hello")
    result = run("--check", "--json", good, bad, other, tmp_path / "none.xlsx")
    first, second, third, fourth = map(json.loads, result.stdout.splitlines())
    assert result.exit_code == 1
    assert first == {
        "file": str(good), "ok": True, "format": "xlsform", "questions": 1,
        "changed": [
            {"place": "sheet survey, row 1", "reason": "LANGUAGE_GUESSED", "sheet": "survey", "row": "1",
             "language": "en", "message": "the form names no language; by its letters it is en"},
        ],
        "refused": [
            {"place": "sheet survey, row 3, column type", "reason": "METADATA_LEFT_OUT", "sheet": "survey",
             "row": "3", "column": "type", "name": "d",
             "message": "d is about the device or the interviewer and is left out; when an answer came is kept"},
        ],
    }  # fmt: skip
    assert (second["ok"], second["questions"]) == (False, 0)
    assert [each["reason"] for each in second["refused"]] == ["UNKNOWN_TYPE"]
    assert [each["refused"][0]["reason"] for each in (third, fourth)] == ["NOT_A_FORM", "NOT_A_FORM"]


def test_what_became_of_the_file_goes_along_with_the_draft(tmp_path: Path) -> None:
    path = form(tmp_path, "good.xlsx", ("text", "a", "A?"), ("deviceid", "d", ""))
    origin = draft_request(Taken(path, read(path.name, path.read_bytes())), "1").origin
    assert (origin.filename, origin.format, origin.questions) == ("good.xlsx", "xlsform", 1)
    assert [each.reason for each in origin.changed] == ["LANGUAGE_GUESSED"]
    (left_out,) = origin.refused
    assert (left_out.reason, left_out.values["name"]) == ("METADATA_LEFT_OUT", "d")


def test_all_well_ends_well(tmp_path: Path) -> None:
    result = run("--check", form(tmp_path, "good.xlsx", ("text", "a", "A?")))
    assert result.exit_code == 0
    assert "good.xlsx: ready, 1 questions" in result.stdout.replace("\n", "")


def test_without_check_it_needs_an_instance(tmp_path: Path) -> None:
    result = run("--home", tmp_path / "nothing", form(tmp_path, "good.xlsx", ("text", "a", "A?")))
    assert result.exit_code == 1
    assert "No viche runs" in str(result.exception)


def test_petitions_are_imported_as_before() -> None:
    assert CliRunner().invoke(import_, ["petitions", "--help"]).exit_code == 0
    assert list(import_.commands) == ["petitions"]
    assert "  petitions  Take over petitions" in CliRunner().invoke(import_, []).output
