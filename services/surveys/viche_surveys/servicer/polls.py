"""PollsService."""

from typing import Any
from uuid import UUID

from viche.surveys.v1 import editing_pb2 as pb
from viche.surveys.v1 import editing_pb2_grpc

from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool
from viche_chassis.once import once
from viche_surveys import writing
from viche_surveys.result_messages import poll_message
from viche_surveys.store import polls


class PollsServicer(editing_pb2_grpc.PollsServiceServicer):
    """Counts of polls that officers wrote beside a survey."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def DeletePollResults(
        self, request: pb.DeletePollResultsRequest, context: Any
    ) -> pb.DeletePollResultsResponse:  # fmt: skip
        async def act(conn: Connection) -> pb.DeletePollResultsResponse:
            survey = await writing.covered(conn, UUID(request.survey_id))
            removed = await polls.delete(conn, survey.id, request.platform, request.poll_id)
            return pb.DeletePollResultsResponse(poll=poll_message(removed) if removed else None)

        return await once(self._pool, current_caller().person, request, pb.DeletePollResultsResponse, act)
