"""Expressions give the same on the server and in the browser, and what is wrong with one is said with its place."""

import json
import math
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.surveys.browser import Browser
from viche_gateway import assets
from viche_surveys.domain.cel_source import ARITIES, MACROS, MAX_LENGTH
from viche_surveys.domain.expressions import Reason, evaluate, faults, holds, references

DATA = json.loads(Path(__file__).with_name("expressions.json").read_text("utf-8"))
NAMES: dict[str, Any] = DATA["names"]
TODAY = date.fromisoformat(DATA["today"])
CASES = [
    pytest.param({**NAMES, **group.get("names", {})}, group.get("position"), expression, gives, id=expression[:60])
    for group in DATA["groups"]
    for expression, gives in group["cases"]
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    opened = Browser()
    yield opened
    opened.close()


def same(ours: object, theirs: object) -> bool:
    """Whether two values are the same: true is not 1, and a double is its own whole number."""
    match ours, theirs:
        case (bool(), _) | (_, bool()):
            return ours is theirs
        case list(), list():
            return len(ours) == len(theirs) and all(map(same, ours, theirs))
        case dict(), dict():
            return ours.keys() == theirs.keys() and all(same(ours[name], theirs[name]) for name in ours)
        case _:
            return ours == theirs


@pytest.mark.parametrize(("names", "position", "expression", "gives"), CASES)
def test_an_expression_gives_on_the_server(
    names: dict[str, Any], position: int | None, expression: str, gives: object
) -> None:
    value = evaluate(expression, names, today=TODAY, position=position)

    assert same(value, gives), f"{expression} gives {value!r}"


@pytest.mark.parametrize(("names", "position", "expression", "gives"), CASES)
def test_an_expression_gives_the_same_in_the_browser(
    browser: Browser, names: dict[str, Any], position: int | None, expression: str, gives: object
) -> None:
    value = browser.call("evaluate", expression, names, {"today": DATA["today"], "position": position})

    assert same(value, gives), f"{expression} gives {value!r}"


@pytest.mark.parametrize(("names", "position", "expression", "gives"), CASES)
def test_what_has_a_case_is_no_fault(
    names: dict[str, Any], position: int | None, expression: str, gives: object
) -> None:
    assert faults(expression, {*names, *references(expression)}) == []


@pytest.mark.parametrize(("expression", "expected"), DATA["faults"])
def test_faults_have_their_places(expression: str, expected: list[list[Any]]) -> None:
    assert [[fault.reason, fault.line, fault.column] for fault in faults(expression, NAMES)] == expected


@pytest.mark.parametrize("expression", [source for source, found in DATA["faults"] if found])
def test_what_does_not_compile_has_no_value_anywhere(browser: Browser, expression: str) -> None:
    if faults(expression, NAMES)[0].reason is Reason.SYNTAX:
        assert evaluate(expression, NAMES, today=TODAY) is None
        assert browser.call("evaluate", expression, NAMES, {"today": DATA["today"]}) is None


def test_a_fault_says_what_it_is_about() -> None:
    found = [*faults("agee > 1 && foo(1)", NAMES), *faults("name.matches('a(?=b)')", NAMES), *faults("1 +", NAMES)]

    assert [fault.value for fault in found] == ["agee", "foo", "(?=b)", "mismatched input '<EOF>'"]


def test_nothing_asked_is_no_fault_and_always_holds() -> None:
    assert faults("", ()) == []
    assert holds("", {}, otherwise=False, today=TODAY)


@pytest.mark.parametrize(("expression", "gives"), [("age > 1", True), ("age > 20", False)])
def test_a_condition_that_can_be_evaluated_is_what_it_says(browser: Browser, expression: str, gives: bool) -> None:
    for otherwise in (True, False):
        assert holds(expression, NAMES, otherwise=otherwise, today=TODAY) is gives
        assert browser.call("holds", expression, NAMES, otherwise, {}) is gives


@pytest.mark.parametrize("expression", ["skipped > 1", "1 / 0", "'true'", "skipped", "age +"])
def test_a_condition_that_cannot_is_what_its_place_says(browser: Browser, expression: str) -> None:
    for otherwise in (True, False):
        assert holds(expression, NAMES, otherwise=otherwise, today=TODAY) is otherwise
        assert browser.call("holds", expression, NAMES, otherwise, {}) is otherwise


def test_references_are_names_of_questions_in_their_order() -> None:
    assert references("b + a.c[d] + a + 'e' + f(g).h + k.all(p, p.x > m) + p + true") == (
        ("b", "a", "d", "g", "k", "m", "p")
    )  # fmt: skip


def test_an_expression_that_is_too_long_is_not_even_read() -> None:
    assert [fault.reason for fault in faults("1+" * MAX_LENGTH, ())] == [Reason.TOO_LONG]
    assert faults("'" + "a" * (MAX_LENGTH - 2) + "'", ()) == []


def test_no_expression_that_is_taken_takes_long(browser: Browser) -> None:
    names = {"people": [{"age": index} for index in range(200)], "text": "a" * 10_000 + "!"}
    heavy = [
        "people.all(p, people.exists(q, q.age == p.age))",
        r"text.matches(r'^(\w+\w+)+$')",
        r"text.matches('^(a|aa)+(a{1,50}){1,20}$')",
    ]
    for expression in heavy:
        assert faults(expression, names) == []
        started = time.process_time()  # of the processor, which may be shared with others
        value = evaluate(expression, names, today=TODAY)
        assert time.process_time() - started < 5
        asked = time.perf_counter()
        assert same(browser.call("evaluate", expression, names, {}), value)
        assert time.perf_counter() - asked < 100  # what is not bounded would take years


@pytest.mark.parametrize(
    "answer", [10**400, math.inf, math.nan, "half of an emoji: \ud83d", {"a": [-(10**400)]}], ids=type
)
def test_an_answer_that_is_hardly_one_breaks_nothing(answer: object) -> None:
    assert evaluate("answered(value) && value == 1", {"value": answer}, today=TODAY) in (False, None)


def test_the_module_is_small() -> None:
    built = assets.BUILT / f"{Path(assets.asset('expressions.js')).name}.gz"

    assert built.stat().st_size < 14_000


VALUES = st.sampled_from([*NAMES, "never_heard_of"])
LITERALS = st.one_of(
    st.integers(-5, 5).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: repr(abs(number))),
    st.text("aЩ😀\uffff 15.-e", max_size=4).map(lambda written: json.dumps(written, ensure_ascii=False)),
    st.sampled_from(["true", "false", "null", "[]", "'2024-02-29'", "'north'", "'roads'", "0.5", "1e21"]),
)
PATTERNS = [
    "'^Щ'",
    r"r'^\d+$'",
    "'a|1'",
    "'(?i)щЕ'",
    r"r'\w+$'",
    "'.'",
    r"r'[^a-z]'",
    r"r'\bа?'",
    "'^(a+)+$'",
    "'^.{2,4}$'",
]
OPERATORS = ["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in"]
ONE = ["answered", "count", "sum", "min", "max", "number", "text", "coalesce", "round", "floor", "date", "size"]
TWO = ["selected", "coalesce", "min", "max", "mod", "days_between", "years_between", "contains", "startsWith", "round"]


