"""Calculated values that take personal answers."""

from __future__ import annotations

import pytest

from viche_surveys import definitions
from viche_surveys.domain.definition import Definition, Group, Kind, Page, Question, Repeat

NAME = Question(name="first_name", kind=Kind.TEXT, label={"en": "Name?"}, is_personal=True)
AGE = Question(name="age", kind=Kind.NUMBER, label={"en": "Age?"})
PEOPLE = Group(
    name="people",
    repeat=Repeat(),
    items=(
        Question(name="called", kind=Kind.TEXT, label={"en": "Name?"}, is_personal=True),
        Question(name="years", kind=Kind.NUMBER, label={"en": "Age?"}),
        Question(name="greeting", kind=Kind.CALCULATED, expression='"Dear " + called'),
    ),
)


def personal(*expressions: str) -> set[str]:
    """Names of the calculated values that are personal, `c1` the first, once the definition has been read."""
    made = [Question(name=f"c{place}", kind=Kind.CALCULATED, expression=each) for place, each in enumerate(expressions)]
    pages = (Page(name="p", items=(NAME, AGE, PEOPLE, *made)),)
    written = definitions.written(Definition(languages=("en",), title={"en": "S"}, pages=pages))
    calculated = (each for each in definitions.read(written).questions() if each.kind is Kind.CALCULATED)
    return {each.name for each in calculated if each.is_personal}


def test_a_value_of_a_personal_answer_is_personal() -> None:
    assert personal('"Dear " + first_name', "age * 2") == {"greeting", "c0"}


def test_a_value_of_such_a_value_is_personal() -> None:
    assert personal("text(first_name)", "coalesce(c0, 1)", "age") == {"greeting", "c0", "c1"}


def test_what_is_too_long_to_open_is_not_read() -> None:
    assert "c0" in personal("1 + " * 2_000 + "1")


@pytest.mark.parametrize(
    "expression",
    ["people", "people[0]", "people.map(x, x)", "people.map(x, x.called)", "people.filter(x, true)", "text(people)"],
)
def test_what_takes_persons_out_of_a_repeat_is_personal(expression: str) -> None:
    assert "c0" in personal(expression)


@pytest.mark.parametrize("expression", ["count(people)", "sum(people.map(x, x.years)) / count(people)", "age"])
def test_sums_of_a_repeat_are_not(expression: str) -> None:
    assert "c0" not in personal(expression)
