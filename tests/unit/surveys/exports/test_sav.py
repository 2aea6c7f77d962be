"""SPSS system files, read back by ReadStat (through pyreadstat), which has nothing in common with what wrote them."""

from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.surveys.exports.data import ANSWERS, EVERYTHING, options, question, written
from viche_surveys.domain.definition import Group, Kind, Option, Question
from viche_surveys.exports.sav_file import SavWriter, seconds

at = datetime.fromisoformat


def read(
    folder: Path, items: tuple[Question | Group, ...], answers: list[dict[str, Any]], *, user_missing: bool = True
) -> tuple[dict[str, list[Any]], Any]:
    path = folder / "x.sav"
    path.write_bytes(written(SavWriter, items, answers, keeps_dont_know=True))
    data, about = pyreadstat.read_sav(path, output_format="dict", user_missing=user_missing)
    return {name: list(column) for name, column in data.items()}, about  # pyright: ignore[reportAttributeAccessIssue]


def test_values_of_every_kind_come_back(tmp_path: Path) -> None:
    data, about = read(tmp_path, EVERYTHING, [ANSWERS, {}, ANSWERS])
    first = {name: column[0] for name, column in data.items()}
    assert first | {
        "response_id": "0199e0b0-0000-7000-8000-000000000001", "version": 1, "channel": "portal", "language": "uk",
        "submitted_at": at("2026-10-01T12:30:15"), "road": "a", "mark": 2, "uses_bus": 0,
        "uses_foot": 1, "uses__car": 1, "parts_r1": 1, "sides_l_y": 1, "order_p": 2, "scale": 4, "age": 41,
        "why": "бо так", "born": date(2024, 2, 29), "wakes": time(6, 30),
        "meets": at("2026-11-01T18:00:00"), "spot_lat": 49.2331, "photo": "яма.jpg", "agrees": 1,
        "index": 82, "child_2_school": "ліцей",
    } == first  # fmt: skip
    assert {name for name, column in data.items() if column[1] not in (None, "")} == {
        "response_id", "version", "submitted_at", "language", "channel",
    }  # fmt: skip
    assert about.number_rows == 3
    assert about.file_encoding == "UTF-8"


def test_labels_levels_and_sets_come_back(tmp_path: Path) -> None:
    _, about = read(tmp_path, EVERYTHING, [ANSWERS])
    assert about.file_label == "Дороги"
    assert about.column_names_to_labels["uses_foot"] == "uses? – варіант foot"
    labels = about.variable_value_labels
    assert labels["road"] == {"a": "варіант a", "b-c": "варіант b-c", "DK": "Не знаю"}
    assert labels["mark"] == {1: "варіант 1", 2: "варіант 2", 3: "варіант 3", -8: "Не знаю"}
    assert labels["uses_bus"] == {0: "Не обрано", 1: "Обрано", -8: "Не знаю"}
    assert labels["scale"] == {1: "погано", 5: "добре"}
    assert [about.variable_measure[name] for name in ("road", "mark", "age")] == ["nominal", "ordinal", "scale"]
    assert [about.variable_alignment[name] for name in ("why", "age")] == ["left", "right"]
    assert about.mr_sets["uses"]["variable_list"] == ["uses_bus", "uses_foot", "uses__car"]
    assert about.mr_sets["uses"]["counted_value"] == 1
    assert about.original_variable_types["born"] == "SDATE10"


def test_sets_of_flags_have_names_of_their_own_whatever_the_codes(tmp_path: Path) -> None:
    rows, choices = options("=a", "+a", "x"), options("1", "2")
    asked = question("m", Kind.MATRIX, rows=rows, options=choices, is_multiple=True)
    _, about = read(tmp_path, (asked, question("m_x", Kind.TEXT)), [{}])
    assert {name: each["variable_list"] for name, each in about.mr_sets.items()} == {
        "m__a": ["m__a_1", "m__a_2"], "m__a_2": ["m__a_1_2", "m__a_2_2"], "m_x": ["m_x_1", "m_x_2"],
    }  # fmt: skip