def longer(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions of those parts."""

    def made(form: str, *more: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.tuples(*more, *[part] * (form.count("{}") - len(more))).map(lambda given: form.format(*given))

    return st.one_of(
        st.builds("({} {} {})".format, part, st.sampled_from(OPERATORS), part),
        made("({} ? {} : {})"),
        made("{}({})", st.sampled_from(ONE)),
        made("{}({}, {})", st.sampled_from(TWO)),
        made("({})[{}]"),
        made("({}).age"),
        made("[{}, {}]"),
        st.builds("({}).matches({})".format, part, st.sampled_from(PATTERNS)),
        st.builds("({}).{}(age, {})".format, part, st.sampled_from(list(MACROS)), part),
        made("({}).map(age, {}, {})"),
        made("(!(true && {}))"),  # the parser of browsers takes !(!x) as x, also where x is no boolean
        made("(0 - {})"),
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.recursive(VALUES | LITERALS, longer, max_leaves=8), min_size=20, max_size=60))
def test_any_expression_gives_the_same_on_both_sides(browser: Browser, expressions: list[str]) -> None:
    where = {"today": DATA["today"], "position": 2}
    for expression in expressions:
        ours = evaluate(expression, NAMES, today=TODAY, position=2)
        theirs = browser.call("evaluate", expression, NAMES, where)
        assert same(ours, theirs), f"{expression}: {ours!r} on the server, {theirs!r} in the browser"
        assert not isinstance(ours, float) or math.isfinite(ours)


@pytest.mark.parametrize("function", [*ARITIES, *MACROS])
def test_every_function_is_explained(function: str) -> None:
    page = Path(__file__).parents[3] / "docs" / "expressions.md"

    assert re.search(rf"^\| .*\b{function}\(.*\|", page.read_text("utf-8"), re.MULTILINE)
