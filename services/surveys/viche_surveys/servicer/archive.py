"""ArchiveService: answers that were collected elsewhere."""

from typing import Any
from uuid import UUID

from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from viche_chassis import acts
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool
from viche_chassis.messages import aware
from viche_chassis.once import once
from viche_surveys.servicer.answer_messages import fault_message
from viche_surveys.taking_over import OldAnswer, TakingOver

Context = Any


class ArchiveServicer(results_pb2_grpc.ArchiveServiceServicer):
    """Answers that were collected elsewhere."""

    def __init__(self, pool: Pool, taking_over: TakingOver) -> None:
        self._pool = pool
        self._taking_over = taking_over

    async def BatchImportResponses(
        self, request: pb.BatchImportResponsesRequest, context: Context
    ) -> pb.BatchImportResponsesResponse:
        items = [
            OldAnswer(
                each.external_id, aware(each.submitted_at) if each.HasField("submitted_at") else None, each.answers_json
            )
            for each in request.items
        ]

        async def act(conn: Connection) -> pb.BatchImportResponsesResponse:
            done = await self._taking_over.take(conn, UUID(request.survey_id), request.source, items)
            acts.about(object=f"survey:{request.survey_id}")
            return pb.BatchImportResponsesResponse(
                accepted=done.accepted,
                repeated_before=done.known,
                faults=[
                    pb.ImportFault(external_id=id, faults=[fault_message(each, is_form=False) for each in found])
                    for id, found in done.faults.items()
                ],
            )

        return await once(self._pool, current_caller().person, request, pb.BatchImportResponsesResponse, act)
