"""`viche import answers` reads tables as a mapping says, and names rows that are no answers."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from viche_cli.commands.import_petitions import import_
from viche_cli.faults import Fault
from viche_cli.imports.answer_mapping import read_mapping
from viche_cli.imports.answer_table import opened
from viche_cli.imports.answers import Answer, RefusedRow, answers, batches

MAPPINGS = Path(__file__).parent / "answers"
RESPONSES = Path(__file__).parents[3].parent / "shared" / "data" / "surveys" / "responses"
MAPPING = """
id = "No"
empty = ["-", "n/a"]
[submitted]
column = "When"
format = "%d.%m.%Y %H:%M"
zone = "Europe/Kyiv"
[values.scale]
Good = "good"
"Not good" = "bad"
[questions.road]
column = "Road"
values = "scale"
dont_know = ["?"]
[questions.uses]
column = "Uses"
separator = ";"
values = { Tram = "tram", Bike = "bike" }
[questions.age]
column = 5
type = "number"
[questions.born]
column = "Born"
type = "date"
format = "%d.%m.%Y"
[questions.why]
column = "Why"
type = "text"
[questions.agrees]
column = "Agrees"
type = "consent"
"""
HEADER = "No,When,Road,Uses,Age,Born,Why,Agrees\n"


def read(folder: Path, text: str | bytes, mapping: str = MAPPING, name: str = "a.csv") -> list[Answer | RefusedRow]:
    path, map_path = folder / name, folder / "map.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    map_path.write_text(mapping, encoding="utf-8")
    wanted = read_mapping(map_path, name)
    with opened(path, wanted.layout) as table:
        return list(answers(table, wanted))


def test_cells_become_answers_of_their_types(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "7,01.03.2026 14:30,Not good,Tram; Bike,41.0,29.02.2000,Вибоїни,yes\n")
    assert found == [
        Answer(2, "7", datetime(2026, 3, 1, 12, 30, tzinfo=UTC), {
            "road": "bad", "uses": ["tram", "bike"], "age": 41, "born": "2000-02-29", "why": "Вибоїни", "agrees": True,
        })
    ]  # fmt: skip


def test_empty_cells_say_nothing_and_dont_know_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + "7,-,?,,n/a,,,no\n\n8\n")
    assert found == [Answer(2, "7", None, {"road": {"dont_know": True}}), Answer(4, "8", None, {})]


@pytest.mark.parametrize(
    ("row", "reason", "words"),
    [
        (",,Good,,,,,", "NO_ID", "it has no id"),
        ("1,,Great,,,,,", "UNMAPPED", "road: the mapping has no code for 'Great'"),
        ("1,,,Tram;Car,,,,", "UNMAPPED", "uses: the mapping has no code for 'Car'"),
        ("1,,,,old,,,", "NOT_A_NUMBER", "age: 'old' is no number"),
        ("1,,,,,30.02.2000,,", "NOT_A_MOMENT", "born: '30.02.2000' is not written as %d.%m.%Y"),
        ("1,yesterday,,,,,,", "NOT_A_MOMENT", "'yesterday' is not written as %d.%m.%Y %H:%M"),
        ("1,,,,,,,perhaps", "UNMAPPED", "agrees: 'perhaps' is neither yes nor no"),
    ],
)
def test_a_row_that_is_no_answer_is_named(tmp_path: Path, row: str, reason: str, words: str) -> None:
    assert read(tmp_path, f"{HEADER}{row}\n9,,Good,,,,,\n") == [
        RefusedRow(2, reason, words),
        Answer(3, "9", None, {"road": "good"}),
    ]


def test_the_same_id_twice_is_named(tmp_path: Path) -> None:
    assert [type(each) for each in read(tmp_path, HEADER + "1\n1\n")] == [Answer, RefusedRow]


SEVERAL = """
encoding = "cp1251"
delimiter = ";"
skip_rows = 1
header_rows = 2
id = "id"
[questions.uses]
chosen = ["x"]
[questions.uses.columns]
tram = "Чим їздите? / трамвай"
bike = "Чим їздите? / велосипед"
[questions.rank.places]
a = 4
b = 5
[questions.view.rows]
road = 6
park = 7
"""
TWO_ROWS = "Опитування\nid;Чим  їздите?;;Місця;;Думка;\n;трамвай;велосипед;a;b;дорога;парк\n"


def test_several_columns_and_two_rows_of_header(tmp_path: Path) -> None:
    table = TWO_ROWS + "1;x;ні;2;1;good;\n2;;x;1;;;bad\n3;;;1;3;;\n"
    assert read(tmp_path, table.encode("cp1251"), SEVERAL) == [
        Answer(4, "1", None, {"uses": ["tram"], "rank": ["b", "a"], "view": {"road": "good"}}),
        Answer(5, "2", None, {"uses": ["bike"], "rank": ["a"], "view": {"park": "bad"}}),
        RefusedRow(6, "NO_ORDER", "rank: 1, 3 are not the places 1 to 2, each once"),
    ]


def test_a_workbook_is_a_table_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Data")
    for row in (["No", "Age", "Born"], [7, 41.0, datetime(2000, 2, 29)], [None, None, None], [8, 2.5, None]):  # noqa: DTZ001
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    mapping = (
        'id = "No"\nsheet = "Data"\n[questions.age]\ncolumn = "Age"\ntype = "number"\n'
        '[questions.born]\ncolumn = "Born"\ntype = "date"\nformat = "%Y-%m-%dT%H:%M:%S"\n'
    )
    assert read(tmp_path, out.getvalue(), mapping, "a.xlsx") == [
        Answer(2, "7", None, {"age": 41, "born": "2000-02-29"}), Answer(4, "8", None, {"age": 2.5}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("id = 1", "maps no questions"),
        ("id = 1\ncolour = 2\n[questions.a]\ncolumn = 1", "knows no colour"),
        ("id = 1\n[questions.a]\ncolumn = 1\nplaces = {}", "questions.a needs one of"),
        ("id = 1\n[questions.a]\ncolumn = 1\ntype = 'riddle'", "questions.a.type is one of"),
        ("id = 1\n[questions.a]\ncolumn = 1\nvalues = 'none'", "[values.none], which is not there"),
        ("[questions.a]\ncolumn = 1", "id must be a column"),
        ("id = 1\ndelimiter = ''\n[questions.a]\ncolumn = 1", "delimiter must be one character"),
        ("id = 9\n[questions.a]\ncolumn = 1", "column 9, and the table has 2"),
        ("id = 'x'\n[questions.a]\ncolumn = 1", "no column that is called 'x'"),
        ("id = 'b'\n[questions.a]\ncolumn = 1", "several columns that are called 'b'"),
        ("id = 1\nencoding = 'klingon'\n[questions.a]\ncolumn = 1", "unknown encoding: klingon"),
        ("id = 1\nencoding = 'ascii'\n[questions.a]\ncolumn = 1", "is not ascii"),
        ("id = ", "is no TOML"),
    ],
)
def test_a_mapping_that_does_not_fit_is_a_fault(tmp_path: Path, mapping: str, words: str) -> None:
    with pytest.raises(Fault) as fault:
        read(tmp_path, "b,b\nю,2\n", mapping)
    assert words in str(fault.value)


def test_batches_are_bounded_by_number_and_by_size() -> None:
    made = [Answer(n, str(n), None, {"why": "я" * 100}) for n in range(10)]
    assert [len(each) for each in batches(made, 4, 10_000)] == [4, 4, 2]
    assert [len(each) for each in batches(made, 4, 500)] == [2, 2, 2, 2, 2]
    assert [len(each) for each in batches(made, 4, 1)] == [1] * 10


def run(*words: object) -> Result:
    return CliRunner().invoke(import_, ["answers", *map(str, words)])


def test_check_tells_without_an_instance(tmp_path: Path) -> None:
    path, mapping = tmp_path / "a.csv", tmp_path / "map.toml"
    path.write_text(HEADER + "1,,Great,,,,,\n2,,Good,,,,,\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    result = run(path, "--mapping", mapping, "--check")
    assert result.exit_code == 1
    assert "2 rows; 1 can go in as far as the file tells, 1 cannot" in result.stdout
    assert "row 2: road: the mapping has no code for 'Great'" in result.stderr
    document = json.loads(run(path, "--mapping", mapping, "--check", "--json").stdout)
    assert (document["rows"], document["refused"], document["refusals"][0]["row"]) == (2, 1, 2)


def test_a_survey_is_needed_to_take_over(tmp_path: Path) -> None:
    path, mapping = tmp_path / "a.csv", tmp_path / "map.toml"
    path.write_text(HEADER, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    assert "--survey" in str(run(path, "--mapping", mapping).exception)
    assert "No viche runs" in str(
        run(path, "--mapping", mapping, "--survey", "1", "--home", tmp_path / "none").exception
    )


@pytest.mark.skipif(not RESPONSES.is_dir(), reason="the files of answers are not there")
@pytest.mark.parametrize(
    ("file", "rows"),
    [("comma/comma-survey.csv", 1129), ("star-wars/StarWars.csv", 1186), ("weather-check/weather-check.csv", 928)],
)
def test_every_row_of_published_files_is_an_answer(file: str, rows: int) -> None:
    path = RESPONSES / file
    mapping = read_mapping(MAPPINGS / f"{path.parent.name}.toml", path.name)
    with opened(path, mapping.layout) as table:
        found = list(answers(table, mapping))
    assert [each for each in found if isinstance(each, RefusedRow)] == []
    assert len(found) == rows
