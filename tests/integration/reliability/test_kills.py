"""kill -9 of every process at random moments under load: nothing acknowledged is lost, nothing counts twice."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import psutil
import pytest

from tests.integration.reliability import store, survey_store
from tests.integration.reliability.answer_checker import check_answers
from tests.integration.reliability.answer_client import ALREADY_ANSWERED, AnswerClient
from tests.integration.reliability.checker import Rule, check
from tests.integration.reliability.clients import ApiClient, Client, Subject
from tests.integration.reliability.dam import Dam, described
from tests.integration.reliability.faults import GATEWAY, PATIENCE_S, TARGETS, await_back, kill, pid_of, workers_of
from tests.integration.reliability.ledger import Answer, Entry, Ledger, Outcome
from tests.integration.reliability.load import Load, jobs, new_request, settle
from tests.integration.reliability.pace import Pace
from tests.integration.reliability.region import OpenPetition, Person
from tests.integration.reliability.surveys import OpenSurvey
from viche_cli.infra import process

# how long it takes is asserted below; this only ends what hangs
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
SEED = int(os.environ.get("VICHE_FAULT_SEED", "20261122"))
KILLS = int(os.environ.get("VICHE_FAULT_KILLS", "18"))
# on a calm machine; on a busy one as many times longer as others want its processors, see pace.py
BACK_WITHIN_S = 10.0
# how long the suite runs under load between one recovery and the next kill
MOMENT_S = (0.2, 1.2)
PER_S = 40.0
SPARE = 8
THRESHOLD = 100
LEAST_SIGNATURES, LEAST_ANSWERS = 100, 50


@dataclass(frozen=True, slots=True)
class Kill:
    """What was killed, and after how many seconds it answered again and somebody was told that theirs counts.

    Attributes:
        allowed_s: how long each may take on a machine as busy as this one was.
    """

    name: str
    answers_after_s: float
    signing_after_s: float
    answering_after_s: float
    allowed_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """A load under kills, over."""

    petitions: list[OpenPetition]
    surveys: list[OpenSurvey]
    people: list[Person]
    kills: list[Kill]

    def late(self, after_s: Callable[[Kill], float]) -> list[Kill]:
        """Kills after which something took too long."""
        return [each for each in self.kills if after_s(each) > each.allowed_s]


@pytest.fixture(scope="module")
def run(built: Dam) -> Run:
    """The load and the kills; each test looks at another side of what came of it."""
    draw = random.Random(SEED)
    petitions = [
        built.open_petition("Look after the dam above the village", THRESHOLD),
        built.open_petition("Clear the ditch below the dam"),
        built.open_petition("Build a path along the dam"),
    ]
    people = built.region.people("citizen", max(800, KILLS * 50))
    surveys = [
        built.surveys.open("How do you get to the dam?", counts_persons=False),
        built.surveys.open("How should the dam be kept?", counts_persons=True),
    ]
    # on a slow machine the kills take long, and nobody may run out of something to do before they are over
    spare_petitions = [built.open_petition(f"Do something else at the dam, {number}") for number in range(SPARE)]
    spare_surveys = [built.surveys.open(f"And at the dam {number}?", counts_persons=False) for number in range(SPARE)]
    kills: list[Kill] = []
    began_s = time.monotonic()
    answering = Load(
        built.suite.url,
        built.answer_ledger,
        jobs(people, surveys) + jobs(people, spare_surveys),
        seed=SEED + 1,
        connections=4,
        per_s=PER_S / 2,
        connect=lambda url, place: AnswerClient(url),
    )
    signing = jobs(people, petitions) + jobs(people, spare_petitions)
    with Pace() as pace, Load(built.suite.url, built.ledger, signing, seed=SEED, per_s=PER_S), answering:
        for name in _victims(draw):
            time.sleep(draw.uniform(*MOMENT_S))
            kills.append(_kill(built, name, pace))
        process.wait_until(lambda: _has_happened_enough(built, petitions, surveys), PATIENCE_S)
    slowest = sorted(kills, key=lambda each: max(each.signing_after_s, each.answering_after_s))[-5:]
    print(f"seed {SEED}: {len(kills)} kills in {time.monotonic() - began_s:.0f} s, slowest {slowest}")
    return Run([*petitions, *spare_petitions], [*surveys, *spare_surveys], people, kills)


def _has_happened_enough(built: Dam, petitions: list[OpenPetition], surveys: list[OpenSurvey]) -> bool:
    """Whether there is enough to look at; how long that takes is the machine's matter."""
    signed = sum(entry.is_acknowledged for entry in built.entries(petitions))
    answered = [sum(entry.is_acknowledged for entry in built.answer_entries([survey])) for survey in surveys]
    said = {answer.reason for entry in built.answer_entries(surveys) for answer in entry.answers}
    return signed > LEAST_SIGNATURES and min(answered) > LEAST_ANSWERS and ALREADY_ANSWERED in said


