"""A definition's expressions are checked where they stand, with the names that are known there."""

from typing import Any

import pytest

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Page, Question, Quota, Repeat
from viche_surveys.domain.expression_checking import expression_faults
from viche_surveys.domain.expressions import Reason


def question(name: str, kind: Kind = Kind.NUMBER, **given: Any) -> Question:
    return Question(name=name, kind=kind, **given)


def found(*items: Question | Group, **given: Any) -> list[tuple[str, str, str]]:
    """Place, reason and first value of what is wrong with a survey of one page."""
    page = Page(name="page", items=items, relevant=given.pop("page_relevant", ""), title=given.pop("page_title", {}))
    definition = Definition(**{"languages": ("uk",), "title": {"uk": "Опитування"}, "pages": (page,), **given})
    return [(fault.place, fault.reason, next(iter(fault.values.values()))) for fault in expression_faults(definition)]


def test_expressions_that_can_be_right_are_no_faults() -> None:
    people = Group(
        name="people",
        repeat=Repeat(),
        relevant="age > 17",
        items=(
            question("kid", constraint="value < age && other > kid"),
            question("other", relevant="kid > position()"),
        ),
    )
    city = question(
        "city",
        Kind.SINGLE,
        options=(Option(code="k", label={"uk": "{age}"}),),
        option_filter="option.region == text(age)",
    )
    total = question("total", Kind.CALCULATED, expression="sum(people.map(p, p.kid))", required_if="total > later")

    assert found(
        question("age", label={"uk": "Вік, {later}?", "en": "Age {{years}}"}),
        people,
        Group(name="inner", items=(city, total, question("later"))),
        page_title={"uk": "{total}"},
        quotas=(Quota(name="few", condition="count(people) > 2 && later == 1", limit=1),),
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"relevant": "nobody > 1"}, "relevant"),
        ({"constraint": "value > nobody"}, "constraint"),
        ({"required_if": "nobody > 1"}, "required_if"),
        ({"option_filter": "option.code == nobody"}, "option_filter"),
        ({"expression": "nobody"}, "expression"),
        ({"label": {"uk": "{nobody}"}}, "label/uk"),
        ({"hint": {"en": "{nobody}"}}, "hint/en"),
        ({"constraint_message": {"uk": "{nobody}"}}, "constraint_message/uk"),
        ({"unit": {"uk": "{nobody}"}}, "unit/uk"),
        ({"low_label": {"uk": "{nobody}"}}, "low_label/uk"),
        ({"high_label": {"uk": "{nobody}"}}, "high_label/uk"),
        ({"options": (Option(code="a", label={"uk": "{nobody}"}),)}, "options/0/label/uk"),
        ({"rows": (Option(code="a", label={"uk": "{nobody}"}),)}, "rows/0/label/uk"),
    ],
)
def test_every_place_of_a_question_is_checked(given: dict[str, Any], place: str) -> None:
    faults = found(question("age"), question("name", **given))

    assert faults == [(f"/pages/0/items/1/{place}", "EXPRESSION_UNKNOWN_NAME", "nobody")]


def test_every_other_place_is_checked() -> None:
    nobody = {"uk": "{nobody}"}
    group = Group(name="group", items=(question("age"),), label=nobody, hint=nobody, relevant="nobody")
    quota = Quota(name="few", condition="nobody", limit=1, message=nobody)

    faults = found(
        group,
        page_relevant="nobody",
        page_title=nobody,
        quotas=(quota,),
        title=nobody,
        introduction=nobody,
        thanks=nobody,
    )

    assert [place for place, _, _ in faults] == [
        "/title/uk",
        "/introduction/uk",
        "/thanks/uk",
        "/pages/0/relevant",
        "/pages/0/title/uk",
        "/pages/0/items/0/relevant",
        "/pages/0/items/0/label/uk",
        "/pages/0/items/0/hint/uk",
        "/quotas/0/condition",
        "/quotas/0/message/uk",
    ]
    assert {reason for _, reason, _ in faults} == {"EXPRESSION_UNKNOWN_NAME"}


@pytest.mark.parametrize(
    ("given", "place", "later"),
    [
        ({"relevant": "second > 1"}, "relevant", "second"),
        ({"relevant": "first > 1"}, "relevant", "first"),
        ({"expression": "second + 1"}, "expression", "second"),
        ({"expression": "first + 1"}, "expression", "first"),
    ],
)
def test_what_is_asked_before_does_not_depend_on_what_comes_later(
    given: dict[str, Any], place: str, later: str
) -> None:
    faults = found(question("first", **given), question("second", relevant="first > 1"))

    assert faults == [(f"/pages/0/items/0/{place}", "EXPRESSION_LATER", later)]


def test_names_in_a_repeat_are_known_in_it_alone() -> None:
    people = Group(name="people", repeat=Repeat(), items=(question("kid"), question("toy", relevant="kid > 1")))

    assert found(people, question("after", relevant="kid > 1"), question("all", relevant="count(people) > 1")) == [
        ("/pages/0/items/1/relevant", "EXPRESSION_UNKNOWN_NAME", "kid")
    ]


def test_a_fault_has_its_line_and_column() -> None:
    page = Page(name="page", items=(question("age", constraint="value >\n  nobody"),))
    faults = expression_faults(Definition(languages=("uk",), title={"uk": "Т"}, pages=(page,)))

    assert [fault.values for fault in faults] == [{"name": "nobody", "line": "2", "column": "3"}]


def test_every_reason_says_what_it_is_about() -> None:
    broken = ["1 +", "nobody", "foo(1)", "size()", "5 % 2", "'a'.matches('(')", "1" * 5_000, "(" * 30 + "1" + ")" * 30]
    pages = tuple(Page(name=f"page{index}", items=(), relevant=source) for index, source in enumerate(broken))
    faults = expression_faults(Definition(languages=("uk",), title={"uk": "Т"}, pages=pages))

    assert {fault.reason for fault in faults} == set(Reason)
    assert [next(iter(fault.values.items())) for fault in faults] == [
        ("text", "mismatched input '<EOF>'"),
        ("name", "nobody"),
        ("function", "foo"),
        ("function", "size"),
        ("function", "%"),
        ("text", "("),
        ("limit", "4000"),
        ("text", "("),
    ]
