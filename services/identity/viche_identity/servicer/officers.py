"""OfficersService: whom to tell what waits."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from viche.identity.v1 import identity_pb2, officers_pb2, officers_pb2_grpc

from viche_chassis import pages
from viche_chassis.db import Pool, transaction
from viche_chassis.mailboxes import sending_address
from viche_identity.crypto import Pseudonyms
from viche_identity.domain.region import Grant, roles_at
from viche_identity.domain.scopes import AUTHORS, DIGESTS
from viche_identity.records import Records
from viche_identity.servicer.audit import MOST_COLLEAGUES
from viche_identity.servicer.messages import grant_message
from viche_identity.store import grants, people

USUAL_PAGE = 200
LARGEST_PAGE = 500


class OfficersServicer(officers_pb2_grpc.OfficersServiceServicer):
    """Opens the details of those who hold a role and of nobody else."""

    def __init__(self, pool: Pool, records: Records, pseudonyms: Pseudonyms) -> None:
        self._pool = pool
        self._records = records
        self._pseudonyms = pseudonyms

    async def ListOfficers(
        self, request: officers_pb2.ListOfficersRequest, context: Any
    ) -> officers_pb2.ListOfficersResponse:
        """A page of people.

        Raises:
            InvalidFields: page size or token are not of ours.
        """
        size = pages.page_size(request.page_size, USUAL_PAGE, LARGEST_PAGE)
        after = pages.read_page_token(request.page_token, (UUID,))
        async with transaction(self._pool) as conn:
            ids = await grants.holders_after(conn, after[0] if after else UUID(int=0), size + 1)
            held = await grants.of_all(conn, ids[:size])
            rows = await people.find(conn, ids[:size])
        officers = await asyncio.to_thread(self._contacts, rows, held)
        token = pages.page_token(ids[size - 1]) if len(ids) > size else ""
        return officers_pb2.ListOfficersResponse(officers=officers, next_page_token=token)

    async def GetOfficerRoles(
        self, request: officers_pb2.GetOfficerRolesRequest, context: Any
    ) -> officers_pb2.GetOfficerRolesResponse:
        """Roles of somebody at an authority."""
        authority_id = UUID(request.authority_id)
        async with transaction(self._pool) as conn:
            ids = await grants.everybody_above(conn, authority_id, MOST_COLLEAGUES)
            found = [each for each in ids if self._pseudonyms.of(AUTHORS, each) == request.pseudonym]
            held = await grants.of_all(conn, found)
        own = [grant for person in found for grant in held.get(person, ())]
        return officers_pb2.GetOfficerRolesResponse(roles=roles_at(authority_id, own))

    def _contacts(
        self, rows: Sequence[people.PersonRow], held: Mapping[UUID, Sequence[Grant]]
    ) -> list[officers_pb2.OfficerContact]:
        persons = [self._records.open_person(row) for row in rows]
        return [
            officers_pb2.OfficerContact(
                recipient=identity_pb2.Recipient(
                    pseudonym=self._pseudonyms.of(DIGESTS, person.id),
                    email=person.email if person.email.isascii() else sending_address(person.email),
                    name=person.name,
                    language=person.language,
                ),
                author=self._pseudonyms.of(AUTHORS, person.id),
                grants=[grant_message(each) for each in held.get(person.id, ())],
            )
            for person in persons
            if person.email
        ]
