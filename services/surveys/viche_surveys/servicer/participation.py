"""ParticipationService: the whole form for those who draw it, and what a person has begun for that person."""

import asyncio
import json
from typing import Any

from viche.surveys.v1 import participation_pb2 as pb
from viche.surveys.v1 import participation_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_chassis.messages import timestamp
from viche_chassis.tokens import Verifier
from viche_chassis.validation import validate
from viche_surveys.begun import Keeper
from viche_surveys.drafts import Drafting, FormPage
from viche_surveys.respondents import Respondents
from viche_surveys.servicer.answer_messages import page_message, who_of
from viche_surveys.servicer.answers import new_seed
from viche_surveys.servicer.proofs import proven
from viche_surveys.store import own


class ParticipationServicer(participation_pb2_grpc.ParticipationServiceServicer):
    """Ways into answering.

    Args:
        tokens: checks scope tokens.
        keeper: opens drafts, and makes their links.
    """

    def __init__(self, pool: Pool, drafting: Drafting, tokens: Verifier, people: Respondents, keeper: Keeper) -> None:
        self._pool = pool
        self._drafting = drafting
        self._tokens = tokens
        self._people = people
        self._keeper = keeper

    async def ListAnswerPages(self, request: pb.ListAnswerPagesRequest, context: Any) -> pb.ListAnswerPagesResponse:
        validate(request.respondent)
        seed = new_seed()
        live, pages = await self._drafting.form(request.number, request.language, who_of(request.respondent), seed)

        def message(each: FormPage) -> pb.FormPage:
            page = page_message(each.view, live, seed=seed)
            return pb.FormPage(page=page, relevant=each.relevant, is_hidden=each.is_hidden)

        return pb.ListAnswerPagesResponse(pages=map(message, pages))

    async def ListMyDrafts(self, request: pb.ListMyDraftsRequest, context: Any) -> pb.ListMyDraftsResponse:
        people = await asyncio.to_thread(proven, self._tokens, self._people, request.items)
        async with reading(self._pool) as conn:
            found = await own.drafts(conn, people)
        return pb.ListMyDraftsResponse(drafts=map(self._message, found))

    def _message(self, found: own.OwnDraft) -> pb.MyDraft:
        fields = self._keeper.opened(found.id, found.answers)["fields"]
        return pb.MyDraft(
            survey_id=str(found.survey_id),
            number=found.number,
            title=found.title,
            token=self._keeper.token_of(found.id, found.survey_id),
            saved_at=timestamp(found.saved_at),
            expires_at=timestamp(found.expires_at),
            fields_json=json.dumps(fields, ensure_ascii=False),
        )
