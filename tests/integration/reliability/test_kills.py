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
from tests.integration.reliability.faults import GATEWAY, TARGETS, await_back, kill, pid_of, workers_of
from tests.integration.reliability.ledger import Answer, Outcome, longest_silence_s
from tests.integration.reliability.load import Load, jobs, new_request, settle
from tests.integration.reliability.region import OpenPetition, Person

SEED = int(os.environ.get("VICHE_FAULT_SEED", "20261122"))
KILLS = int(os.environ.get("VICHE_FAULT_KILLS", "18"))
BACK_WITHIN_S = 10.0
# how long the suite runs under load between one recovery and the next kill
MOMENT_S = (0.2, 1.2)
PER_S = 40.0
THRESHOLD = 100


@dataclass(frozen=True, slots=True)
class Run:
    """A load under kills, over."""

    petitions: list[OpenPetition]
    people: list[Person]
    # name of what was killed, and after how many seconds it answered again
    kills: list[tuple[str, float]]
    longest_silence_s: float


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
    kills: list[tuple[str, float]] = []
    with Load(built.suite.url, built.ledger, todo, seed=SEED, per_s=PER_S):
        began_s = time.monotonic()
        for name in _victims(draw):
            time.sleep(draw.uniform(*MOMENT_S))
            kills.append((name, kill(built.suite, name)))
        time.sleep(1.0)
        ended_s = time.monotonic()
    silence_s = longest_silence_s(built.entries(petitions), began_s, ended_s)
    print(f"seed {SEED}, {len(kills)} kills in {ended_s - began_s:.0f} s, silence {silence_s:.1f} s: {kills}")
    return Run(petitions, people, kills, silence_s)


def _victims(draw: random.Random) -> list[str]:
    """Everybody in turn, in another order each round."""
    rounds = [draw.sample(TARGETS, len(TARGETS)) for _ in range(KILLS // len(TARGETS) + 1)]
    return [name for each in rounds for name in each][:KILLS]


def test_ledger_holds(built: Dam, run: Run) -> None:
    findings = built.findings(run.petitions)
    assert not findings, described(findings)
    assert sum(entry.is_acknowledged for entry in built.entries(run.petitions)) > 100


def test_every_killed_process_is_back_in_time(run: Run) -> None:
    assert {name for name, _ in run.kills} == set(TARGETS)
    assert [(name, round(seconds, 1)) for name, seconds in run.kills if seconds > BACK_WITHIN_S] == []


def test_signing_is_back_in_time_after_every_kill(run: Run) -> None:
    assert run.longest_silence_s < BACK_WITHIN_S


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
