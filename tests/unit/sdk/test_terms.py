"""Stored terms come back as they were, or are refused."""

import json
from typing import Any

import pytest

from tests.unit.sdk.workflows import workflow
from viche_sdk.types import BadTerms, SignersShown, Terms

TERMS = workflow(signers_shown=SignersShown.NAMES).terms({"debate": "50"}, "UA59080270000073662")


def test_terms_come_back_as_they_were() -> None:
    assert Terms.from_json(TERMS.to_json()) == TERMS
    assert Terms.from_json(TERMS.to_json().encode()) == TERMS
    assert Terms.from_json(json.loads(TERMS.to_json())) == TERMS


def test_what_a_newer_version_has_added_is_passed_over() -> None:
    assert Terms.from_json({**json.loads(TERMS.to_json()), "sponsors": 5}) == TERMS


def test_terms_stored_before_signers_shown_existed_show_the_number_only() -> None:
    stored = json.loads(TERMS.to_json())
    del stored["signers_shown"]

    assert Terms.from_json(stored).signers_shown is SignersShown.NUMBER


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("open_days", "30"),
        ("open_days", True),
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
