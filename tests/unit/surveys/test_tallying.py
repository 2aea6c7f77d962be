"""What answers add to the tallies."""

from __future__ import annotations

from decimal import Decimal

from tests.unit.surveys.answering import options, planned, question
from viche_surveys.domain.definition import Group, Kind, Repeat
from viche_surveys.domain.personal import joined, split
from viche_surveys.domain.tallying import ANSWERED, DONT_KNOW, Tally, tallied

AB = options("a", "b")
SURVEY = planned(
    [
        question(Kind.SINGLE, "single", options=AB),
        question(Kind.MULTIPLE, "multiple", options=AB),
        question(Kind.MATRIX, "matrix", options=AB, rows=options("r")),
        question(Kind.RANKING, "ranking", options=AB),
        question(Kind.SCALE, "scale", minimum=1.0, maximum=5.0),
        question(Kind.NUMBER, "number"),
        question(Kind.TEXT, "text"),
        question(Kind.CONSENT, "consent"),
        question(Kind.CALCULATED, "index", expression="1"),
        question(Kind.CALCULATED, "flag", expression="true"),
        question(Kind.SINGLE, "personal", options=AB, is_personal=True),
        Group(
            name="people",
            repeat=Repeat(),
            items=(question(Kind.NUMBER, "age"), question(Kind.TEXT, "name", is_personal=True)),
        ),
    ]
)


def cells(**answers: object) -> dict[tuple[str, str, str], int]:
    return {cell: tally.count for cell, tally in tallied(SURVEY, [answers]).items()}


def test_options_rows_and_places_are_counted() -> None:
    assert cells(single="a") == {("single", "", ANSWERED): 1, ("single", "", "a"): 1}
    assert cells(multiple=["a", "b"]) == {
        ("multiple", "", ANSWERED): 1, ("multiple", "", "a"): 1, ("multiple", "", "b"): 1
    }  # fmt: skip
    assert cells(matrix={"r": "b"}) == {("matrix", "", ANSWERED): 1, ("matrix", "r", "b"): 1}
    assert cells(ranking=["b", "a"]) == {
        ("ranking", "", ANSWERED): 1, ("ranking", "b", "1"): 1, ("ranking", "a", "2"): 1
    }  # fmt: skip
    assert cells(consent=True, flag=False) == {
        ("consent", "", ANSWERED): 1, ("consent", "", "true"): 1, ("flag", "", ANSWERED): 1, ("flag", "", "false"): 1
    }  # fmt: skip


def test_numbers_have_moments_that_are_exact() -> None:
    tallies = tallied(SURVEY, [{"number": 0.1, "index": 2}, {"number": 0.2}, {"number": -5}])

    assert tallies["number", "", ""] == Tally(3, Decimal("-4.7"), Decimal("25.05"), Decimal(-5), Decimal("0.2"))
    assert tallies["index", "", ""].total == 2
    assert cells(scale=4) == {("scale", "", ANSWERED): 1, ("scale", "", "4"): 1, ("scale", "", ""): 1}


def test_texts_and_personal_answers_are_only_counted_as_answered() -> None:
    assert cells(text="hello", personal="a") == {("text", "", ANSWERED): 1, ("personal", "", ANSWERED): 1}


def test_dont_know_is_counted_apart() -> None:
    assert cells(number={"dont_know": True}) == {("number", "", ANSWERED): 1, ("number", "", DONT_KNOW): 1}


def test_each_instance_of_a_repeat_counts() -> None:
    tallies = tallied(SURVEY, [{"people": [{"age": 40}, {"age": 7, "name": "Mia"}]}])

    assert (tallies["age", "", ""].count, tallies["age", "", ""].total) == (2, 47)


def test_personal_answers_go_apart_and_come_together_again() -> None:
    answers = {"single": "a", "personal": "b", "people": [{"age": 40}, {"age": 7, "name": "Mia"}]}

    open_, private = split(SURVEY, answers)

    assert open_ == {"single": "a", "people": [{"age": 40}, {"age": 7}]}
    assert private == {"personal": "b", "people": [{}, {"name": "Mia"}]}
    assert joined(open_, private) == answers
    assert joined(open_, {}) == open_
