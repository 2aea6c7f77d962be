"""AuditService: what operators did with roles, and who the officers of the trails are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from viche.identity.v1 import audit_pb2, audit_pb2_grpc

from viche_chassis import trail
from viche_chassis.access import covered_authorities
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import NotYourAuthority
from viche_identity.crypto import Pseudonyms
from viche_identity.domain.region import roles_at
from viche_identity.domain.scopes import AUTHORS
from viche_identity.records import Records
from viche_identity.store import grants, people

MOST_COLLEAGUES = 1000


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Reads the trail, and names those who are in the trails of all services."""

    def __init__(self, pool: Pool, records: Records, pseudonyms: Pseudonyms) -> None:
        self._pool = pool
        self._records = records
        self._pseudonyms = pseudonyms

    async def ListOfficerActions(
        self, request: audit_pb2.ListOfficerActionsRequest, context: Any
    ) -> audit_pb2.ListOfficerActionsResponse:
        actions = await trail.actions(self._pool, request, audit_pb2.OfficerAction)
        return audit_pb2.ListOfficerActionsResponse(actions=actions)

    async def ResolveOfficers(
        self, request: audit_pb2.ResolveOfficersRequest, context: Any
    ) -> audit_pb2.ResolveOfficersResponse:
        async with transaction(self._pool) as conn:
            ids = await grants.everybody(conn)
            mailboxes = [self._records.mailbox(request.email)] if request.email else []
            named = set((await people.find_by_mailboxes(conn, mailboxes)).values())
            asked = set(request.pseudonyms)
            known = {each: self._pseudonyms.of(AUTHORS, each) for each in ids}
            found = [each for each, pseudonym in known.items() if pseudonym in asked or each in named]
            rows = {row.id: row for row in await people.find(conn, found)}
        return audit_pb2.ResolveOfficersResponse(
            officers=[self._officer(known[each], rows.get(each)) for each in found]
        )

    async def ListColleagues(
        self, request: audit_pb2.ListColleaguesRequest, context: Any
    ) -> audit_pb2.ListColleaguesResponse:
        if request.authority_id not in covered_authorities():
            raise NotYourAuthority()
        async with transaction(self._pool) as conn:
            ids = await grants.everybody_above(conn, UUID(request.authority_id), MOST_COLLEAGUES)
            rows = {row.id: row for row in await people.find(conn, ids)}
            held = await grants.of_all(conn, ids)
        authority_id = UUID(request.authority_id)
        return audit_pb2.ListColleaguesResponse(
            officers=[
                self._officer(
                    self._pseudonyms.of(AUTHORS, each), rows.get(each), roles_at(authority_id, held.get(each, ()))
                )
                for each in ids
            ]
        )

    def _officer(self, pseudonym: bytes, row: people.PersonRow | None, roles: Sequence[str] = ()) -> audit_pb2.Officer:
        if row is None:
            return audit_pb2.Officer(pseudonym=pseudonym, roles=roles)
        person = self._records.open_person(row)
        return audit_pb2.Officer(pseudonym=pseudonym, email=person.email, name=person.name, roles=roles)
