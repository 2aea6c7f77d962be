"""ScopeTokensService and KeysService: what is signed here, and the keys to check it with."""

import asyncio
from typing import Any

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.errors import DomainError, InvalidFields
from viche_chassis.status import to_status
from viche_chassis.telemetry import record_batch
from viche_chassis.validation import violations
from viche_identity.domain.scopes import audience_violations, scope_violations
from viche_identity.tokens import ScopeTokens

TURN = 50  # items between two looks at other calls: a signature takes tens of microseconds


class ScopeTokensServicer(identity_pb2_grpc.ScopeTokensServiceServicer):
    """The way of every signature passes here, so nothing is asked of the database."""

    def __init__(self, tokens: ScopeTokens) -> None:
        self._tokens = tokens

    async def BatchCreateScopeTokens(
        self, request: identity_pb2.BatchCreateScopeTokensRequest, context: Any
    ) -> identity_pb2.BatchCreateScopeTokensResponse:
        record_batch("scope_tokens", len(request.items))
        response = identity_pb2.BatchCreateScopeTokensResponse()
        for place, item in enumerate(request.items):
            if place % TURN == TURN - 1:
                await asyncio.sleep(0)
            self._answer(item, response.results.add())
        return response

    def _answer(self, item: identity_pb2.ScopeTokenItem, result: identity_pb2.ScopeTokenResult) -> None:
        try:
            found = [*violations(item), *scope_violations(item.scope), *audience_violations(item.audience)]
            if found:
                raise InvalidFields(*found)
            result.scope_token = self._tokens.make(item.access_token, item.audience, item.scope)
        except DomainError as error:
            result.status.CopyFrom(to_status(error))


class KeysServicer(identity_pb2_grpc.KeysServiceServicer):
    """Publishes all keys that tokens may still be signed with.

    Args:
        jwks_json: the public keys as a JSON Web Key Set.
    """

    def __init__(self, jwks_json: str) -> None:
        self._jwks_json = jwks_json

    async def ListPublicKeys(
        self, request: identity_pb2.ListPublicKeysRequest, context: Any
    ) -> identity_pb2.ListPublicKeysResponse:
        return identity_pb2.ListPublicKeysResponse(jwks_json=self._jwks_json)
