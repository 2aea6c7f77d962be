"""The checker of answers is not blind: it passes a good run, and every rule fails when what it is about is broken."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from tests.integration.reliability.answer_checker import check_answers
from tests.integration.reliability.answer_client import ALREADY_ANSWERED
from tests.integration.reliability.checker import Rule
from tests.integration.reliability.facts import Facts, StoredAnswer, SurveyFacts
from tests.integration.reliability.ledger import Answer, Entry, Outcome, Request
from tests.integration.reliability.surveys import said

SURVEY = "survey"
Run = tuple[list[Entry], Facts]
GOOD = Answer(Outcome.ACKNOWLEDGED, 0.5, 1.0, 303)
FAILED = Answer(Outcome.FAILED, 0.5, 1.0, reason="ReadError")
TOLD = Answer(Outcome.REFUSED, 0.5, 1.0, 409, ALREADY_ANSWERED)
TALLIED = {
    ("way", " answered"): 3, ("way", "foot"): 3, ("trips", " answered"): 3, ("trips", ""): 3, ("trips", " total"): 3,
    ("wishes", " answered"): 1, ("wishes", "trees"): 1,
}  # fmt: skip


def key(number: int) -> str:
    """Of requests that say: on foot; so many trips; trees, in the first one."""
    return str(uuid.UUID(int=(number << 16) + (number == 0)))


def entry(number: int, *answers: Answer, person: str = "") -> Entry:
    return Entry(Request(key(number), SURVEY, person or f"person-{number}"), answers)


def stored(number: int) -> StoredAnswer:
    return StoredAnswer(f"response-{number}", key(number), said(key(number)))


def good_run() -> Run:
    """One is answered only the second time; one tries again with another request."""
    entries = [entry(0, GOOD), entry(1, FAILED, GOOD, GOOD), entry(2, GOOD), entry(9, TOLD, person="person-0")]
    survey = SurveyFacts(
        SURVEY, (stored(0), stored(1), stored(2)), 3, {"tallies": 3, "office": 3}, TALLIED,
        ("response-0", "response-1", "response-2"), published=0, k=5,
    )  # fmt: skip
    return entries, Facts((), {"surveys": 0}, {"surveys": 0}, (survey,))


def altered(run: Run, **changes: object) -> Run:
    entries, facts = run
    return entries, replace(facts, surveys=(replace(facts.surveys[0], **changes),))  # pyright: ignore


def with_entry(*more: Entry) -> Callable[[Run], Run]:
    return lambda run: ([*run[0], *more], run[1])


def lose_a_row(run: Run) -> Run:
    return altered(run, answers=run[1].surveys[0].answers[1:])


def answer_twice(run: Run) -> Run:
    more = altered(run, answers=(*run[1].surveys[0].answers, stored(3)))
    return with_entry(entry(3, GOOD, person="person-0"))(more)


def store_twice(run: Run) -> Run:
    again = replace(stored(0), response_id="response-7")
    return altered(run, answers=(*run[1].surveys[0].answers, again), respondents=4)


def forget_a_respondent(run: Run) -> Run:
    return altered(run, respondents=2)


def invent_a_row(run: Run) -> Run:
    return altered(run, answers=(*run[1].surveys[0].answers, stored(42)))


def change_what_was_said(run: Run) -> Run:
    first, *others = run[1].surveys[0].answers
    return altered(run, answers=(replace(first, answers={"way": "car"}), *others))


def refuse_after_all(run: Run) -> Run:
    entries, facts = run
    return [replace(entries[0], answers=(GOOD, TOLD)), *entries[1:]], facts


def refuse_where_nobody_is_counted(run: Run) -> Run:
    return altered(run, respondents=None)


def miscount(run: Run) -> Run:
    return altered(run, counts={"tallies": 3, "office": 4})


def mistally(run: Run) -> Run:
    return altered(run, tallied={**TALLIED, ("way", "bus"): 1})


def announce_twice(run: Run) -> Run:
    return altered(run, announced=(*run[1].surveys[0].announced, "response-1"))


def announce_late(run: Run) -> Run:
    return altered(run, announced=run[1].surveys[0].announced[1:])


def keep_an_event(run: Run) -> Run:
    return run[0], replace(run[1], unpublished={"surveys": 1})


def bury_an_event(run: Run) -> Run:
    return run[0], replace(run[1], dead_letters={"surveys": 1})


BREAKS: Sequence[tuple[Rule, Callable[[Run], Run]]] = (
    (Rule.NOTHING_LOST, lose_a_row),
    (Rule.NOTHING_LOST, with_entry(entry(7, GOOD))),
    (Rule.NOTHING_LOST, lambda run: (run[0], replace(run[1], surveys=()))),
    (Rule.NOTHING_TWICE, answer_twice),
    (Rule.NOTHING_TWICE, store_twice),
    (Rule.NOTHING_TWICE, forget_a_respondent),
    (Rule.NOTHING_INVENTED, invent_a_row),
    (Rule.NOTHING_INVENTED, change_what_was_said),
    (Rule.SAME_ANSWER, refuse_after_all),
    (Rule.REFUSALS_ARE_TRUE, with_entry(entry(8, TOLD))),
    (Rule.REFUSALS_ARE_TRUE, with_entry(entry(8, replace(TOLD, reason="HTTP 400")))),
    (Rule.REFUSALS_ARE_TRUE, refuse_where_nobody_is_counted),
    (Rule.EVERY_COUNT_AGREES, miscount),
    (Rule.EVERY_COUNT_AGREES, mistally),
    (Rule.ANNOUNCED_ONCE, announce_twice),
    (Rule.ANNOUNCED_ONCE, announce_late),
    (Rule.PUBLISHED_IN_STEPS, lambda run: altered(run, published=4)),
    (Rule.PUBLISHED_IN_STEPS, lambda run: altered(run, k=3)),
    (Rule.EVENTS_WENT_OUT, keep_an_event),
    (Rule.EVENTS_WENT_OUT, bury_an_event),
    (Rule.EVERYTHING_SETTLED, with_entry(entry(7, FAILED))),
)


def test_good_run_has_no_findings() -> None:
    assert check_answers(*good_run()) == []


def test_one_person_may_answer_twice_where_nobody_is_counted() -> None:
    entries, facts = answer_twice(altered(good_run(), respondents=None))
    asked = [each for each in entries if each.answers[-1] is not TOLD]

    rules = {finding.rule for finding in check_answers(asked, facts)}

    assert Rule.NOTHING_TWICE not in rules


@pytest.mark.parametrize(("rule", "break_it"), BREAKS)
def test_every_rule_notices_what_it_is_about(rule: Rule, break_it: Callable[[Run], Run]) -> None:
    assert rule in {finding.rule for finding in check_answers(*break_it(good_run()))}


def test_every_rule_is_broken_once() -> None:
    assert {rule for rule, _ in BREAKS} == set(Rule) - {Rule.THRESHOLDS_ONCE}  # of petitions
