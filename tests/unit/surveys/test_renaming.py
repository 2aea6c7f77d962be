"""A new name goes wherever the former one was asked for, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from viche_surveys.domain.checking import faults
from viche_surveys.domain.document import from_json, to_json
from viche_surveys.domain.renaming import HIDDEN, UNCLEAR, NothingOfThatName, renamed


def survey(**changes: Any) -> Any:
    """A survey of a person and their children, as a document."""
    age = {"name": "age", "kind": "number", "label": {"en": "How old are you?"}}
    why = {"name": "why", "kind": "text", "label": {"en": "Why, at {age}?"}, **changes}
    kids = {
        "name": "kids", "repeat": {"maximum": 5},
        "items": [{"name": "born", "kind": "date", "label": {"en": "Born?"}}],
    }  # fmt: skip
    total = {"name": "total", "kind": "calculated", "expression": 'count(kids.filter(k, k.born > "2020"))'}
    return from_json({
        "format": "viche-survey/1", "languages": ["en"], "title": {"en": "People"},
        "pages": [{"name": "first", "items": [age, kids, total, why]}],
        "quotas": [{"name": "young", "condition": "age < 30", "limit": 5}],
    })  # fmt: skip


def why(definition: Any) -> Any:
    return to_json(definition)["pages"][0]["items"][3]


def test_conditions_texts_and_limits_follow_the_name() -> None:
    found = renamed(survey(relevant='age > 17 && selected(why, "age")'), "age", "years")
    assert found.faults == ()
    assert found.places == ("/pages/0/items/3/relevant", "/pages/0/items/3/label/en", "/quotas/0/condition")
    assert why(found.definition)["relevant"] == 'years > 17 && selected(why, "age")'
    assert why(found.definition)["label"]["en"] == "Why, at {years}?"
    assert found.definition.quotas[0].condition == "years < 30"
    assert faults(renamed(survey(relevant="age > 17"), "age", "years").definition) == []


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("age > 1 && age < 9", "years > 1 && years < 9"),
        ("kids.all(age, age.born != null) && age > 1", "kids.all(age, age.born != null) && years > 1"),
        ("kids.map(k, k.age) == [age]", "kids.map(k, k.age) == [years]"),
        ("ages == 'age' // age\n|| age == 3", "ages == 'age' // age\n|| years == 3"),
        ("number(age)+age", "number(years)+years"),
    ],
)
def test_only_the_question_itself_is_renamed(source: str, wanted: str) -> None:
    assert why(renamed(survey(relevant=source), "age", "years").definition)["relevant"] == wanted


@pytest.mark.parametrize("source", ["kids[0].born", "kids.map(k, k.born)", "kids.exists(k, k.born == age)"])
def test_a_question_of_a_repeat_is_renamed_as_a_member(source: str) -> None:
    found = renamed(survey(relevant=source), "born", "birthday")
    assert found.faults == ()
    assert why(found.definition)["relevant"] == source.replace("born", "birthday")
    assert to_json(found.definition)["pages"][0]["items"][2]["expression"].count("birthday") == 1


def test_a_repeat_is_renamed_as_a_list() -> None:
    found = renamed(survey(relevant="count(kids) > 1"), "kids", "children")
    assert why(found.definition)["relevant"] == "count(children) > 1"
    assert faults(found.definition) == []


@pytest.mark.parametrize(
    ("source", "name", "new_name", "reason"),
    [
        ("kids.exists(k, k.born == age)", "age", "k", HIDDEN),
        ('kids[0]["born"] == age', "born", "birthday", UNCLEAR),
        ("age > (", "age", "years", "EXPRESSION_SYNTAX"),
    ],
)
def test_what_cannot_be_told_apart_is_said_with_its_place(source: str, name: str, new_name: str, reason: str) -> None:
    before = survey(relevant=source)
    found = renamed(before, name, new_name)
    assert [(each.place, each.reason) for each in found.faults] == [("/pages/0/items/3/relevant", reason)]
    assert found.definition == before


@pytest.mark.parametrize(
    ("new_name", "reason"), [("my age", "BAD_NAME"), ("true", "RESERVED_NAME"), ("kids", "NAME_TWICE")]
)
def test_a_name_that_nothing_can_have_is_refused(new_name: str, reason: str) -> None:
    assert [each.reason for each in renamed(survey(), "age", new_name).faults] == [reason]


def test_a_member_that_may_be_a_row_of_a_table_is_left_to_a_person() -> None:
    table = {
        "kind": "matrix", "rows": [{"code": "born", "label": {"en": "Born"}}],
        "options": [{"code": "a", "label": {"en": "A"}}], "relevant": "kids[0].born != null",
    }  # fmt: skip
    assert [each.reason for each in renamed(survey(**table), "born", "birthday").faults] == [UNCLEAR, UNCLEAR]


def test_pages_are_renamed_and_what_is_not_there_is_not() -> None:
    assert renamed(survey(), "first", "start").definition.pages[0].name == "start"
    with pytest.raises(NothingOfThatName):
        renamed(survey(), "nothing", "start")
