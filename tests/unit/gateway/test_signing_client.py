"""Presses that wait together travel together, and a bad one never fails another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from google.rpc import status_pb2
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.petitions.v1 import petitions_pb2, petitions_pb2_grpc

from viche_chassis.errors import Code, DomainError, TokenRefused
from viche_chassis.status import to_status
from viche_gateway.clients.signing import Press, Signing
from viche_gateway.testing.channel import InProcessChannel

PETITION = "018f5c1e-0000-7000-8000-0000000000aa"


class _Identity(identity_pb2_grpc.ScopeTokensServiceServicer):
    async def BatchCreateScopeTokens(self, request: Any, context: Any) -> Any:
        results = [
            identity_pb2.ScopeTokenResult(status=to_status(TokenRefused()))
            if item.access_token == "bad"
            else identity_pb2.ScopeTokenResult(scope_token=f"{item.access_token} {item.scope}")
            for item in request.items
        ]
        return identity_pb2.BatchCreateScopeTokensResponse(results=results)


class _Petitions(petitions_pb2_grpc.SignaturesServiceServicer):
    def __init__(self) -> None:
        self.items: list[petitions_pb2.SignatureItem] = []

    async def BatchCreateSignatures(self, request: Any, context: Any) -> Any:
        self.items.extend(request.items)
        results = [
            petitions_pb2.SignatureResult(status=status_pb2.Status(code=Code.ALREADY_EXISTS, message="ALREADY_SIGNED"))
            if item.scope_token.startswith("again ")
            else petitions_pb2.SignatureResult(signature_id=f"signature of {item.request_id}")
            for item in request.items
        ]
        return petitions_pb2.BatchCreateSignaturesResponse(results=results)


@pytest.fixture
def petitions() -> _Petitions:
    return _Petitions()


@pytest.fixture
def signing(petitions: _Petitions) -> Signing:
    def add_identity(server: Any) -> None:
        identity_pb2_grpc.add_ScopeTokensServiceServicer_to_server(_Identity(), server)

    def add_petitions(server: Any) -> None:
        petitions_pb2_grpc.add_SignaturesServiceServicer_to_server(petitions, server)

    channels: list[Any] = [InProcessChannel(add_identity), InProcessChannel(add_petitions)]
    return Signing(*channels)


def _press(number: int, access_token: str = "good") -> Press:
    return Press(f"018f5c1e-0000-7000-8000-{number:012}", PETITION, access_token, "")


def test_a_press_is_signed_with_a_token_for_its_petition(signing: Signing, petitions: _Petitions) -> None:
    assert signing.sign(_press(1)) == f"signature of {_press(1).request_id}"
    assert [item.scope_token for item in petitions.items] == [f"good petition:{PETITION}"]


@pytest.mark.parametrize(("access_token", "code"), [("bad", Code.UNAUTHENTICATED), ("again", Code.ALREADY_EXISTS)])
def test_a_refusal_of_either_service_is_raised(signing: Signing, access_token: str, code: Code) -> None:
    with pytest.raises(DomainError) as refused:
        signing.sign(_press(1, access_token))
    assert refused.value.code == code


def test_bad_presses_fail_alone(signing: Signing) -> None:
    def outcome(number: int) -> str:
        try:
            return signing.sign(_press(number, ("good", "bad", "again")[number % 3]))
        except DomainError as refused:
            return refused.reason

    with ThreadPoolExecutor(24) as threads:
        outcomes = list(threads.map(outcome, range(96)))

    assert outcomes[::3] == [f"signature of {_press(number).request_id}" for number in range(0, 96, 3)]
    assert set(outcomes[1::3]) == {TokenRefused.reason}
    assert set(outcomes[2::3]) == {"ALREADY_SIGNED"}


def test_nothing_is_sent_on_when_all_tokens_are_refused(signing: Signing, petitions: _Petitions) -> None:
    with pytest.raises(DomainError):
        signing.sign(_press(1, "bad"))
    assert petitions.items == []
