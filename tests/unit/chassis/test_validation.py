"""The rules option of a field holds before a servicer sees the message."""

import pytest
from viche.identity.v1 import identity_pb2
from viche.petitions.v1 import petitions_pb2

from viche_chassis.errors import InvalidFields
from viche_chassis.validation import validate, violations

ID = "01939c9e-5b1a-7cc4-8000-6d1f3a2b4c5d"


def reasons(message: object) -> dict[str, str]:
    return {violation.field: violation.reason for violation in violations(message)}  # pyright: ignore


def test_a_whole_request_passes() -> None:
    validate(petitions_pb2.OpenPetitionRequest(request_id=ID, petition_id=ID))


def test_every_missing_field_is_named() -> None:
    with pytest.raises(InvalidFields) as caught:
        validate(petitions_pb2.OpenPetitionRequest())
    assert [violation.field for violation in caught.value.violations] == ["request_id", "petition_id"]


def test_an_id_must_be_a_uuid() -> None:
    assert reasons(petitions_pb2.OpenPetitionRequest(request_id=ID, petition_id="7")) == {"petition_id": "NOT_A_UUID"}


def test_length_is_counted_in_bytes() -> None:
    request = petitions_pb2.ListPetitionsRequest(query="ї" * 251)
    assert reasons(request) == {"query": "TOO_LONG"}
    assert reasons(petitions_pb2.ListPetitionsRequest(query="ї" * 250)) == {}


def test_a_text_without_rules_is_bounded_too() -> None:
    assert reasons(petitions_pb2.Petition(title="x" * 10_001)) == {"title": "TOO_LONG"}


def test_more_items_than_allowed_are_refused() -> None:
    items = [identity_pb2.ScopeTokenItem()] * 1001
    assert reasons(identity_pb2.BatchCreateScopeTokensRequest(items=items)) == {"items": "TOO_MANY"}


def test_a_nul_byte_is_refused() -> None:
    assert reasons(petitions_pb2.ListPetitionsRequest(query="a\x00b")) == {"query": "NUL_BYTE"}
