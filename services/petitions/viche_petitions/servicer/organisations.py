"""OrganisationAuthorsService: acting for an organisation that an authority has confirmed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from viche.petitions.v1 import organisations_pb2 as pb
from viche.petitions.v1 import organisations_pb2_grpc

from viche_chassis.access import PersonClaims, current_person
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import TokenRefused
from viche_chassis.tokens import Verifier
from viche_petitions.authors import Authors
from viche_petitions.domain.authors import AuthorKind, Authorship, ConfirmedOrganisation, Organisation
from viche_petitions.domain.errors import NotADraft, PetitionNotFound
from viche_petitions.domain.petition import State
from viche_petitions.scope_tokens import read_claims, read_pseudonym
from viche_petitions.store import organisations as store
from viche_petitions.store import rows


class OrganisationAuthorsServicer(organisations_pb2_grpc.OrganisationAuthorsServiceServicer):
    """Believes what identity has signed, and asks nobody."""

    def __init__(self, pool: Pool, tokens: Verifier, authors: Authors) -> None:
        self._pool = pool
        self._tokens = tokens
        self._authors = authors

    async def SetAuthorOrganisation(
        self, request: pb.SetAuthorOrganisationRequest, context: Any
    ) -> pb.SetAuthorOrganisationResponse:
        person, petition_id = current_person(), UUID(request.petition_id)
        confirmed = self._read(person, UUID(request.organisation_id), request.organisation_token)
        async with transaction(self._pool) as conn:
            await store.hold(conn, petition_id)
            role = await _role_in_draft(conn, petition_id, read_pseudonym(person.author))
            said = Organisation(confirmed.name, confirmed.register_number, role)
            await self._authors.put(conn, petition_id, Authorship(AuthorKind.ORGANISATION, organisation=said))
            await store.put(conn, petition_id, confirmed)
        return pb.SetAuthorOrganisationResponse()

    def _read(self, person: PersonClaims, organisation_id: UUID, token: str) -> ConfirmedOrganisation:
        """The organisation that a token proves the person to represent.

        Raises:
            TokenRefused: it is another's, or for another organisation.
        """
        claims = read_claims(self._tokens, token, f"organisation:{organisation_id}")
        if claims.get("sub") != person.author:
            raise TokenRefused()
        at = datetime.fromtimestamp(int(claims["confirmed_at"]), UTC)
        return ConfirmedOrganisation(organisation_id, str(claims["title"]), str(claims["register_number"]), at)


async def _role_in_draft(conn: Connection, petition_id: UUID, author: bytes) -> str:
    """What the person said to be in the organisation of a draft of theirs."""
    found = await rows.get(conn, petition_id)
    if found is None or found.author != author:  # a draft of somebody else is as good as none
        raise PetitionNotFound()
    if found.state != State.DRAFT:
        raise NotADraft()
    return found.authorship.organisation.role
