"""CSV that spreadsheets read as data."""

import csv
import io
import json

import pytest

from tests.unit.surveys.exports.data import ANSWERS, EVERYTHING, columns_of, options, question, table_of, written
from viche_surveys.domain.definition import Kind
from viche_surveys.exports.csv_file import CsvWriter
from viche_surveys.exports.json_file import JsonWriter

TEXT = (question("why", Kind.TEXT),)


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "said", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1", " ＋1", "－1", "＠x", '=cmd|"/c calc"!A1']
)
def test_a_text_is_never_a_formula(said: str) -> None:
    assert read(written(CsvWriter, TEXT, [{"why": said}]))[0]["why"] == "'" + said


def test_a_code_of_an_option_is_never_a_formula() -> None:
    asked = (question("q", Kind.SINGLE, options=options("=a", "b")),)
    assert read(written(CsvWriter, asked, [{"q": "=a"}]))[0]["q"] == "'=a"


def test_numbers_stay_numbers() -> None:
    asked = (question("n", Kind.NUMBER), question("m", Kind.SINGLE, options=options("-1", "1")))
    found = read(written(CsvWriter, asked, [{"n": -5.0, "m": "-1"}, {"n": 0.1}, {"n": 1e300}]))
    assert [(each["n"], each["m"]) for each in found] == [("-5", "-1"), ("0.1", ""), ("1e+300", "")]


def test_texts_with_quotes_commas_and_lines_come_back() -> None:
    said = 'він: "так, але…"\r\nі ще\nраз'
    assert read(written(CsvWriter, TEXT, [{"why": said}, {}, {"why": "x"}]))[0]["why"] == said


def test_lines_end_as_rfc_4180_says_and_the_file_begins_with_a_mark() -> None:
    content = written(CsvWriter, (), [{}, {}, {}])
    assert content.startswith(b"\xef\xbb\xbfresponse_id,")
    assert content.count(b"\r\n") == content.count(b"\n") == 4


def test_the_mark_can_be_left_out() -> None:
    out = io.BytesIO()
    CsvWriter(out, table_of(columns_of(())), has_mark=False).end()
    assert out.getvalue().startswith(b"response_id,")


def test_dates_and_instants_are_iso_8601() -> None:
    found = read(written(CsvWriter, EVERYTHING, [ANSWERS]))[0]
    assert (found["born"], found["wakes"], found["meets"]) == ("2024-02-29", "06:30", "2026-11-01T18:00")
    assert found["submitted_at"] == "2026-10-01T12:30:15Z"


def test_json_is_an_array_of_objects() -> None:
    found = json.loads(written(JsonWriter, EVERYTHING, [ANSWERS, {}, {"why": "=1"}]))
    assert len(found) == 3
    assert found[0].keys() == found[1].keys()
    assert (found[0]["mark"], found[0]["uses_bus"], found[0]["born"]) == (2, 0, "2024-02-29")
    assert (found[0]["wakes"], found[0]["submitted_at"]) == ("06:30", "2026-10-01T12:30:15Z")
    assert (found[1]["why"], found[2]["why"]) == (None, "=1")


def test_json_of_nothing_is_an_empty_array() -> None:
    assert json.loads(written(JsonWriter, EVERYTHING, [])) == []
