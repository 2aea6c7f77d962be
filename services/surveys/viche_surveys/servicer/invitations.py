"""InvitationsService: links that let somebody answer, each once."""

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc

from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.once import once
from viche_surveys import writing
from viche_surveys.domain.answer_errors import NotByLink
from viche_surveys.domain.survey import Admission
from viche_surveys.store import invitations

MOST = 10_000
SECRET_BYTES = 16


class InvitationsServicer(surveys_pb2_grpc.InvitationsServiceServicer):
    """Makes links and counts them.

    Args:
        secret_hash: what is stored of a secret.
    """

    def __init__(self, pool: Pool, secret_hash: Callable[[str], bytes]) -> None:
        self._pool = pool
        self._secret_hash = secret_hash

    async def CreateInvitations(
        self, request: pb.CreateInvitationsRequest, context: Any
    ) -> pb.CreateInvitationsResponse:  # fmt: skip
        if not 1 <= request.count <= MOST:
            raise InvalidFields(invalid("count", "OUT_OF_RANGE", least=1, most=MOST))
        made: list[str] = []

        async def act(conn: Connection) -> pb.CreateInvitationsResponse:
            survey = await writing.covered(conn, UUID(request.survey_id))
            if survey.settings.admission is not Admission.LINK:
                raise NotByLink()
            made.extend(secrets.token_urlsafe(SECRET_BYTES) for _ in range(request.count))
            await invitations.add(conn, survey.id, [(new_id(), self._secret_hash(each)) for each in made])
            return pb.CreateInvitationsResponse()  # what is remembered has no secrets

        await once(self._pool, current_caller().person, request, pb.CreateInvitationsResponse, act)
        return pb.CreateInvitationsResponse(secrets=made)

    async def GetInvitationCounts(
        self, request: pb.GetInvitationCountsRequest, context: Any
    ) -> pb.GetInvitationCountsResponse:  # fmt: skip
        async with reading(self._pool) as conn:
            survey = await writing.covered(conn, UUID(request.survey_id))
            made, used = await invitations.counts(conn, survey.id)
        return pb.GetInvitationCountsResponse(made=made, used=used)
