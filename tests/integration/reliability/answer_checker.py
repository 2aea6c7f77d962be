"""Holds the ledger of answers against what surveys have stored and published. Pure; every rule has a test that breaks
it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tests.integration.reliability.answer_client import ALREADY_ANSWERED
from tests.integration.reliability.checker import (
    Finding,
    Rule,
    events_went_out,
    reasons_are_known,
    same_answer,
    settled,
)
from tests.integration.reliability.facts import Facts, SurveyFacts
from tests.integration.reliability.ledger import Entry
from tests.integration.reliability.survey_store import TOTAL
from tests.integration.reliability.surveys import said

ANSWERED = " answered"


def check_answers(entries: Sequence[Entry], facts: Facts) -> list[Finding]:
    """Every rule that does not hold; empty when all is well.

    Args:
        entries: of the ledger, all requests for the surveys in `facts`.
        facts: read when nothing was under way any more.
    """
    by_survey: Mapping[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_survey[entry.request.subject_id].append(entry)
    rules = (_nothing_lost, _nothing_twice, _nothing_invented, _refusals_are_true, _every_count_agrees)
    findings = [
        finding
        for survey in facts.surveys
        for rule in (*rules, _announced_once, _published_in_steps)
        for finding in rule(by_survey.get(survey.survey_id, []), survey)
    ]
    findings += [finding for entry in entries for finding in (*same_answer(entry), *settled(entry))]
    known = frozenset({ALREADY_ANSWERED})
    findings += [finding for entry in entries for finding in reasons_are_known(entry, known)]
    findings += events_went_out(facts)
    strangers = set(by_survey) - {survey.survey_id for survey in facts.surveys}
    return findings + [Finding(Rule.NOTHING_LOST, survey, "the survey is not there") for survey in strangers]


def _nothing_lost(entries: Sequence[Entry], survey: SurveyFacts) -> Iterator[Finding]:
    stored = {answer.request_id for answer in survey.answers}
    for entry in entries:
        if entry.is_acknowledged and entry.request.key not in stored:
            yield Finding(Rule.NOTHING_LOST, survey.survey_id, f"request {entry.request.key} is not stored")


def _nothing_twice(entries: Sequence[Entry], survey: SurveyFacts) -> Iterator[Finding]:
    where = survey.survey_id
    requests = Counter(answer.request_id for answer in survey.answers)
    yield from (Finding(Rule.NOTHING_TWICE, where, f"request {key}: {n} times") for key, n in requests.items() if n > 1)
    if survey.respondents is None:
        return
    person_of = {entry.request.key: entry.request.person for entry in entries}
    people = Counter(person_of[request] for request in requests.elements() if request in person_of)
    yield from (Finding(Rule.NOTHING_TWICE, where, f"person {key}: {n} times") for key, n in people.items() if n > 1)
    if survey.respondents != len(survey.answers):
        detail = f"{survey.respondents} respondents, {len(survey.answers)} answers"
        yield Finding(Rule.NOTHING_TWICE, where, detail)


def _nothing_invented(entries: Sequence[Entry], survey: SurveyFacts) -> Iterator[Finding]:
    sent = {entry.request.key for entry in entries}
    for answer in survey.answers:
        if answer.request_id not in sent:
            yield Finding(Rule.NOTHING_INVENTED, survey.survey_id, f"{answer.response_id} was sent by nobody")
        elif answer.answers != said(answer.request_id):
            yield Finding(Rule.NOTHING_INVENTED, survey.survey_id, f"{answer.response_id} says {answer.answers}")


def _refusals_are_true(entries: Sequence[Entry], survey: SurveyFacts) -> Iterator[Finding]:
    stored = {answer.request_id for answer in survey.answers}
    answered = {entry.request.person for entry in entries if entry.request.key in stored}
    for entry in entries:
        told = any(answer.reason == ALREADY_ANSWERED for answer in entry.answers)
        if told and (survey.respondents is None or entry.request.person not in answered):
            yield Finding(Rule.REFUSALS_ARE_TRUE, survey.survey_id, f"{entry.request.person} has not answered")


def _every_count_agrees(entries: Sequence[Entry], survey: SurveyFacts) -> Iterator[Finding]:
    where = survey.survey_id
    for place, number in survey.counts.items():
        if number != len(survey.answers):
            yield Finding(Rule.EVERY_COUNT_AGREES, where, f"{place} says {number}, there are {len(survey.answers)}")
    counted = _cells(survey)
    for cell in counted | survey.tallied.keys():
        if counted[cell] != survey.tallied.get(cell, 0):
            detail = f"{cell}: {survey.tallied.get(cell, 0)} tallied, there are {counted[cell]}"
            yield Finding(Rule.EVERY_COUNT_AGREES, where, detail)


def _cells(survey: SurveyFacts) -> Counter[tuple[str, str]]:
    """What the tallies should be, from the answers one by one."""
    cells = Counter[tuple[str, str]]()
    for answer in survey.answers:
        for question, value in answer.answers.items():
            cells[question, ANSWERED] += 1
            if isinstance(value, int):
                cells[question, ""] += 1
                cells[question, TOTAL] += value
            else:
                cells.update((question, str(code)) for code in (value if isinstance(value, list) else [value]))
    return cells


def _announced_once(entries: Sequence[Entry], survey: SurveyFacts) -> Iterator[Finding]:
    stored, announced = {answer.response_id for answer in survey.answers}, Counter(survey.announced)
    for key in stored | announced.keys():
        if announced[key] != (key in stored):
            detail = f"{key}: named {announced[key]} times, stored: {key in stored}"
            yield Finding(Rule.ANNOUNCED_ONCE, survey.survey_id, detail)


def _published_in_steps(entries: Sequence[Entry], survey: SurveyFacts) -> Iterator[Finding]:
    waiting = len(survey.answers) - survey.published
    if not 0 <= waiting < survey.k:
        detail = f"published {survey.published}, there are {len(survey.answers)}"
        yield Finding(Rule.PUBLISHED_IN_STEPS, survey.survey_id, detail)
