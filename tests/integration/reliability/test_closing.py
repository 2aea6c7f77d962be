"""A petition closes by the database's clock, whoever signs at that moment."""

from __future__ import annotations

import time

from tests.integration.reliability import store
from tests.integration.reliability.dam import Dam, described
from tests.integration.reliability.faults import PATIENCE_S
from tests.integration.reliability.ledger import first_acknowledgements
from tests.integration.reliability.load import Load, jobs
from tests.integration.reliability.region import OpenPetition
from viche_cli.infra import process

SEED = 7
CLOSES_IN_S = 2.0


def test_nobody_signs_after_the_database_says_that_it_is_closed(built: Dam) -> None:
    petition = built.open_petition("Close the sluice before winter")
    people = built.region.people("sluice", 600)
    with Load(built.suite.url, built.ledger, jobs(people, [petition]), seed=SEED, per_s=60.0):
        assert process.wait_until(lambda: has_signed(built, petition), PATIENCE_S)
        with built.database("petitions") as conn:
            store.close_in(conn, petition.id, CLOSES_IN_S)
        closes_at_s = time.monotonic() + CLOSES_IN_S
        time.sleep(CLOSES_IN_S + 1.5)
        process.wait_until(lambda: was_told_that_it_is_closed(built, petition), PATIENCE_S)
    entries = built.entries([petition])
    with built.database("petitions") as conn:
        moments = store.moments(conn, petition.id)
    assert moments.last_signed_at <= moments.closes_at
    assert [answer for answer in first_acknowledgements(entries) if answer.sent_at_s > closes_at_s] == []
    assert was_told_that_it_is_closed(built, petition)
    findings = built.findings([petition], "NOT_OPEN", "HTTP 409")
    assert not findings, described(findings)


def has_signed(built: Dam, petition: OpenPetition) -> bool:
    return any(entry.is_acknowledged for entry in built.entries([petition]))


def was_told_that_it_is_closed(built: Dam, petition: OpenPetition) -> bool:
    return any(answer.reason == "NOT_OPEN" for entry in built.entries([petition]) for answer in entry.answers)
