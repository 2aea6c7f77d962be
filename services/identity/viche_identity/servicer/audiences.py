"""AudiencesService: addresses for those who send."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.db import Pool, transaction
from viche_chassis.mailboxes import sending_address
from viche_identity.audiences import Audiences, Member
from viche_identity.records import Records
from viche_identity.store import people


class AudiencesServicer(identity_pb2_grpc.AudiencesServiceServicer):
    """Opens the details of those asked for and of nobody else."""

    def __init__(self, pool: Pool, records: Records, audiences: Audiences) -> None:
        self._pool = pool
        self._records = records
        self._audiences = audiences

    async def ResolvePseudonyms(
        self, request: identity_pb2.ResolvePseudonymsRequest, context: Any
    ) -> identity_pb2.ResolvePseudonymsResponse:
        found = await self._audiences.find(request.scope, request.pseudonyms)
        async with transaction(self._pool) as conn:
            rows = await people.find(conn, [member.person_id for member in found.values()])
        recipients = await asyncio.to_thread(self._recipients, found, rows)
        return identity_pb2.ResolvePseudonymsResponse(recipients=recipients)

    def _recipients(
        self, found: Mapping[bytes, Member], rows: Sequence[people.PersonRow]
    ) -> list[identity_pb2.Recipient]:
        persons = {row.id: self._records.open_person(row) for row in rows}
        recipients: list[identity_pb2.Recipient] = []
        for name, member in found.items():
            person = persons.get(member.person_id)
            if person is not None and person.email:
                # another who shares the mailbox is not called by the person's name
                shown = "" if member.mailbox_member else person.name
                address = person.email if person.email.isascii() else sending_address(person.email)
                recipients.append(
                    identity_pb2.Recipient(pseudonym=name, email=address, name=shown, language=person.language)
                )
        return recipients
