"""ScopeTokensService and KeysService: what is signed here, and the keys to check it with."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_chassis.errors import DomainError, InvalidFields, TokenRefused
from viche_chassis.metrics import record_batch
from viche_chassis.status import to_status
from viche_chassis.validation import violations
from viche_identity.domain.scopes import audience_violations, scope_violations
from viche_identity.records import Records
from viche_identity.store import people
from viche_identity.tokens import ScopeTokens

TURN = 50  # items between two looks at other calls: a signature takes tens of microseconds


class ScopeTokensServicer(identity_pb2_grpc.ScopeTokensServiceServicer):
    """The way of every signature passes here, so the database is asked only for names that are to be published."""

    def __init__(self, tokens: ScopeTokens, pool: Pool, records: Records) -> None:
        self._tokens = tokens
        self._pool = pool
        self._records = records

    async def BatchCreateScopeTokens(
        self, request: identity_pb2.BatchCreateScopeTokensRequest, context: Any
    ) -> identity_pb2.BatchCreateScopeTokensResponse:
        record_batch("scope_tokens", len(request.items))
        response = identity_pb2.BatchCreateScopeTokensResponse()
        names = await self._names([item for item in request.items if item.with_name])
        for place, item in enumerate(request.items):
            if place % TURN == TURN - 1:
                await asyncio.sleep(0)
            self._answer(item, names if item.with_name else None, response.results.add())
        return response

    async def _names(self, items: Iterable[identity_pb2.ScopeTokenItem]) -> Mapping[UUID, str]:
        ids = {person_id for item in items if (person_id := self._person_of(item))}
        if not ids:
            return {}
        async with reading(self._pool) as conn:
            rows = await people.find(conn, list(ids))
        return {row.id: self._records.open_name(row.name, row.id) for row in rows}

    def _person_of(self, item: identity_pb2.ScopeTokenItem) -> UUID | None:
        try:
            return self._tokens.person_of(item.access_token)
        except TokenRefused:
            return None  # told of when the token is to be made

    def _answer(
        self,
        item: identity_pb2.ScopeTokenItem,
        names: Mapping[UUID, str] | None,
        result: identity_pb2.ScopeTokenResult,
    ) -> None:
        try:
            found = [*violations(item), *scope_violations(item.scope), *audience_violations(item.audience)]
            if found:
                raise InvalidFields(*found)
            result.scope_token = self._tokens.make(item.access_token, item.audience, item.scope, names)
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
