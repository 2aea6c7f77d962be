"""A workflow that contradicts itself is refused, and settings give terms or all their problems."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.sdk.workflows import choice, number, text, workflow
from viche_sdk.types import (
    Assurance,
    FromSetting,
    InvalidWorkflow,
    LegalBasis,
    Localized,
    SettingReason,
    SettingsRefused,
    Situation,
    Threshold,
    collecting,
)

RESIDENTS = Situation("UA59080270000073662")
DEBATE = Threshold("debate", FromSetting("debate"), text())


@pytest.mark.parametrize(
    ("differences", "fault"),
    [
        ({"name": "Petition Test"}, "small letters, digits and hyphens"),
        ({"name": "p" * 65}, "at most 64"),
        ({"version": "one"}, "version 'one' must be digits and dots"),
        ({"valid_from": "2026-01-01"}, "valid_from: give a date, not '2026-01-01'"),
        ({"valid_from": datetime(2026, 1, 1, tzinfo=UTC)}, "valid_from: give a date, not datetime"),
        ({"version": ""}, "version '' must be digits and dots"),
        ({"title": Localized.of(en="Petition", uk="Петиція", ru="")}, "title: write it in bg, ru too"),
        ({"legal_basis": LegalBasis(Localized.of(en="Act"))}, "legal_basis: write it in uk, bg, ru too"),
        ({"thresholds": (), "settings": ()}, "at least one threshold"),
        ({"thresholds": (DEBATE, DEBATE)}, "two thresholds are called 'debate'"),
        ({"thresholds": (Threshold("Big-One", 1, text()), DEBATE)}, "name threshold 'Big-One'"),
        ({"thresholds": (Threshold("a", 9, text()), Threshold("b", 9, text()), DEBATE)}, "thresholds must ascend"),
        ({"thresholds": (Threshold("none", 0, text()), DEBATE)}, "threshold none must be at least 1, not 0"),
        ({"clocks": (collecting(0),)}, "clock collect must be at least 1, not 0"),
        ({"signatures_per_mailbox": 0}, "signatures_per_mailbox must be at least 1"),
        ({"clocks": (collecting(FromSetting("days")),)}, "clock collect takes setting 'days', which is not declared"),
        ({"residents_only": FromSetting("debate")}, "residents_only takes setting debate, which must be of kind bool"),
        ({"settings": (number("debate", minimum=0),)}, "whose minimum must be at least 1"),
        ({"settings": (number("debate"), number("debate"))}, "two settings are called 'debate'"),
        ({"settings": (number("debate"), number("idle"))}, "nothing takes setting idle"),
        ({"settings": (number("debate", maximum=None),)}, "give it minimum and maximum"),
        ({"settings": (number("debate", minimum=5, maximum=4),)}, "minimum 5 and maximum 4 must ascend"),
        ({"settings": (number("debate", default="101"),)}, "default of setting debate must be at most 100, not 101"),
        ({"settings": (number("debate", optional=True),)}, "must not be optional, since the rule cannot be left out"),
        ({"settings": (number("debate", default="1", optional=True),)}, "is optional: take its default away"),
        ({"settings": (number("debate", help=Localized.of(en="?")),)}, "help of setting debate: write it in uk"),
    ],
)
def test_a_workflow_that_contradicts_itself_is_refused(differences: dict[str, Any], fault: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        workflow(**differences)

    assert fault in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        (choice("level", "email"), "give it two or more choices"),
        (choice("level", "email", "email"), "offers 'email' twice"),
        (choice("level", "email", "sms"), "sms must be among email, substantial, high"),
        (choice("level", "email", "high", minimum=1), "is no number: take minimum and maximum away"),
        (choice("level", "email", "high", default="low"), "must be one of email, high, not 'low'"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused(setting: Any, fault: str) -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        workflow(settings=(number("debate"), setting), min_assurance=FromSetting("level"))

    assert fault in str(refused.value)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(InvalidWorkflow) as refused:
        workflow(name="No", version="x", clocks=())

    assert len(refused.value.faults) == 3


def test_terms_hold_constants_and_settings() -> None:
    terms = workflow().terms({"debate": "50"}, RESIDENTS)

    assert [(each.name, each.signatures) for each in terms.thresholds] == [("answer", 10), ("debate", 50)]
    assert (terms.open_days, terms.min_assurance, terms.resident_of) == (30, Assurance.EMAIL, RESIDENTS.territory_code)
    assert (terms.workflow, terms.version) == ("petition-test", "1")


def test_where_anyone_may_sign_no_territory_is_kept() -> None:
    assert workflow(residents_only=False).terms({"debate": "50"}, RESIDENTS).resident_of == ""


@pytest.mark.parametrize(
    ("text_given", "reason"),
    [
        ("", SettingReason.MISSING),
        ("fifty", SettingReason.NOT_A_NUMBER),
        ("-5", SettingReason.NOT_A_NUMBER),
        ("5.0", SettingReason.NOT_A_NUMBER),
        (" 50", SettingReason.NOT_A_NUMBER),
        ("٥٠", SettingReason.NOT_A_NUMBER),
        ("0", SettingReason.TOO_SMALL),
        ("101", SettingReason.TOO_LARGE),
        ("9" * 5000, SettingReason.TOO_LARGE),
        ("10", SettingReason.NOT_ASCENDING),
    ],
)
def test_a_bad_number_is_refused_with_its_reason(text_given: str, reason: SettingReason) -> None:
    with pytest.raises(SettingsRefused) as refused:
        workflow().terms({"debate": text_given}, RESIDENTS)

    assert [(each.setting, each.reason) for each in refused.value.problems] == [("debate", reason)]


def test_all_problems_of_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        workflow().terms({"debat": "50"}, RESIDENTS)

    assert str(refused.value) == (
        "settings of petition-test: debat is not a setting of this workflow; it has: debate; debate must be set"
    )


def test_residents_cannot_be_asked_for_without_a_territory() -> None:
    with pytest.raises(SettingsRefused) as refused:
        workflow().terms({"debate": "50"}, Situation())

    assert [each.reason for each in refused.value.problems] == [SettingReason.NO_TERRITORY]
