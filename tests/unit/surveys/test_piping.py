"""Answers stand in texts the same on the server and in the browser."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.unit.surveys.browser import Browser
from viche_surveys.domain.definition import Definition, Group, Kind, Option, Page, Question, Repeat
from viche_surveys.domain.piping import faults, option_labels, render

DATA = json.loads(Path(__file__).with_name("expressions.json").read_text("utf-8"))
TODAY = date.fromisoformat(DATA["today"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    opened = Browser()
    yield opened
    opened.close()


@pytest.mark.parametrize(("text", "shown"), DATA["texts"])
def test_a_text_shows_on_the_server(text: str, shown: str) -> None:
    assert render(text, DATA["names"], labels=DATA["labels"], today=TODAY, position=2) == shown


@pytest.mark.parametrize(("text", "shown"), DATA["texts"])
def test_a_text_shows_the_same_in_the_browser(browser: Browser, text: str, shown: str) -> None:
    where = {"today": DATA["today"], "position": 2}

    assert browser.call("render", text, DATA["names"], DATA["labels"], where) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Вам {age}? {{вік}}", []),
        ("Вам { agee }?", [("EXPRESSION_UNKNOWN_NAME", "agee", 1, 7)]),
        ("Вам\n{age} {age +\n  foo(1)}", [("EXPRESSION_UNKNOWN_FUNCTION", "foo", 3, 3)]),
        ("{age + } {", [("EXPRESSION_SYNTAX", "{", 1, 10), ("EXPRESSION_SYNTAX", "mismatched input '<EOF>'", 1, 7)]),
        ("{ }", [("EXPRESSION_SYNTAX", "{}", 1, 3)]),
        ("50 }", [("EXPRESSION_SYNTAX", "}", 1, 4)]),
    ],
)
def test_faults_have_their_places_in_the_text(text: str, expected: list[tuple[str, str, int, int]]) -> None:
    found = [(fault.reason, fault.value, fault.line, fault.column) for fault in faults(text, {"age"})]

    assert found == expected


def test_labels_are_those_of_the_readers_language() -> None:
    city = Question(
        name="city",
        kind=Kind.SINGLE,
        options=(Option(code="k", label={"uk": "Київ", "en": "Kyiv"}), Option(code="l", label={"uk": "Львів"})),
    )
    household = Group(name="household", items=(Question(name="age", kind=Kind.NUMBER), city), repeat=Repeat())
    definition = Definition(languages=("uk", "en"), title={"uk": "Т"}, pages=(Page(name="p", items=(household,)),))

    assert option_labels(definition, "en-GB") == {"city": {"k": "Kyiv", "l": "Львів"}}
