"""PeopleService: what people say of themselves, and persons that other services need."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.access import current_person
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, Unauthenticated, invalid
from viche_chassis.ids import new_id
from viche_identity.crypto import Pseudonyms, new_session_token, session_token_hash
from viche_identity.domain import people as rules
from viche_identity.domain.scopes import NAMES, scope_violations
from viche_identity.records import Records, ensure
from viche_identity.requests import Requests
from viche_identity.servicer.batches import PeopleBatch, read_mailboxes
from viche_identity.servicer.messages import person_message
from viche_identity.store import grants, people, region, sessions


class PeopleServicer(identity_pb2_grpc.PeopleServiceServicer):
    """Persons.

    Args:
        languages: of the instance, the default one first.
        allow_direct_sessions: whether sessions may be opened without a mail.
    """

    def __init__(
        self,
        pool: Pool,
        records: Records,
        requests: Requests,
        pseudonyms: Pseudonyms,
        languages: Sequence[str],
        *,
        allow_direct_sessions: bool,
    ) -> None:
        self._pool = pool
        self._records = records
        self._requests = requests
        self._pseudonyms = pseudonyms
        self._languages = languages
        self._allow_direct_sessions = allow_direct_sessions

    async def GetMe(self, request: identity_pb2.GetMeRequest, context: Any) -> identity_pb2.GetMeResponse:
        async with transaction(self._pool) as conn:
            return identity_pb2.GetMeResponse(person=await self._me(conn))

    async def UpdateMe(self, request: identity_pb2.UpdateMeRequest, context: Any) -> identity_pb2.UpdateMeResponse:
        name = rules.clean_name(request.name)
        async with transaction(self._pool) as conn:
            # what is remembered is empty: the answer names the person, and is read again
            if await self._requests.remembered(conn, request, identity_pb2.UpdateMeResponse) is None:
                await self._check(conn, name, request.residence_code, request.language)
                await self._change(conn, UUID(current_person().id), name, request)
                await self._requests.remember(conn, request, identity_pb2.UpdateMeResponse())
            return identity_pb2.UpdateMeResponse(person=await self._me(conn))

    async def EnsureEmailPerson(
        self, request: identity_pb2.EnsureEmailPersonRequest, context: Any
    ) -> identity_pb2.EnsureEmailPersonResponse:
        found = [*rules.member_violations(request.mailbox_member), *scope_violations(request.scope)]
        if found:
            raise InvalidFields(*found)
        member = request.mailbox_member
        name = rules.clean_name(request.name)
        async with transaction(self._pool) as conn:
            paths = await self._check(conn, name, request.residence_code, request.language)
            if member:  # somebody else than the person whose mailbox it is: name and residence are not the person's
                person_id = await self._ensure(conn, request.email, "", "", request.language)
                path = paths.get(request.residence_code, [])
            else:
                person_id = await self._ensure(conn, request.email, name, request.residence_code, request.language)
                path = (await people.find(conn, [person_id]))[0].residence_path
        pseudonym = self._pseudonyms.of(request.scope, person_id, member)
        names = self._pseudonyms.of(NAMES, person_id)  # without the member: all names of a mailbox go with its person
        return identity_pb2.EnsureEmailPersonResponse(
            pseudonym=pseudonym, residence_path=path, names_pseudonym=names
        )  # fmt: skip

    async def BatchEnsurePeople(
        self, request: identity_pb2.BatchEnsurePeopleRequest, context: Any
    ) -> identity_pb2.BatchEnsurePeopleResponse:
        codes = {person.residence_code for person in request.people}
        async with transaction(self._pool) as conn:
            known = await region.territory_paths(conn, codes)
        batch = PeopleBatch(self._records, self._languages, known)
        new = await asyncio.to_thread(batch.read, request.people)
        async with transaction(self._pool) as conn:
            ids, created = await ensure(conn, new)
            changes, names = batch.changes(request.people, ids, created)
            await people.change(conn, changes)
            await people.rename(conn, list(names), list(names.values()))
        return identity_pb2.BatchEnsurePeopleResponse(ids=[str(each) for each in ids])

    async def BatchCreateSessions(
        self, request: identity_pb2.BatchCreateSessionsRequest, context: Any
    ) -> identity_pb2.BatchCreateSessionsResponse:
        if not self._allow_direct_sessions:
            raise rules.DirectSessionsOff()
        mailboxes = await asyncio.to_thread(read_mailboxes, self._records, request.emails)
        tokens = [new_session_token() for _ in mailboxes]
        async with transaction(self._pool) as conn:
            held = await people.find_by_mailboxes(conn, mailboxes)
            unknown = [place for place, mailbox in enumerate(mailboxes) if mailbox not in held]
            if unknown:
                raise InvalidFields(*(invalid(f"emails[{place}]", "UNKNOWN_PERSON") for place in unknown))
            pairs = zip(mailboxes, tokens, strict=True)
            new = [sessions.NewSession(new_id(), session_token_hash(token), held[mailbox]) for mailbox, token in pairs]
            await sessions.add(conn, new, rules.SESSION_LIFE_DAYS)
        return identity_pb2.BatchCreateSessionsResponse(session_tokens=tokens)

    async def _me(self, conn: Connection) -> identity_pb2.Person:
        person_id = UUID(current_person().id)
        rows = await people.find(conn, [person_id])
        if not rows:
            raise Unauthenticated()
        return person_message(self._records.open_person(rows[0]), await grants.of(conn, person_id))

    async def _check(self, conn: Connection, name: str, residence: str, language: str) -> dict[str, list[str]]:
        """Checks what somebody says of themselves; gives the path of the residence, if there is one."""
        paths = await region.territory_paths(conn, [residence] if residence else [])
        found = [
            *rules.name_violations(name),
            *rules.residence_violations(residence, paths),
            *rules.language_violations(language, self._languages),
        ]
        if found:
            raise InvalidFields(*found)
        return paths

    async def _change(
        self, conn: Connection, person_id: UUID, name: str, request: identity_pb2.UpdateMeRequest
    ) -> None:
        change = people.PersonChange(person_id, "", request.residence_code, request.language)
        await people.change(conn, [change])
        if name:
            await people.rename(conn, [person_id], [self._records.close_name(name, person_id)])

    async def _ensure(self, conn: Connection, email: str, name: str, residence: str, language: str) -> UUID:
        person = self._records.new_person(
            email, name=name, residence_code=residence, language=language or self._languages[0]
        )
        (person_id,), created = await ensure(conn, [person])
        if residence and not created:
            await people.fill_residence(conn, person_id, residence)
        return person_id
