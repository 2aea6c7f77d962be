"""SessionsService: who is behind a cookie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.access import current_person
from viche_chassis.batching import Batcher
from viche_chassis.db import Pool, reading, transaction
from viche_identity.crypto import session_token_hash
from viche_identity.domain.people import SessionEnded, assurance, raised
from viche_identity.domain.region import Grant
from viche_identity.records import Records
from viche_identity.servicer.messages import my_session_message, person_message
from viche_identity.store import grants, people, sessions
from viche_identity.tokens import AccessTokens


@dataclass(frozen=True, slots=True)
class _Found:
    session: sessions.Session
    person: people.PersonRow
    grants: Sequence[Grant]


class SessionsServicer(identity_pb2_grpc.SessionsServiceServicer):
    """Sessions of signed-in people; those that are asked for at the same time are read together.

    Args:
        role_hours: how long roles work in a session after the person has confirmed to be there.
    """

    def __init__(self, pool: Pool, records: Records, tokens: AccessTokens, role_hours: int) -> None:
        self._pool = pool
        self._records = records
        self._tokens = tokens
        self._role_hours = role_hours
        self._batcher: Batcher[bytes, _Found | None] = Batcher(self._find, name="sessions")

    async def GetSession(
        self, request: identity_pb2.GetSessionRequest, context: Any
    ) -> identity_pb2.GetSessionResponse:
        found = await self._batcher.call(session_token_hash(request.session_token))
        if found is None:
            raise SessionEnded()
        person = raised(self._records.open_person(found.person), assurance(found.session.assurance))
        usable = found.grants if found.session.roles_hold else ()
        access = self._tokens.make(person, found.session.id, usable)
        response = identity_pb2.GetSessionResponse(
            person=person_message(person, found.grants), access_token=access.token
        )
        response.access_token_expires_at.FromDatetime(access.expires_at)
        if found.grants:
            response.roles_until.FromDatetime(found.session.roles_until)
        return response

    async def ListMySessions(
        self, request: identity_pb2.ListMySessionsRequest, context: Any
    ) -> identity_pb2.ListMySessionsResponse:
        person = current_person()
        async with transaction(self._pool) as conn:
            held = await sessions.of_person(conn, UUID(person.id))
        return identity_pb2.ListMySessionsResponse(
            sessions=[my_session_message(each, is_current=str(each.id) == person.session_id) for each in held]
        )

    async def EndMySession(
        self, request: identity_pb2.EndMySessionRequest, context: Any
    ) -> identity_pb2.EndMySessionResponse:
        async with transaction(self._pool) as conn:
            await sessions.end_of_person(conn, UUID(current_person().id), UUID(request.session_id))
        return identity_pb2.EndMySessionResponse()

    async def EndOtherSessions(
        self, request: identity_pb2.EndOtherSessionsRequest, context: Any
    ) -> identity_pb2.EndOtherSessionsResponse:
        person = current_person()
        async with transaction(self._pool) as conn:
            await sessions.end_others(conn, UUID(person.id), UUID(person.session_id))
        return identity_pb2.EndOtherSessionsResponse()

    async def _find(self, hashes: Sequence[bytes]) -> list[_Found | None]:
        async with reading(self._pool) as conn:
            held = await sessions.find(conn, hashes, self._role_hours)
            ids = [session.person_id for session in held.values()]
            rows = {row.id: row for row in await people.find(conn, ids)} if ids else {}
            roles = await grants.of_all(conn, ids) if ids else {}
        return [_found(held.get(each), rows, roles) for each in hashes]

    async def EndSession(
        self, request: identity_pb2.EndSessionRequest, context: Any
    ) -> identity_pb2.EndSessionResponse:
        async with transaction(self._pool) as conn:
            await sessions.end(conn, session_token_hash(request.session_token))
        return identity_pb2.EndSessionResponse()


def _found(
    session: sessions.Session | None,
    rows: Mapping[UUID, people.PersonRow],
    grants: Mapping[UUID, Sequence[Grant]],
) -> _Found | None:
    if session is None or session.person_id not in rows:
        return None
    return _Found(session, rows[session.person_id], grants.get(session.person_id, ()))
