"""SIGTERM of each service under load, as a roll-out sends it: what is under way ends well, the rest is tried again."""

from __future__ import annotations

import signal
import time
from collections import Counter
from dataclasses import dataclass

import pytest

from tests.integration.reliability.dam import Dam, described
from tests.integration.reliability.faults import GATEWAY, SERVICES, kill
from tests.integration.reliability.ledger import Outcome
from tests.integration.reliability.load import Load, jobs
from tests.integration.reliability.region import OpenPetition

pytestmark = pytest.mark.slow
SEED = 6
# nothing listens while the only process of a kind starts: refused at the door, or said to be unavailable
CLEAN = {"ConnectError", "UNAVAILABLE", "HTTP 503"}
# the server closed a connection that was idle, just when the client took it up again (RFC 9112, section 9.5)
IDLE_CLOSED = {"RemoteProtocolError", "ReadError", "WriteError"}


@dataclass(frozen=True, slots=True)
class Roll:
    """Failed tries by what was ended then, and why they failed."""

    petition: OpenPetition
    failures: dict[str, Counter[str]]


@pytest.fixture(scope="module")
def roll(built: Dam) -> Roll:
    """Ends each in turn, in the order of a roll-out."""
    petition = built.open_petition("Roll the stones out of the ford")
    people = built.region.people("roller", 900)
    failures: dict[str, Counter[str]] = {}
    with Load(built.suite.url, built.ledger, jobs(people, [petition]), seed=SEED):
        for name in (*SERVICES, GATEWAY):
            time.sleep(1.0)
            before = _failures(built, petition)
            kill(built.suite, name, signal.SIGTERM)
            time.sleep(1.0)
            failures[name] = _failures(built, petition) - before
    print({name: dict(reasons) for name, reasons in failures.items()})
    return Roll(petition, failures)


def _failures(built: Dam, petition: OpenPetition) -> Counter[str]:
    answers = (answer for entry in built.entries([petition]) for answer in entry.answers)
    return Counter(answer.reason for answer in answers if answer.outcome is Outcome.FAILED)


def test_every_failed_try_fails_cleanly(roll: Roll) -> None:
    for name in SERVICES:
        assert set(roll.failures[name]) <= CLEAN, name
    assert set(roll.failures[GATEWAY]) <= CLEAN | IDLE_CLOSED


def test_end_of_notifications_is_not_felt(roll: Roll) -> None:
    assert roll.failures["notifications"] == {}


def test_ledger_holds(built: Dam, roll: Roll) -> None:
    findings = built.findings([roll.petition])
    assert not findings, described(findings)
