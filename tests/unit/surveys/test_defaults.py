"""An answer is filled in at first only where the question takes it."""

from __future__ import annotations

from typing import Any

import pytest

from viche_surveys.domain.defaults import default_faults
from viche_surveys.domain.definition import Kind, Option, Question

AB = (Option(code="a"), Option(code="b"))


@pytest.mark.parametrize(
    ("kind", "default", "fields"),
    [
        (Kind.SINGLE, "a", {"options": AB}),
        (Kind.MULTIPLE, ["a", "b"], {"options": AB}),
        (Kind.RANKING, ["b", "a"], {"options": AB}),
        (Kind.SCALE, 0, {"minimum": 0.0, "maximum": 5.0, "step": 1.0}),
        (Kind.NUMBER, 2.5, {}),
        (Kind.TEXT, "Київ", {}),
        (Kind.DATE, "2026-03-01", {}),
        (Kind.TIME, "14:30", {}),
        (Kind.DATETIME, "2026-03-01T14:30", {}),
        (Kind.TERRITORY, "UA05", {}),
        (Kind.NOTE, None, {}),
    ],
)
def test_what_the_question_takes_can_be_filled_in(kind: Kind, default: object, fields: Any) -> None:
    assert list(default_faults("", Question(name="q", kind=kind, default=default, **fields))) == []


@pytest.mark.parametrize(
    ("kind", "default", "fields"),
    [
        (Kind.SINGLE, "c", {"options": AB}),
        (Kind.MULTIPLE, "a", {"options": AB}),
        (Kind.SCALE, 9, {"minimum": 0.0, "maximum": 5.0}),
        (Kind.NUMBER, "many", {}),
        (Kind.DATE, "soon", {}),
        (Kind.TEXT, "", {}),
        (Kind.CONSENT, True, {}),
        (Kind.FILE, {"id": "x"}, {}),
        (Kind.NOTE, "x", {}),
        (Kind.SINGLE, {"dont_know": True}, {"options": AB, "allows_dont_know": True}),
    ],
)
def test_what_the_question_does_not_take_is_said(kind: Kind, default: object, fields: Any) -> None:
    (found,) = default_faults("/pages/0", Question(name="q", kind=kind, default=default, **fields))
    assert (found.place, found.reason) == ("/pages/0/default", "BAD_DEFAULT")
