"""PrivacyService: what is kept here of a person, for the person alone."""

import asyncio
import json
from typing import Any
from uuid import UUID

from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_chassis.sealing import Seal
from viche_chassis.tokens import Verifier
from viche_surveys.batch_writing import PRIVATE
from viche_surveys.domain.personal import joined
from viche_surveys.domain.survey import is_shown
from viche_surveys.respondents import Respondents
from viche_surveys.servicer.proofs import proven
from viche_surveys.store import own

PAGE = 1_000


class PrivacyServicer(answers_pb2_grpc.PrivacyServiceServicer):
    """Reads what belongs to whoever shows the scope tokens.

    Args:
        tokens: checks scope tokens.
        seal: of personal answers.
    """

    def __init__(self, pool: Pool, tokens: Verifier, people: Respondents, seal: Seal) -> None:
        self._pool = pool
        self._tokens = tokens
        self._people = people
        self._seal = seal

    async def ListSurveyIds(self, request: pb.ListSurveyIdsRequest, context: Any) -> pb.ListSurveyIdsResponse:
        async with reading(self._pool) as conn:
            after = UUID(request.after_id) if request.after_id else UUID(int=0)
            ids = await own.surveys_after(conn, after, PAGE)
        return pb.ListSurveyIdsResponse(survey_ids=map(str, ids))

    async def ListMyResponses(self, request: pb.ListMyResponsesRequest, context: Any) -> pb.ListMyResponsesResponse:
        people = await asyncio.to_thread(proven, self._tokens, self._people, request.items)
        async with reading(self._pool) as conn:
            found = await own.responses(conn, people)
        return pb.ListMyResponsesResponse(responses=map(self._message, found))

    def _message(self, found: own.OwnResponse) -> pb.MyResponse:
        private = json.loads(self._seal.open(found.private, PRIVATE, found.id)) if found.private else {}
        message = pb.MyResponse(
            survey_id=str(found.survey_id),
            number=found.number,
            title=found.title,
            answers_json=json.dumps(joined(found.answers, private), ensure_ascii=False),
            shows_results=is_shown(found.results, found.state),
        )
        message.submitted_at.FromDatetime(found.accepted_at)
        return message
