"""What each kind of question takes, from forms and as JSON, and why it does not take the rest."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.surveys.answering import FILE, OUTSIDE, from_form, from_json, options, planned, question, wrong
from viche_surveys.domain.definition import Kind, Option, Question
from viche_surveys.domain.filling import written
from viche_surveys.domain.reading import read_json
from viche_surveys.domain.values import DONT_KNOW

ABC = options("a", "b", "c")
ALONE = (*ABC, Option(code="none", is_exclusive=True))
TWO_ROWS: dict[str, Any] = {"options": ABC, "rows": options("r1", "r2")}
DAY = {"q__day": "1", "q__month": "12", "q__year": "2026"}

TAKEN: list[tuple[Question, dict[str, Any], object]] = [
    (question(Kind.SINGLE, options=ABC), {"q": "b"}, "b"),
    (question(Kind.LIKERT, options=ABC), {"q": "c"}, "c"),
    (question(Kind.MULTIPLE, options=ABC), {"q": ["c", "a", "c"]}, ["a", "c"]),
    (question(Kind.MULTIPLE, options=ALONE, min_selected=2), {"q": "none"}, ["none"]),
    (question(Kind.MATRIX, **TWO_ROWS), {"q__r2": "b"}, {"r2": "b"}),
    (question(Kind.MATRIX, is_multiple=True, **TWO_ROWS), {"q__r1": ["c", "a"]}, {"r1": ["a", "c"]}),
    (question(Kind.RANKING, options=ABC), {"q__a": "2", "q__b": "", "q__c": "1"}, ["c", "a"]),
    (question(Kind.SCALE, minimum=1.0, maximum=5.0), {"q": "5"}, 5),
    (question(Kind.NUMBER), {"q": " 1 234,50 "}, 1234.5),
    (question(Kind.NUMBER), {"q": "\u22127"}, -7),
    (question(Kind.NUMBER, minimum=0.1, step=0.1), {"q": "0.3"}, 0.3),
    (question(Kind.NUMBER, step=1e-20), {"q": "1234567890.5"}, 1234567890.5),
    (question(Kind.TEXT), {"q": " a\r\nb\x00 "}, "a b"),
    (question(Kind.TEXT, is_long=True), {"q": " a\r\nb "}, "a\nb"),
    (question(Kind.TEXT, max_length=2), {"q": "🙂🙂"}, "🙂🙂"),
    (question(Kind.DATE), {"q__day": "29", "q__month": "2", "q__year": "2024"}, "2024-02-29"),
    (question(Kind.DATE), {"q": "2024-02-29"}, "2024-02-29"),
    (question(Kind.TIME), {"q": "9.05"}, "09:05"),
    (question(Kind.DATETIME), {**DAY, "q__time": "7:30"}, "2026-12-01T07:30"),
    (question(Kind.EMAIL), {"q": " a.b+c@example.org "}, "a.b+c@example.org"),
    (question(Kind.PHONE), {"q": "+38 (044) 123-45-67"}, "+380441234567"),
    (question(Kind.TERRITORY), {"q": "UA05"}, "UA05"),
    (question(Kind.LOCATION), {"q__lat": "50,45", "q__lon": "30.5"}, {"lat": 50.45, "lon": 30.5}),
    (question(Kind.FILE), {"q": "f1"}, FILE),
    (question(Kind.CONSENT), {"q": "on"}, True),
    (question(Kind.NUMBER, allows_dont_know=True), {"q": "5", "q__dont_know": "1"}, DONT_KNOW),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "fields", "value"), TAKEN, ids=lambda each: getattr(each, "kind", None))
def test_a_form_gives_the_value_and_the_value_gives_the_form(asked: Question, fields: Any, value: object) -> None:
    survey = planned([asked])

    judged = from_form(survey, **fields)
    again = from_form(
        survey, **{name.replace(".", "__"): each for name, each in written(survey.asked["q"], value, "q").items()}
    )

    assert (judged.faults, judged.shown.answers) == ((), {"q": value})
    assert again.shown.answers == {"q": value}


@pytest.mark.parametrize(("asked", "fields", "value"), TAKEN, ids=lambda each: getattr(each, "kind", None))
def test_the_same_value_is_taken_as_json(asked: Question, fields: Any, value: object) -> None:
    judged = from_json(planned([asked]), {"q": value})

    assert (judged.faults, judged.shown.answers) == ((), {"q": value})


@pytest.mark.parametrize("kind", [each for each in Kind if each not in (Kind.NOTE, Kind.CALCULATED)])
def test_nothing_is_no_answer(kind: Kind) -> None:
    asked = question(kind, options=ABC, rows=ABC)

    for judged in (
        from_form(planned([asked])),
        from_form(planned([asked]), q=""),
        from_json(planned([asked]), {"q": None}),
    ):
        assert (judged.faults, judged.shown.answers) == ((), {})


REFUSED: list[tuple[Question, dict[str, Any], str, str]] = [
    (question(Kind.SINGLE, options=ABC), {"q": "z"}, "q", "NOT_OFFERED"),
    (question(Kind.MULTIPLE, options=ABC, min_selected=2), {"q": "a"}, "q", "TOO_FEW"),
    (question(Kind.MULTIPLE, options=ABC, max_selected=1), {"q": ["a", "b"]}, "q", "TOO_MANY"),
    (question(Kind.MULTIPLE, options=ALONE), {"q": ["a", "none"]}, "q", "EXCLUSIVE"),
    (question(Kind.MATRIX, **TWO_ROWS), {"q__r1": "z"}, "q.r1", "NOT_OFFERED"),
    (question(Kind.RANKING, options=ABC), {"q__a": "1", "q__b": "1"}, "q.b", "SAME_PLACE_TWICE"),
    (question(Kind.RANKING, options=ABC), {"q__a": "first"}, "q.a", "NOT_A_NUMBER"),
    (question(Kind.RANKING, options=ABC, min_selected=3), {"q__a": "1"}, "q", "TOO_FEW"),
    (question(Kind.SCALE, minimum=1.0, maximum=5.0), {"q": "2,5"}, "q", "WRONG_STEP"),
    (question(Kind.NUMBER), {"q": "many"}, "q", "NOT_A_NUMBER"),
    (question(Kind.NUMBER), {"q": "1e5"}, "q", "NOT_A_NUMBER"),
    (question(Kind.NUMBER), {"q": "9" * 30}, "q", "TOO_LARGE"),
    (question(Kind.NUMBER, minimum=0.0), {"q": "-0,1"}, "q", "TOO_SMALL"),
    (question(Kind.NUMBER, maximum=5.0), {"q": "5.01"}, "q", "TOO_LARGE"),
    (question(Kind.NUMBER, minimum=0.1, step=0.2), {"q": "0.4"}, "q", "WRONG_STEP"),
    (question(Kind.TEXT, min_length=3), {"q": "ab"}, "q", "TOO_SHORT"),
    (question(Kind.TEXT, max_length=3), {"q": "abcd"}, "q", "TOO_LONG"),
    (question(Kind.TEXT), {"q": "x" * 10_001}, "q", "TOO_LONG"),
    (question(Kind.DATE), {"q__day": "30", "q__month": "2", "q__year": "2024"}, "q", "NOT_A_DATE"),
    (question(Kind.DATE), {"q__day": "3", "q__month": "", "q__year": "2024"}, "q", "NOT_A_DATE"),
    (question(Kind.DATE, earliest="2026-01-01"), {"q": "2025-12-31"}, "q", "TOO_EARLY"),
    (question(Kind.DATE, latest="2026-01-01"), {"q": "2026-01-02"}, "q", "TOO_LATE"),
    (question(Kind.TIME), {"q": "24:00"}, "q", "NOT_A_TIME"),
    (question(Kind.TIME, latest="18:00"), {"q": "18:01"}, "q", "TOO_LATE"),
    (question(Kind.DATETIME), {"q__day": "1", "q__month": "1", "q__year": "2026"}, "q", "NOT_A_TIME"),
    (question(Kind.DATETIME, latest="2026-01-01T12:00"), {"q": "2026-01-01T12:01"}, "q", "TOO_LATE"),
    (question(Kind.EMAIL), {"q": "olena@example"}, "q", "NOT_AN_EMAIL"),
    (question(Kind.EMAIL), {"q": "a b@example.org"}, "q", "NOT_AN_EMAIL"),
    (question(Kind.PHONE), {"q": "call me"}, "q", "NOT_A_PHONE"),
    (question(Kind.TERRITORY), {"q": "UA99"}, "q", "UNKNOWN_TERRITORY"),
    (question(Kind.LOCATION), {"q__lat": "91", "q__lon": "30"}, "q.lat", "NOT_A_PLACE"),
    (question(Kind.LOCATION), {"q__lat": "50"}, "q.lon", "NOT_A_PLACE"),
    (question(Kind.FILE), {"q": "f2"}, "q", "FILE_UNKNOWN"),
    (question(Kind.FILE, name="other"), {"other": "f1"}, "other", "FILE_UNKNOWN"),
]


@pytest.mark.parametrize(("asked", "fields", "field", "reason"), REFUSED)
def test_what_a_question_does_not_take_has_its_reason(asked: Question, fields: Any, field: str, reason: str) -> None:
    judged = from_form(planned([asked]), **fields)

    assert wrong(judged) == [(field, reason)]
    assert judged.shown.answers == {}


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        (Kind.SINGLE, ["a"], "WRONG_SHAPE"),
        (Kind.MULTIPLE, "a", "WRONG_SHAPE"),
        (Kind.MULTIPLE, ["a", "a"], "WRONG_SHAPE"),
        (Kind.MULTIPLE, [["a"]], "WRONG_SHAPE"),
        (Kind.MATRIX, {"z": "a"}, "WRONG_SHAPE"),
        (Kind.NUMBER, True, "WRONG_SHAPE"),
        (Kind.NUMBER, "5", "NOT_A_NUMBER"),
        (Kind.NUMBER, math.nan, "NOT_A_NUMBER"),
        (Kind.NUMBER, 10**400, "TOO_LARGE"),
        (Kind.NUMBER, -math.inf, "TOO_SMALL"),
        (Kind.TEXT, 5, "WRONG_SHAPE"),
        (Kind.DATE, "1.3.2026", "NOT_A_DATE"),
        (Kind.TIME, "9:05", "NOT_A_TIME"),
        (Kind.LOCATION, {"lat": 1}, "WRONG_SHAPE"),
        (Kind.LOCATION, {"lat": 1, "lon": 10**400}, "NOT_A_PLACE"),
        (Kind.CONSENT, "yes", "WRONG_SHAPE"),
        (Kind.TEXT, {"dont_know": True}, "WRONG_SHAPE"),
    ],
)
def test_json_of_another_shape_is_refused(kind: Kind, value: object, reason: str) -> None:
    judged = from_json(planned([question(kind, options=ABC, rows=options("r1"))]), {"q": value})

    assert [each.reason for each in judged.faults] == [reason]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(value=json_values, kind=st.sampled_from([each for each in Kind if each is not Kind.NOTE]))
def test_whatever_comes_is_taken_or_refused(value: object, kind: Kind) -> None:
    asked = planned([question(kind, options=ABC, rows=ABC, expression="1")])

    given_ = read_json(asked, {"q": value, "r": value}, OUTSIDE)

    assert given_.strays[-1].reason == "UNKNOWN_QUESTION"
