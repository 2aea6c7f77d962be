"""Signing for signed-in people: scope tokens and signatures of all who wait together, in two calls."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from viche.identity.v1 import identity_pb2, identity_pb2_grpc
from viche.petitions.v1 import petitions_pb2, petitions_pb2_grpc

from viche_chassis.batching import ThreadBatcher
from viche_gateway.clients.calls import call, checked, raise_for

AUDIENCE = "petitions"
# while one batch is being written, the next gets its tokens
LANES = 2
ScopeToken = identity_pb2.ScopeTokenResult
Result = petitions_pb2.SignatureResult


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the button.

    Args:
        access_token: of the person.
        traceparent: of the request that it comes with.
        network: address block that asks; empty when it is not known.
        with_name: whether the person was told that their name is published with it.
        is_against: whether it is a vote against.
    """

    request_id: str
    petition_id: str
    access_token: str
    traceparent: str
    network: str = ""
    with_name: bool = False
    is_against: bool = False


class Signing:
    """Identity and petitions, one after the other for a whole batch: each press waits once."""

    def __init__(self, identity: grpc.Channel, petitions: grpc.Channel) -> None:
        self._scope_tokens = identity_pb2_grpc.ScopeTokensServiceStub(identity)
        self._signatures = petitions_pb2_grpc.SignaturesServiceStub(petitions)
        self._batcher: ThreadBatcher[Press, Result] = ThreadBatcher(self._sign, name="signatures", lanes=LANES)

    def sign(self, press: Press) -> str:
        """The id of the signature.

        Raises:
            DomainError: with the reason of identity or petitions.
        """
        result = self._batcher.call(press)
        raise_for(result.status)
        return result.signature_id

    def _sign(self, presses: Sequence[Press]) -> Sequence[Result]:
        tokens = self._make_tokens(presses)
        pairs = zip(presses, tokens, strict=True)
        items = [_signature(press, token) for press, token in pairs if not token.status.code]
        signed = iter(self._make_signatures(items) if items else ())
        return [Result(status=token.status) if token.status.code else next(signed) for token in tokens]

    def _make_tokens(self, presses: Sequence[Press]) -> Sequence[ScopeToken]:
        items = [
            identity_pb2.ScopeTokenItem(
                access_token=press.access_token,
                audience=AUDIENCE,
                scope=f"petition:{press.petition_id}",
                with_name=press.with_name,
            )
            for press in presses
        ]
        request = identity_pb2.BatchCreateScopeTokensRequest(items=items)
        return checked(call(self._scope_tokens.BatchCreateScopeTokens, request).results, len(items))

    def _make_signatures(self, items: Sequence[petitions_pb2.SignatureItem]) -> Sequence[Result]:
        request = petitions_pb2.BatchCreateSignaturesRequest(items=items)
        return checked(call(self._signatures.BatchCreateSignatures, request).results, len(items))


def _signature(press: Press, token: ScopeToken) -> petitions_pb2.SignatureItem:
    return petitions_pb2.SignatureItem(
        request_id=press.request_id,
        petition_id=press.petition_id,
        scope_token=token.scope_token,
        traceparent=press.traceparent,
        network=press.network,
        is_against=press.is_against,
    )
