"""Many presses on the same button at once are one signature."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable

from tests.integration.reliability.clients import ApiClient
from tests.integration.reliability.dam import Dam, described
from tests.integration.reliability.ledger import Answer, Outcome, Request
from tests.integration.reliability.load import Job, new_request, settle

PRESSES = 200
SEED = 5


def at_once(number: int, press: Callable[[int], Answer]) -> list[Answer]:
    """Answers of so many threads that all begin at the same moment."""
    answers: list[Answer] = []
    barrier = threading.Barrier(number)

    def run(place: int) -> None:
        barrier.wait()
        answers.append(press(place))

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return answers


def press_all(built: Dam, job: Job, requests: list[Request]) -> list[Answer]:
    """Everybody with a connection of their own."""
    clients = [ApiClient(built.suite.url) for _ in requests]

    def press(place: int) -> Answer:
        return settle(clients[place], built.ledger, requests[place], job)

    answers = at_once(len(requests), press)
    for client in clients:
        client.close()
    return answers


def test_two_hundred_requests_of_one_person_are_one_signature(built: Dam) -> None:
    petition = built.open_petition("Let the pond rest for a year")
    job = (built.region.people("eager", 1)[0], petition)
    draw = random.Random(SEED)
    answers = press_all(built, job, [new_request(job, draw) for _ in range(PRESSES)])
    outcomes = Counter((answer.outcome, answer.reason) for answer in answers)
    assert outcomes == {(Outcome.ACKNOWLEDGED, ""): 1, (Outcome.REFUSED, "ALREADY_SIGNED"): PRESSES - 1}
    findings = built.findings([petition])
    assert not findings, described(findings)


def test_one_request_sent_two_hundred_times_gets_one_answer(built: Dam) -> None:
    petition = built.open_petition("Keep the reeds along the pond")
    job = (built.region.people("nervous", 1)[0], petition)
    answers = press_all(built, job, [new_request(job, random.Random(SEED + 1))] * PRESSES)
    assert {answer.outcome for answer in answers} == {Outcome.ACKNOWLEDGED}
    assert len({answer.signature_id for answer in answers}) == 1
    findings = built.findings([petition])
    assert not findings, described(findings)
