"""Stored terms come back as they were, or are refused."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.unit.sdk.workflows import workflow
from viche_sdk.types import (
    Assurance,
    BadTerms,
    Channel,
    ChannelKind,
    Event,
    Failed,
    LegalBasis,
    Localized,
    Period,
    SignersShown,
    Situation,
    Terms,
    Unit,
)

TERMS = workflow(signers_shown=SignersShown.NAMES).terms({"debate": "50"}, Situation("UA59080270000073662"))


STORED_BEFORE_CLOCKS = """
{"legal_basis": {"bg": "Правилник", "en": "Charter", "ru": "Устав", "uk": "Статут"}, "min_assurance": "email",
 "open_days": 45, "resident_of": "UA59080270000073662", "signatures_per_mailbox": 1, "signers_shown": "territories",
 "thresholds": [{"effect": {"bg": "Отговор.", "en": "An answer.", "ru": "Ответ.", "uk": "Відповідь."},
 "name": "answer", "signatures": 250}], "version": "1", "workflow": "petition-local"}
"""
"""As version 0.1.0 wrote them."""


def test_terms_stored_before_there_were_clocks_are_read() -> None:
    terms = Terms.from_json(STORED_BEFORE_CLOCKS)

    assert [(clock.name, clock.starts_at, clock.period) for clock in terms.clocks] == [
        ("collect", Event.OPENED, Period(45, Unit.CALENDAR_DAY))
    ]
    assert terms.reached(250, {}) == ("answer",)
    assert terms.legal_basis == LegalBasis(Localized.of(bg="Правилник", en="Charter", ru="Устав", uk="Статут"))
    assert (terms.calendar, terms.open_days, terms.resident_of) == ("", 45, "UA59080270000073662")
    assert terms.channels == (
        Channel(ChannelKind.EMAIL, Assurance.EMAIL),
        Channel(ChannelKind.EID, Assurance.SUBSTANTIAL),
    )
    assert (terms.votes_against, terms.author_counts, terms.author_shown, terms.sponsors) == (False, False, True, 0)
    assert (terms.committee, terms.closing_events, terms.failed.becomes) == (None, (), Failed.NOTHING)
    opened_at = datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert terms.closes_at(opened_at, ZoneInfo("Europe/Kyiv")) == datetime(2026, 4, 15, 21, tzinfo=UTC)


def test_terms_stored_before_there_were_channels_keep_their_assurance() -> None:
    stored = {**json.loads(STORED_BEFORE_CLOCKS), "min_assurance": "high"}

    assert Terms.from_json(stored).channels == (Channel(ChannelKind.EID, Assurance.HIGH),)


def test_terms_can_be_read_by_the_version_before_clocks() -> None:
    written, before = json.loads(TERMS.to_json()), json.loads(STORED_BEFORE_CLOCKS)

    assert {key: type(value) for key, value in before.items()}.items() <= {
        key: type(value) for key, value in written.items()
    }.items()


def test_terms_come_back_as_they_were() -> None:
    assert Terms.from_json(TERMS.to_json()) == TERMS
    assert Terms.from_json(TERMS.to_json().encode()) == TERMS
    assert Terms.from_json(json.loads(TERMS.to_json())) == TERMS


def test_what_a_newer_version_has_added_is_passed_over() -> None:
    assert Terms.from_json({**json.loads(TERMS.to_json()), "colour": "blue"}) == TERMS


def test_terms_stored_before_signers_shown_existed_show_the_number_only() -> None:
    stored = json.loads(TERMS.to_json())
    del stored["signers_shown"]

    assert Terms.from_json(stored).signers_shown is SignersShown.NUMBER


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("clocks", []),
        ("clocks", [{"name": "collect"}]),
        ("calendar", 5),
        ("stages", ["married"]),
        ("channels", [{"kind": "pigeon", "min_assurance": "email"}]),
        ("votes_against", "no"),
        ("committee", {"members_min": "seven"}),
        ("closing_events", [{"name": "dissolution"}]),
        ("failed", {"becomes": "law"}),
        ("workflow", None),
        ("thresholds", {}),
        ("thresholds", ["answer"]),
        ("thresholds", [{"name": "answer", "signatures": 10}]),
        ("min_assurance", "sms"),
        ("legal_basis", "Act"),
        ("legal_basis", {"en": 1}),
    ],
)
def test_terms_of_another_kind_are_refused(key: str, value: Any) -> None:
    with pytest.raises(BadTerms, match="stored terms"):
        Terms.from_json({**json.loads(TERMS.to_json()), key: value})


@pytest.mark.parametrize("stored", ["", "{", "[]", "null", "{}", b"\xff"])
def test_what_is_no_terms_is_refused(stored: str | bytes) -> None:
    with pytest.raises(BadTerms, match="stored terms"):
        Terms.from_json(stored)
