"""The database is away for longer than connection pools try: everything works again soon after it is back."""

from __future__ import annotations

import time

import pytest

from tests.integration.reliability.dam import Dam, described
from tests.integration.reliability.faults import PATIENCE_S, POSTGRES, await_back, keep_down, pid_of
from tests.integration.reliability.ledger import Outcome, acknowledgements
from tests.integration.reliability.load import Load, jobs
from tests.integration.reliability.pace import Pace
from tests.integration.reliability.region import OpenPetition
from viche_chassis import db
from viche_cli.infra import process

pytestmark = pytest.mark.slow
SEED = 8
AWAY_S = db.RECONNECT_FOR_S + 3.0
# on a calm machine, see pace.py
BACK_WITHIN_S = 10.0
THRESHOLD = 5


def test_signing_and_mails_are_back_after_a_long_outage(built: Dam) -> None:
    built.post_office.open()
    petition = built.open_petition("Fetch the sunken boat", THRESHOLD)
    people = built.region.people("boatman", 600)
    with Pace() as pace, Load(built.suite.url, built.ledger, jobs(people, [petition]), seed=SEED):
        former_pid = pid_of(built.suite, POSTGRES)
        keep_down(built.suite, POSTGRES, AWAY_S)
        await_back(built.suite, POSTGRES, former_pid)
        back_at_s = time.monotonic()
        process.wait_until(lambda: has_signed_since(built, petition, back_at_s), PATIENCE_S)
        allowed_s = pace.allowed_s(BACK_WITHIN_S, back_at_s)
    after_s = built.ledger.first_acknowledged_after_s(back_at_s) - back_at_s
    print(f"signing {after_s:.1f} s after the database, of {allowed_s:.1f} s")
    assert after_s < allowed_s
    entries = built.entries([petition])
    assert any(answer.outcome is Outcome.FAILED for entry in entries for answer in entry.answers)
    findings = built.findings([petition])
    assert not findings, described(findings)
    assert process.wait_until(lambda: any(petition_mail(built)), PATIENCE_S)


def has_signed_since(built: Dam, petition: OpenPetition, moment_s: float) -> bool:
    """Whether somebody was told so after that moment."""
    return any(answer.answered_at_s > moment_s for answer in acknowledgements(built.entries([petition])))


def petition_mail(built: Dam) -> list[bool]:
    """Mails that tell the people of this test that the threshold is reached."""
    return [mail.receiver.startswith("boatman") for mail in built.post_office.mails()]
