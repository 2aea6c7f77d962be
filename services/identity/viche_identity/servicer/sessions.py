"""SessionsService: who is behind a cookie."""

from typing import Any

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.db import Pool, transaction
from viche_identity.crypto import session_token_hash
from viche_identity.domain.people import SessionEnded
from viche_identity.records import Records
from viche_identity.servicer.messages import person_message
from viche_identity.store import people, region, sessions
from viche_identity.tokens import AccessTokens


class SessionsServicer(identity_pb2_grpc.SessionsServiceServicer):
    """Sessions of signed-in people."""

    def __init__(self, pool: Pool, records: Records, tokens: AccessTokens) -> None:
        self._pool = pool
        self._records = records
        self._tokens = tokens

    async def GetSession(
        self, request: identity_pb2.GetSessionRequest, context: Any
    ) -> identity_pb2.GetSessionResponse:
        async with transaction(self._pool) as conn:
            session = await sessions.find(conn, session_token_hash(request.session_token))
            rows = await people.find(conn, [session.person_id]) if session else []
            grants = await region.grants_of(conn, session.person_id) if session else []
        if session is None or not rows:
            raise SessionEnded()
        person = self._records.open_person(rows[0])
        access = self._tokens.make(person, session.id, grants)
        response = identity_pb2.GetSessionResponse(person=person_message(person, grants), access_token=access.token)
        response.access_token_expires_at.FromDatetime(access.expires_at)
        return response

    async def EndSession(
        self, request: identity_pb2.EndSessionRequest, context: Any
    ) -> identity_pb2.EndSessionResponse:
        async with transaction(self._pool) as conn:
            await sessions.end(conn, session_token_hash(request.session_token))
        return identity_pb2.EndSessionResponse()