def test_dont_know_is_missing_as_users_declare_it(tmp_path: Path) -> None:
    items = (
        question("n", Kind.NUMBER, minimum=0, allows_dont_know=True),
        question("short", Kind.SINGLE, options=options("a"), allows_dont_know=True),
        question("long", Kind.SINGLE, options=options("a" * 9), allows_dont_know=True),
        question("flags", Kind.MULTIPLE, options=options("x"), allows_dont_know=True),
    )
    answers = [{each: {"dont_know": True} for each in ("n", "short", "long", "flags")}]
    data, _ = read(tmp_path, items, answers)
    assert [data[name] for name in ("n", "short", "long", "flags_x")] == [[-8], ["DK"], ["DK"], [-8]]
    data, _ = read(tmp_path, items, answers, user_missing=False)
    assert [data[name] for name in ("n", "short", "long", "flags_x")] == [[None], [None], [None], [None]]


def test_names_are_kept_whole(tmp_path: Path) -> None:
    names = ("question_with_a_name_of_sixty_four_bytes_that_nobody_would_type_", "так_довго", "Mixed")
    data, _ = read(tmp_path, tuple(question(name, Kind.TEXT) for name in names), [{}])
    assert tuple(data)[-3:] == names


@pytest.mark.parametrize(
    "length", [1, 7, 8, 9, 251, 252, 253, 254, 255, 256, 257, 504, 510, 511, 756, 765, 5000, 32767]
)
def test_texts_of_any_length_come_back(tmp_path: Path, length: int) -> None:
    said = "".join(chr(97 + at % 26) for at in range(length))
    items = (question("t", Kind.TEXT), question("after", Kind.TEXT))
    data, _ = read(tmp_path, items, [{"t": said, "after": "z"}, {"t": "x"}, {"after": "y"}])
    assert data["t"] == [said, "x", ""]
    assert data["after"] == ["z", "", "y"]


def test_a_text_beyond_the_limit_is_cut_between_characters(tmp_path: Path) -> None:
    data, _ = read(tmp_path, (question("t", Kind.TEXT),), [{"t": "a" + "😀" * 9000}])
    assert data["t"] == ["a" + "😀" * ((32767 - 1) // 4)]


def test_labels_are_cut_between_characters(tmp_path: Path) -> None:
    long = {"uk": "ї" + "😀" * 200}
    asked = Question(name="q", kind=Kind.SINGLE, label=long, options=(Option(code="1", label=long),))
    _, about = read(tmp_path, (asked,), [{}])
    assert about.column_names_to_labels["q"] == "ї" + "😀" * 63
    assert about.variable_value_labels["q"] == {1: "ї" + "😀" * 29}


def test_labels_of_long_codes_come_back(tmp_path: Path) -> None:
    asked = question("q", Kind.SINGLE, options=options("а" * 32, "b"))
    data, about = read(tmp_path, (asked,), [{"q": "а" * 32}, {"q": "b"}])
    assert data["q"] == ["а" * 32, "b"]
    assert about.variable_value_labels["q"] == {"а" * 32: "варіант " + "а" * 32, "b": "варіант b"}


def test_no_responses_make_a_file_without_cases(tmp_path: Path) -> None:
    data, about = read(tmp_path, EVERYTHING, [])
    assert about.number_rows == 0
    assert "road" in data


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(1582, 10, 15), 86_400.0),
        (date(1970, 1, 1), 12_219_379_200.0),
        (at("1970-01-01T00:00:01"), 12_219_379_201.0),
        (datetime(1970, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))), 12_219_379_200.0),
        (time(0, 1), 60.0),
    ],
)
def test_seconds_are_counted_from_the_first_day_of_the_calendar(value: Any, expected: float) -> None:
    assert seconds(value) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.floats(-1e300, 1e300), st.integers(-120, 160)),
            st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=200),
        ),
        max_size=9,
    )
)
def test_any_numbers_and_texts_come_back(tmp_path_factory: pytest.TempPathFactory, given: list[Any]) -> None:
    items = (question("n", Kind.NUMBER), question("t", Kind.TEXT))
    answers = [{"n": number, "t": said} for number, said in given]
    data, _ = read(tmp_path_factory.mktemp("sav"), items, answers)
    # spaces at the end of a string are filling
    assert data["n"] == [number for number, _ in given]
    assert data["t"] == [said.rstrip(" ") for _, said in given]
