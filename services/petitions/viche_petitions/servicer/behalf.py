"""BehalfService: drafts that officers write for citizens."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from viche.petitions.v1 import behalf_pb2 as pb
from viche.petitions.v1 import behalf_pb2_grpc

from viche_chassis.access import covered_authorities, current_person
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.mailboxes import canonical_mailbox, sending_address
from viche_chassis.once import once
from viche_petitions.behalf import Behalf, check_authority
from viche_petitions.domain.behalf import UNCHANGED_DAYS
from viche_petitions.domain.drafts import Draft, clean_line, clean_text
from viche_petitions.domain.errors import PetitionNotFound
from viche_petitions.domain.petition import State
from viche_petitions.identity import Authorities
from viche_petitions.scope_tokens import read_pseudonym
from viche_petitions.sealing import Sealing
from viche_petitions.store import behalf as store
from viche_petitions.writing import check_covered, must_get


class BehalfServicer(behalf_pb2_grpc.BehalfServiceServicer):
    """Drafts for citizens, who alone read them and hand them in.

    Args:
        wake: called after a commit that left something in the outbox.
    """

    def __init__(
        self, pool: Pool, behalf: Behalf, authorities: Authorities, sealing: Sealing, wake: Callable[[], None]
    ) -> None:
        self._pool = pool
        self._behalf = behalf
        self._authorities = authorities
        self._sealing = sealing
        self._wake = wake

    async def CreateDraftFor(self, request: pb.CreateDraftForRequest, context: Any) -> pb.CreateDraftForResponse:
        person, draft, email = current_person(), _draft(request), sending_address(request.email)
        await self._authorities.get(draft.authority_id)
        check_authority(str(draft.authority_id), covered_authorities())

        async def act(conn: Connection) -> pb.CreateDraftForResponse:
            await self._behalf.write(conn, read_pseudonym(person.author), email, request.workflow, draft)
            return pb.CreateDraftForResponse()

        return await once(self._pool, person, self._without_person(request), pb.CreateDraftForResponse, act, self._wake)

    async def ListWrittenForMe(self, request: pb.ListWrittenForMeRequest, context: Any) -> pb.ListWrittenForMeResponse:
        author = read_pseudonym(current_person().author)
        async with reading(self._pool) as conn:
            found = await store.of_author(conn, author, UNCHANGED_DAYS)
        return pb.ListWrittenForMeResponse(petitions=map(_message, found))

    async def GetWriter(self, request: pb.GetWriterRequest, context: Any) -> pb.GetWriterResponse:
        petition_id = UUID(request.petition_id)
        async with reading(self._pool) as conn:
            petition = await must_get(conn, petition_id)
            if petition.state == State.DRAFT:  # its author's alone
                raise PetitionNotFound()
            check_covered(petition, covered_authorities())
            found = await store.writer(conn, petition_id)
        if found is None:
            return pb.GetWriterResponse()
        officer, written_at = found
        response = pb.GetWriterResponse(officer=officer)
        response.written_at.FromDatetime(written_at)
        return response

    def _without_person(self, request: pb.CreateDraftForRequest) -> pb.CreateDraftForRequest:
        """What is remembered of a request: keyed hashes where a plain hash of personal data could be guessed."""
        kept = pb.CreateDraftForRequest()
        kept.CopyFrom(request)
        kept.email = self._sealing.request_key(canonical_mailbox(request.email)).hex()
        kept.name = self._sealing.request_key(clean_line(request.name)).hex()
        return kept


def _draft(request: pb.CreateDraftForRequest) -> Draft:
    name = clean_line(request.name)
    if not name:
        raise InvalidFields(invalid("name", "REQUIRED"))
    return Draft(
        title=clean_line(request.title), background=clean_text(request.background), details="",
        language=request.language, authority_id=UUID(request.authority_id), author_name=name, is_submitted=False,
    )  # fmt: skip


def _message(written: store.Written) -> pb.Written:
    message = pb.Written(
        petition_id=str(written.petition_id), authority_id=str(written.authority_id), title=written.title
    )
    message.written_at.FromDatetime(written.written_at)
    if written.deleted_at is not None:
        message.deleted_at.FromDatetime(written.deleted_at)
    return message
