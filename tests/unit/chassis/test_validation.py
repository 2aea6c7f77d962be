"""The rules option of a field holds before a servicer sees the message."""

import pytest
from viche.identity.v1 import identity_pb2
from viche.petitions.v1 import petitions_pb2
from viche.social.v1 import inbox_pb2, posts_pb2
from viche.surveys.v1 import answers_pb2

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


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (posts_pb2.PostContent(title={"en": "a\x00b"}), "content.title"),
        (posts_pb2.PostContent(title={"e\x00": "a"}), "content.title"),
        (
            posts_pb2.PostContent(sources=[posts_pb2.Source(), posts_pb2.Source(claim="\x00")]),
            "content.sources[1].claim",
        ),
        (posts_pb2.PostContent(link="\x00"), "content.link"),
        (
            posts_pb2.PostContent(poll=posts_pb2.PostPoll(options=[posts_pb2.PollChoice(text={"en": "\x00"})])),
            "content.poll.options[0].text",
        ),
    ],
)
def test_a_nul_byte_is_found_in_messages_within_messages(content: posts_pb2.PostContent, place: str) -> None:
    request = posts_pb2.CreatePostRequest(request_id=ID, authority_id=ID, content=content)
    assert reasons(request) == {place: "NUL_BYTE"}


def test_a_nul_byte_is_found_among_several_texts() -> None:
    request = identity_pb2.BatchCreateSessionsRequest(emails=["ann@example.org", "\x00"])
    assert reasons(request) == {"emails": "NUL_BYTE"}


def test_a_nul_byte_among_bytes_is_theirs() -> None:
    headers = {"content-type": "text/plain"}
    request = inbox_pb2.ReceiveHookRequest(token="t", body=b"\x00", headers=headers)
    assert reasons(request) == {}


def test_a_nul_byte_fails_its_item_of_a_batch_alone() -> None:
    bad = answers_pb2.ResponseItem(request_id=ID, fields=[answers_pb2.FormField(name="q", values=["\x00"])])
    assert reasons(answers_pb2.BatchCreateResponsesRequest(items=[bad])) == {}
    assert reasons(bad) == {"fields[0].values": "NUL_BYTE"}
