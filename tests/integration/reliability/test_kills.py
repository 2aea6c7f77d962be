"""kill -9 of every process at random moments under load: nothing acknowledged is lost, nothing counts twice."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass

import pytest

from tests.integration.reliability import store
from tests.integration.reliability.checker import Rule, check
from tests.integration.reliability.clients import ApiClient
from tests.integration.reliability.dam import Dam, described
from tests.integration.reliability.faults import GATEWAY, PATIENCE_S, TARGETS, await_back, kill, pid_of, workers_of
from tests.integration.reliability.ledger import Answer, Outcome
from tests.integration.reliability.load import Load, jobs, new_request, settle
from tests.integration.reliability.region import OpenPetition, Person
from viche_cli.infra import process

pytestmark = pytest.mark.slow
SEED = int(os.environ.get("VICHE_FAULT_SEED", "20261122"))
KILLS = int(os.environ.get("VICHE_FAULT_KILLS", "18"))
BACK_WITHIN_S = 10.0
# how long the suite runs under load between one recovery and the next kill
MOMENT_S = (0.2, 1.2)
PER_S = 40.0
THRESHOLD = 100


@dataclass(frozen=True, slots=True)
class Kill:
    """What was killed, and after how many seconds it answered again and somebody was told that they have signed."""

    name: str
    answers_after_s: float
    signing_after_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """A load under kills, over."""

    petitions: list[OpenPetition]
    people: list[Person]
    kills: list[Kill]


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
    todo = jobs(people, petitions)
    kills: list[Kill] = []
    began_s = time.monotonic()
    with Load(built.suite.url, built.ledger, todo, seed=SEED, per_s=PER_S):
        for name in _victims(draw):
            time.sleep(draw.uniform(*MOMENT_S))
            kills.append(_kill(built, name))
    slowest = sorted(kills, key=lambda each: each.signing_after_s)[-5:]
    print(f"seed {SEED}: {len(kills)} kills in {time.monotonic() - began_s:.0f} s, slowest {slowest}")
    return Run(petitions, people, kills)


def _kill(built: Dam, name: str) -> Kill:
    """Kills and waits until it is over: the next kill must find a suite that works."""
    killed_at_s = time.monotonic()
    answers_after_s = kill(built.suite, name)
    back_at_s = time.monotonic()
    process.wait_until(lambda: built.ledger.last_acknowledged_at_s > back_at_s, PATIENCE_S)
    return Kill(name, answers_after_s, time.monotonic() - killed_at_s)


def _victims(draw: random.Random) -> list[str]:
    """Everybody in turn, in another order each round."""
    rounds = [draw.sample(TARGETS, len(TARGETS)) for _ in range(KILLS // len(TARGETS) + 1)]
    return [name for each in rounds for name in each][:KILLS]


def test_ledger_holds(built: Dam, run: Run) -> None:
    findings = built.findings(run.petitions)
    assert not findings, described(findings)
    assert sum(entry.is_acknowledged for entry in built.entries(run.petitions)) > 100


def test_every_killed_process_is_back_in_time(run: Run) -> None:
    assert {each.name for each in run.kills} == set(TARGETS)
    assert [each for each in run.kills if each.answers_after_s > BACK_WITHIN_S] == []


def test_signing_is_back_in_time_after_every_kill(run: Run) -> None:
    assert [each for each in run.kills if each.signing_after_s > BACK_WITHIN_S] == []


def test_kills_were_felt(built: Dam, run: Run) -> None:
    """A run in which no request failed would prove little."""
    answers = [answer for entry in built.entries(run.petitions) for answer in entry.answers]
    assert any(answer.outcome is Outcome.FAILED for answer in answers)


def test_same_request_gets_the_same_answer_long_after(built: Dam, run: Run) -> None:
    """Every request that had to be repeated or was acknowledged last, once more."""
    people = {person.email: person for person in run.people}
    petitions = {petition.id: petition for petition in run.petitions}
    entries = [entry for entry in built.entries(run.petitions) if entry.is_acknowledged and len(entry.answers) > 1][
        -60:
    ]
    client = ApiClient(built.suite.url)
    for entry in entries:
        job = (people[entry.request.person], petitions[entry.request.petition_id])
        settle(client, built.ledger, entry.request, job)
    client.close()
    findings = built.findings(run.petitions)
    assert not findings, described(findings)


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


def test_killed_worker_of_the_gateway_is_replaced(built: Dam) -> None:
    """The supervisor sees only the process above it."""
    former_pid = pid_of(built.suite, GATEWAY)
    workers = workers_of(built.suite, GATEWAY)
    assert workers != []
    for worker in workers:
        worker.kill()
    assert await_back(built.suite, GATEWAY, former_pid) < BACK_WITHIN_S
