"""Who may sign, how often mails go out, what links carry, what an archive takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from viche_chassis.errors import DomainError
from viche_chassis.sealing import Unreadable
from viche_petitions import rates
from viche_petitions.domain.errors import BadRow
from viche_petitions.domain.imports import ImportRow, StatedTerritory, archived_state, check_row
from viche_petitions.domain.petition import State
from viche_petitions.domain.signing import Signer, check_signer, reached_thresholds
from viche_petitions.identity import Contact
from viche_petitions.sealing import Sealing
from viche_petitions.writing import beginning
from viche_sdk.types import Assurance, Event, FixedClock, FixedThreshold, LegalBasis, Localized, Period, Terms, Unit

TEXT = Localized.of(en="text")
TERMS = Terms(
    workflow="w", version="1", thresholds=(FixedThreshold("hearing", 5, TEXT), FixedThreshold("answer", 10, TEXT)),
    clocks=(FixedClock("collect", TEXT, Period(30, Unit.CALENDAR_DAY), Event.OPENED),),
    min_assurance=Assurance.SUBSTANTIAL, resident_of="UA05", signatures_per_mailbox=1, legal_basis=LegalBasis(TEXT),
)  # fmt: skip
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROW = ImportRow("http://example.org/5", 5, "A title", "en", State.OPEN, "open", 7, created_at=NOW)
ID, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("is_open", "assurance", "residence", "reason"),
    [
        (True, "substantial", ["UA", "UA05"], None),
        (True, "high", ["UA", "UA05", "UA0501"], None),
        (False, "high", ["UA05"], "NOT_OPEN"),
        (True, "email", ["UA05"], "ASSURANCE_TOO_LOW"),
        (True, "divine", ["UA05"], "ASSURANCE_TOO_LOW"),
        (True, "high", ["UA", "UA07"], "OTHER_TERRITORY"),
        (True, "high", [], "OTHER_TERRITORY"),
    ],
)
def test_terms_decide_who_signs(is_open: bool, assurance: str, residence: list[str], reason: str | None) -> None:
    try:
        check_signer(TERMS, is_open, assurance, residence)
        found = None
    except DomainError as refused:
        found = refused.reason
    assert found == reason


def test_petition_without_terms_is_never_open() -> None:
    with pytest.raises(DomainError, match="NOT_OPEN"):
        check_signer(None, True, "high", [])


def test_territory_of_a_signer_is_the_innermost() -> None:
    assert Signer(ID, b"", "email", ("UA", "UA05")).territory_code == "UA05"
    assert Signer(ID, b"", "email", ()).territory_code == ""


@pytest.mark.parametrize(("count", "names"), [(4, []), (5, ["hearing"]), (10, ["hearing", "answer"])])
def test_threshold_is_reached_with_its_last_signature(count: int, names: list[str]) -> None:
    assert reached_thresholds(TERMS, count, {}) == names


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", -1), ("number", 2**63 - 1), ("title", "  "), ("title", "x" * 1_001), ("language", ""),
        ("state", None), ("count", -1), ("created_at", NOW.replace(year=2027)), ("opened_at", NOW.replace(year=2027)),
        ("key", ""), ("territories", (StatedTerritory("country", "GB", "United Kingdom", "", -1),)),
    ],
)  # fmt: skip
def test_archive_refuses_what_it_cannot_keep(field: str, value: object) -> None:
    check_row(ROW, NOW)
    with pytest.raises(BadRow):
        check_row(replace(ROW, **{field: value}), NOW)


def test_archive_takes_what_has_no_number_and_no_date() -> None:
    check_row(replace(ROW, number=0, created_at=None), NOW)


@pytest.mark.parametrize(
    ("named", "state"), [("open", State.OPEN), ("Open", State.OPEN), ("rejected", State.CLOSED), (" ", None)]
)
def test_archived_state_is_open_or_closed(named: str, state: State | None) -> None:
    assert archived_state(named) is state


def test_mailbox_index_differs_by_petition_and_by_key() -> None:
    one, another = Sealing(b"1" * 32), Sealing(b"2" * 32)
    indexes = {each.mailbox_index(id, "a@example.org") for each in (one, another) for id in (ID, OTHER)}
    assert len(indexes) == 4


def test_sealed_contact_opens_only_for_its_signature_and_key() -> None:
    sealing, contact = Sealing(b"1" * 32), Contact("a@example.org", "Їжак", "UA05", "uk")
    sealed = sealing.close(contact, ID)
    assert sealing.open(sealed, ID) == contact
    for other, id in ((sealing, OTHER), (Sealing(b"2" * 32), ID)):
        with pytest.raises(Unreadable):
            other.open(sealed, id)


def test_forms_without_a_proof_of_work_have_stricter_limits() -> None:
    checked, unchecked = rates.rules_for(True), rates.rules_for(False)
    assert min(each.limit for each in unchecked.per_network) < min(each.limit for each in checked.per_network)
    assert min(each.limit for each in unchecked.per_mailbox) < min(each.limit for each in checked.per_mailbox)


def test_opening_is_being_registered_where_a_clock_waits_for_that() -> None:
    decision = FixedClock("decision", TEXT, Period(2, Unit.MONTH), Event.SUBMITTED, Event.REGISTERED)
    assert beginning(TERMS) == (Event.OPENED,)
    assert beginning(replace(TERMS, clocks=(decision, *TERMS.clocks))) == (Event.REGISTERED, Event.OPENED)
