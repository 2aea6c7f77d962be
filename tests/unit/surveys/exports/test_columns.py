"""What columns a survey has, and how its answers stand in them."""

from typing import Any

import pytest

from tests.unit.surveys.exports.data import (
    ANSWERS,
    EVERYTHING,
    columns_of,
    definition,
    options,
    question,
    response,
)
from viche_surveys.domain.definition import Definition, Group, Kind, Page, Question, Repeat
from viche_surveys.exports.columns import Plan
from viche_surveys.exports.names import Names

FACTS = [
    "response_id", "version", "submitted_at", "language", "channel", "partner_id", "territory", "assurance", "source",
]  # fmt: skip


def cells(items: tuple[Question | Group, ...], answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = response(answers)
    columns = columns_of(items, [given], **more)
    row = columns.row(given)
    assert len(row) == len(columns.variables)
    return dict(list(zip([each.name for each in columns.variables], row, strict=True))[len(FACTS) :])


def test_every_kind_of_question_has_its_columns() -> None:
    found = cells(EVERYTHING, ANSWERS)
    assert {name: str(value) for name, value in found.items()} == {
        "road": "a", "mark": "2", "uses_bus": "0", "uses_foot": "1", "uses__car": "1", "parts_r1": "1",
        "parts_r2": "2", "sides_l_x": "1", "sides_l_y": "1", "sides_r_x": "None", "sides_r_y": "None", "order_p": "2",
        "order_q": "1", "scale": "4", "age": "41.0", "why": "бо так", "born": "2024-02-29", "wakes": "06:30:00",
        "meets": "2026-11-01 18:00:00", "lives": "UA05", "spot_lat": "49.2331", "spot_lon": "28.4682",
        "photo": "яма.jpg", "photo_id": "0199e0b0-0000-7000-8000-000000000009", "agrees": "1", "index": "82.0",
        "child_1_school": "9", "child_2_school": "ліцей",
    }  # fmt: skip


def test_facts_stand_first() -> None:
    assert [each.name for each in columns_of(()).variables] == FACTS


def test_nothing_answered_is_missing_everywhere() -> None:
    assert set(cells(EVERYTHING, {}).values()) == {None}


def test_personal_values_are_there_for_those_alone_who_ask_for_them() -> None:
    assert "mail" not in cells(EVERYTHING, ANSWERS)
    assert cells(EVERYTHING, ANSWERS, with_personal=True)["mail"] == "o@example.org"


def test_codes_that_are_integers_become_integers() -> None:
    assert cells((question("q", Kind.SINGLE, options=options("1", "2")),), {"q": "2"}) == {"q": 2}
    assert cells((question("q", Kind.SINGLE, options=options("1", "02")),), {"q": "02"}) == {"q": "02"}


@pytest.mark.parametrize(
    ("asked", "in_general", "in_spss"),
    [
        (question("q", Kind.SINGLE, options=options("a"), allows_dont_know=True), "DK", "DK"),
        (question("q", Kind.SINGLE, options=options("a", "DK"), allows_dont_know=True), "DK_", "DK_"),
        (question("q", Kind.LIKERT, options=options("1", "2"), allows_dont_know=True), -8, -8),
        (question("q", Kind.LIKERT, options=options("-8", "2"), allows_dont_know=True), -98, -98),
        (question("q", Kind.CONSENT, allows_dont_know=True), -8, -8),
        (question("q", Kind.NUMBER, minimum=0, allows_dont_know=True), None, -8),
        (question("q", Kind.NUMBER, minimum=-50, allows_dont_know=True), None, -98),
        (question("q", Kind.NUMBER, allows_dont_know=True), None, -9_999_999),
        (question("q", Kind.TEXT, allows_dont_know=True), None, None),
        (question("q", Kind.DATE, allows_dont_know=True), None, None),
    ],
)
def test_dont_know_is_a_value_of_its_own_where_there_is_room(asked: Question, in_general: Any, in_spss: Any) -> None:
    said = {"q": {"dont_know": True}}
    assert cells((asked,), said) == {"q": in_general}
    assert cells((asked,), said, keeps_dont_know=True) == {"q": in_spss}


def test_dont_know_has_a_label() -> None:
    asked = (question("q", Kind.NUMBER, minimum=0, allows_dont_know=True),)
    variable = columns_of(asked, keeps_dont_know=True).variables[-1]
    assert [(value.code, value.label["uk"]) for value in variable.values] == [(-8, "Не знаю")]
    assert variable.dont_know == -8


def test_repeats_reach_as_far_as_the_longest_answer() -> None:
    items = (Group(name="g", repeat=Repeat(maximum=50), items=(question("q", Kind.TEXT),)),)
    given = [response({"g": [{"q": "x"}] * count}) for count in (1, 3, 0)]
    columns = columns_of(items, given)
    assert [each.name for each in columns.variables[len(FACTS) :]] == ["g_1_q", "g_2_q", "g_3_q"]
    assert columns.row(given[0])[len(FACTS) :] == ["x", None, None]
    assert columns.variables[-1].label["uk"] == "q? (3)"


@pytest.mark.parametrize(
    ("results", "kind"), [([1, 2.5], "number"), ([True], "flag"), (["a"], "text"), ([1, "a"], "text"), ([], "text")]
)
def test_a_calculated_value_is_what_all_of_its_results_are(results: list[Any], kind: str) -> None:
    given = [response({"q": each}) for each in results]
    columns = columns_of((question("q", Kind.CALCULATED, expression="1"),), given)
    assert columns.variables[-1].kind == kind
    if kind == "text":
        assert [columns.row(each)[-1] for each in given] == [str(each) for each in results]


def test_questions_of_older_versions_come_last_and_changed_ones_apart() -> None:
    older = definition(
        question("gone", Kind.TEXT),
        question("same", Kind.SINGLE, options=options("a", "old")),
        question("other", Kind.NUMBER),
    )
    newer = definition(question("same", Kind.SINGLE, options=options("b", "a")), question("other", Kind.TEXT))
    columns = Plan({1: older, 2: newer}, with_personal=False).columns()
    assert [each.name for each in columns.variables[len(FACTS) :]] == ["same", "other", "gone", "other_v1"]
    assert [value.code for value in columns.variables[len(FACTS)].values] == ["b", "a", "old"]
    assert columns.row(response({"other": 5, "gone": "x"}))[len(FACTS) :] == [None, None, "x", 5]
    assert columns.row(response({"other": "five"}, version=2))[len(FACTS) :] == [None, "five", None, None]


def test_what_was_personal_in_one_version_is_personal() -> None:
    older = definition(question("name", Kind.TEXT, is_personal=True))
    plan = Plan({1: older, 2: definition(question("name", Kind.TEXT))}, with_personal=False)
    assert [each.name for each in plan.columns().variables] == FACTS


def test_labels_say_question_and_option_in_each_language() -> None:
    variable = columns_of((question("uses", Kind.MULTIPLE, options=options("bus")),)).variables[-1]
    assert variable.label == {"uk": "uses? – варіант bus", "en": "uses? (en) – варіант bus (en)"}


def test_a_question_without_a_label_is_called_by_its_name() -> None:
    bare = Definition(languages=("uk",), title={}, pages=(Page(name="p", items=(Question(name="q", kind=Kind.TEXT),)),))
    assert Plan({1: bare}, with_personal=False).columns().variables[-1].label == {"uk": "q"}


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("road",), "road"),
        (("uses", "+car"), "uses__car"),
        (("всі", "Так"), "всі_Так"),
        (("_x",), "q_x"),
        (("BY",), "BY_"),
        (("я" * 40,), "я" * 32),
    ],
)
def test_names_are_such_as_spss_takes(parts: tuple[str, ...], name: str) -> None:
    assert Names().give(*parts) == name


def test_names_are_told_apart_without_regard_to_case() -> None:
    names = Names()
    assert [names.give("Road"), names.give("road"), names.give("ROAD"), names.give("road", "2")] == [
        "Road", "road_2", "ROAD_3", "road_2_2",
    ]  # fmt: skip


def test_cut_names_are_told_apart() -> None:
    names = Names()
    given = [names.give("q" * 63 + letter) for letter in "abcdefghijkl"] + [names.give("q" * 70) for _ in range(12)]
    assert len({each.casefold() for each in given}) == 24
    assert max(len(each.encode()) for each in given) == 64