def _kill(built: Dam, name: str, pace: Pace) -> Kill:
    """Kills and waits until it is over: the next kill must find a suite that works."""
    killed_at_s = time.monotonic()
    answers_after_s = kill(built.suite, name)
    back_at_s = time.monotonic()
    ledgers = (built.ledger, built.answer_ledger)
    process.wait_until(lambda: all(each.last_acknowledged_at_s > back_at_s for each in ledgers), PATIENCE_S)
    signing, answering = (each.first_acknowledged_after_s(back_at_s) - killed_at_s for each in ledgers)
    return Kill(name, answers_after_s, signing, answering, pace.allowed_s(BACK_WITHIN_S, killed_at_s))


def _victims(draw: random.Random) -> list[str]:
    """Everybody in turn, in another order each round."""
    rounds = [draw.sample(TARGETS, len(TARGETS)) for _ in range(KILLS // len(TARGETS) + 1)]
    return [name for each in rounds for name in each][:KILLS]


def test_ledger_holds(built: Dam, run: Run) -> None:
    findings = built.findings(run.petitions)
    assert not findings, described(findings)
    assert sum(entry.is_acknowledged for entry in built.entries(run.petitions)) > LEAST_SIGNATURES


def test_every_killed_process_is_back_in_time(run: Run) -> None:
    assert {each.name for each in run.kills} == set(TARGETS)
    assert run.late(lambda each: each.answers_after_s) == []


def test_signing_is_back_in_time_after_every_kill(run: Run) -> None:
    assert run.late(lambda each: each.signing_after_s) == []


def test_answering_is_back_in_time_after_every_kill(run: Run) -> None:
    assert run.late(lambda each: each.answering_after_s) == []


def test_ledger_of_answers_holds(built: Dam, run: Run) -> None:
    findings = built.answer_findings(run.surveys)
    assert not findings, described(findings)
    for survey in run.surveys[:2]:
        assert sum(entry.is_acknowledged for entry in built.answer_entries([survey])) > LEAST_ANSWERS


def test_kills_were_felt_by_who_answered(built: Dam, run: Run) -> None:
    answers = [answer for entry in built.answer_entries(run.surveys) for answer in entry.answers]
    assert any(answer.outcome is Outcome.FAILED for answer in answers)
    assert any(answer.reason == ALREADY_ANSWERED for answer in answers)


def test_kills_were_felt(built: Dam, run: Run) -> None:
    """A run in which no request failed would prove little."""
    answers = [answer for entry in built.entries(run.petitions) for answer in entry.answers]
    assert any(answer.outcome is Outcome.FAILED for answer in answers)


def test_same_request_gets_the_same_answer_long_after(built: Dam, run: Run) -> None:
    _ask_again(built.entries(run.petitions), ApiClient(built.suite.url), built.ledger, run)
    findings = built.findings(run.petitions)
    assert not findings, described(findings)


def test_same_answer_to_a_survey_is_taken_once_long_after(built: Dam, run: Run) -> None:
    client = AnswerClient(built.suite.url)
    for survey in run.surveys:
        client.open(survey, built.region.people(f"reader{survey.number}-", 1)[0])
    _ask_again(built.answer_entries(run.surveys), client, built.answer_ledger, run)
    findings = built.answer_findings(run.surveys)
    assert not findings, described(findings)


def _ask_again(entries: list[Entry], client: Client, ledger: Ledger, run: Run) -> None:
    """Every request that had to be repeated or was acknowledged last, once more."""
    people = {person.email: person for person in run.people}
    subjects: dict[str, Subject] = {each.id: each for each in (*run.petitions, *run.surveys)}
    for entry in [entry for entry in entries if entry.is_acknowledged and len(entry.answers) > 1][-60:]:
        settle(client, ledger, entry.request, (people[entry.request.person], subjects[entry.request.subject_id]))
    client.close()


class TestCheckerIsNotBlind:
    """What would be a fault in the real databases and the real ledger is found; nothing of it stays."""

    def test_acknowledged_signature_that_is_not_there_is_found(self, built: Dam, run: Run) -> None:
        petition = run.petitions[0]
        job = (run.people[0], petition)
        request = new_request(job, random.Random(SEED + 1))
        good = Answer(Outcome.ACKNOWLEDGED, 1.0, 2.0, 201, signature_id=request.key)
        entry = built.entries([petition])[0]
        faked = type(entry)(request, (good,))
        findings = check([*built.entries([petition]), faked], built.facts([petition]))
        assert Rule.NOTHING_LOST in {finding.rule for finding in findings}

    @pytest.mark.parametrize(
        ("break_it", "rules"),
        [
            (store.delete_signer, {Rule.NOTHING_LOST, Rule.NOTHING_TWICE}),
            (store.delete_signature, {Rule.NOTHING_LOST, Rule.EVERY_COUNT_AGREES, Rule.ANNOUNCED_ONCE}),
            (store.move_tally, {Rule.EVERY_COUNT_AGREES}),
        ],
    )
    def test_change_behind_the_back_of_the_service_is_found(
        self, built: Dam, run: Run, break_it: object, rules: set[Rule]
    ) -> None:
        petition = run.petitions[0]
        published = built.region.counts(petition)
        facts = built.facts([petition])
        with built.database("petitions") as conn:
            break_it(conn, petition.id)  # pyright: ignore[reportCallIssue]
            broken = store.petition(conn, petition.id, published)
            conn.rollback()
        findings = check(built.entries([petition]), type(facts)((broken,)))
        assert rules <= {finding.rule for finding in findings}

    @pytest.mark.parametrize(
        ("break_it", "rules"),
        [
            (survey_store.delete_answer, {Rule.NOTHING_LOST, Rule.EVERY_COUNT_AGREES, Rule.ANNOUNCED_ONCE}),
            (survey_store.delete_respondent, {Rule.NOTHING_TWICE}),
            (survey_store.change_answer, {Rule.NOTHING_INVENTED, Rule.EVERY_COUNT_AGREES}),
            (survey_store.move_tally, {Rule.EVERY_COUNT_AGREES}),
        ],
    )
    def test_change_of_answers_behind_the_back_of_the_service_is_found(
        self, built: Dam, run: Run, break_it: Callable[[store.Connection, OpenSurvey], None], rules: set[Rule]
    ) -> None:
        survey = run.surveys[1]
        facts = built.answer_facts([survey])
        with built.database("surveys") as conn:
            break_it(conn, survey)
            published = facts.surveys[0].published
            broken = survey_store.survey(conn, survey, len(facts.surveys[0].answers), published)
            conn.rollback()
        findings = check_answers(built.answer_entries([survey]), replace(facts, surveys=(broken,)))
        assert rules <= {finding.rule for finding in findings}


def test_killed_worker_of_the_gateway_is_replaced(built: Dam) -> None:
    """The supervisor sees only the process above it."""
    former_pid = pid_of(built.suite, GATEWAY)
    workers = workers_of(built.suite, GATEWAY)
    assert workers != []
    with Pace() as pace:
        killed_at_s = time.monotonic()
        for worker in workers:
            with suppress(psutil.NoSuchProcess):  # the others end when the first one is gone
                worker.kill()
        after_s = await_back(built.suite, GATEWAY, former_pid)
        allowed_s = pace.allowed_s(BACK_WITHIN_S, killed_at_s)
    print(f"back after {after_s:.1f} s of {allowed_s:.1f} s")
    assert after_s < allowed_s
