"""The surveys that come along open as they are, in four languages, and their indices are what the instruments say."""

from datetime import date

import pytest

from viche_surveys.domain.checking import faults
from viche_surveys.domain.definition import Definition, Kind
from viche_surveys.domain.document import to_json
from viche_surveys.domain.expression_checking import expression_faults
from viche_surveys.domain.judging import judge
from viche_surveys.domain.plan import plan
from viche_surveys.domain.reading import Given
from viche_surveys.domain.survey import Visibility
from viche_surveys.ready import ready_surveys

LANGUAGES = ("uk", "en", "bg", "ru")
TODAY = date(2026, 3, 2)
DONT_KNOW = {"dont_know": True}
NAMES = sorted(ready_surveys())


def judged(name: str, values: dict) -> dict:
    definition = ready_surveys()[name].definition
    found = judge(plan(definition), Given(values), TODAY, "en", is_strict=True)
    assert found.faults == ()
    return dict(found.shown.answers)


def items(name: str, start: str, code: object) -> dict:
    questions = ready_surveys()[name].definition.questions()
    return {q.name: code for q in questions if q.kind is Kind.LIKERT and q.name.startswith(start)}


def texts(value: object) -> list[dict]:
    if isinstance(value, dict):
        if value and value.keys() <= set(LANGUAGES):
            return [value]
        return [text for each in value.values() for text in texts(each)]
    return [text for each in value for text in texts(each)] if isinstance(value, list) else []


def test_three_instruments_come_along() -> None:
    assert NAMES == ["crowd-potential", "factors-and-barriers", "feedback"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_keeps_it_from_opening(name: str) -> None:
    definition: Definition = ready_surveys()[name].definition
    assert [*faults(definition), *expression_faults(definition)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_there_in_every_language(name: str) -> None:
    ready = ready_surveys()[name]
    found = [ready.purpose, *texts(to_json(ready.definition))]
    assert len(found) > 10
    assert [text for text in found if sorted(text) != sorted(LANGUAGES) or not all(text.values())] == []


@pytest.mark.parametrize(("code", "index"), [("1", 0), ("3", 50), ("5", 100)])
def test_crowd_potential_runs_from_0_to_100(code: str, index: float) -> None:
    answers = judged("crowd-potential", {"side": "resident", **items("crowd-potential", "resident_", code)})
    assert (answers["capacity"], answers["readiness"], answers["crowd_potential"]) == (index, index, index)


def test_what_a_person_does_not_know_is_left_out_of_an_index() -> None:
    knows = items("crowd-potential", "authority_", "4")
    knows |= {"authority_awareness_1": DONT_KNOW, "authority_knowledge_1": "1"}
    answers = judged("crowd-potential", {"side": "authority", **knows})
    assert (answers["awareness_score"], answers["knowledge_score"]) == (75, 50)
    assert (answers["capacity"], answers["readiness"], answers["crowd_potential"]) == (62.5, 75, 68.8)


def test_who_answers_nothing_has_no_index() -> None:
    assert "crowd_potential" not in judged("crowd-potential", {"side": "resident"})


def test_factors_and_barriers_have_an_index_each() -> None:
    low, high = items("factors-and-barriers", "", "1"), items("factors-and-barriers", "economic", "5")
    answers = judged("factors-and-barriers", {"level": "municipality", **low, **high})
    assert (answers["behavioural_score"], answers["economic_score"], answers["obstacles"]) == (0, 100, 0)
    assert answers["factors"] == pytest.approx(33.3)


def test_anonymous_feedback_asks_for_no_name() -> None:
    answers = judged("feedback", {"comment": "Ліхтар не світить", "anonymous": "yes"})
    assert answers == {"comment": "Ліхтар не світить", "anonymous": "yes"}


def test_feedback_that_is_signed_keeps_names_apart() -> None:
    personal = {q.name for q in ready_surveys()["feedback"].definition.questions() if q.is_personal}
    assert personal == {"comment", "sender_name", "sender_email", "sender_address"}


def test_what_people_write_to_an_authority_is_not_published() -> None:
    assert {name: ready.settings.results for name, ready in ready_surveys().items()} == {
        "crowd-potential": Visibility.LIVE, "factors-and-barriers": Visibility.LIVE, "feedback": Visibility.NEVER,
    }  # fmt: skip
