"""Surveys and answers for tests of answering."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Page, Question
from viche_surveys.domain.judging import Judged, judge
from viche_surveys.domain.plan import Plan, plan
from viche_surveys.domain.reading import read_form, read_json
from viche_surveys.domain.values import Outside

TODAY = date(2026, 3, 1)
FILE = {"id": "f1", "name": "a.png", "type": "image/png", "size_bytes": 5}
OUTSIDE = Outside(TODAY, {"UA05"}.__contains__, {"f1": ("q", FILE)})


def options(*codes: str, **fields: Any) -> tuple[Option, ...]:
    """Options that are called as their codes."""
    return tuple(Option(code=each, label={"en": each.title()}, **fields) for each in codes)


def question(kind: Kind = Kind.TEXT, name: str = "q", **fields: Any) -> Question:
    """A question in English."""
    return Question(**{"name": name, "kind": kind, "label": {"en": f"{name}?"}, **fields})


def planned(*pages: Sequence[Question | Group], **fields: Any) -> Plan:
    """The plan of a survey in English with a page for each list of questions."""
    made = tuple(Page(name=f"page{index}", items=tuple(items)) for index, items in enumerate(pages, 1))
    return plan(Definition(languages=("en",), title={"en": "A survey"}, pages=made, **fields))


def from_form(asked: Plan, **fields: str | list[str]) -> Judged:
    """What a form sent; a double underscore in a name stands for a dot."""
    sent = {name.replace("__", "."): [each] if isinstance(each, str) else each for name, each in fields.items()}
    return judge(asked, read_form(asked, sent, OUTSIDE), TODAY, "en")


def from_json(asked: Plan, document: object) -> Judged:
    """What came as JSON."""
    return judge(asked, read_json(asked, document, OUTSIDE), TODAY, "en", is_strict=True)


def wrong(judged: Judged) -> list[tuple[str, str]]:
    """Fields and reasons of all faults."""
    return [(each.form_field, each.reason) for each in judged.faults]
