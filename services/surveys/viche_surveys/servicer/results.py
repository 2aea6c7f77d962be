"""ResultsService: numbers for everybody, for officers and for partners."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from viche_chassis import acts, pages
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.messages import aware, timestamp
from viche_chassis.objects import ObjectNotFound
from viche_chassis.once import once
from viche_surveys import definitions, publishing, writing
from viche_surveys.crosstabs import Crosstabs
from viche_surveys.domain import polls
from viche_surveys.domain.anonymity import WITHHELD
from viche_surveys.domain.definition import Kind, Question
from viche_surveys.domain.errors import NoSnapshot, ResultsNotPublic, SurveyNotFound
from viche_surveys.domain.survey import State, Survey, Visibility
from viche_surveys.servicer.crosstab_messages import crosstab_message, read_wanted
from viche_surveys.store import polls as poll_store
from viche_surveys.store import publications, rows, snapshots, surveys, texts

MOST_SURVEYS = 500
TEXTS, MOST_TEXTS = 50, 200
KEPT_DEFINITIONS = 32
Context = Any
_read_definition = lru_cache(KEPT_DEFINITIONS)(definitions.read)
"""Of surveys that tables are made of now: one table is asked for after another, and reading takes milliseconds."""


class ResultsServicer(results_pb2_grpc.ResultsServiceServicer):
    """Numbers."""

    def __init__(self, pool: Pool, crosstabs: Crosstabs) -> None:
        self._pool = pool
        self._crosstabs = crosstabs

    async def GetResults(self, request: pb.GetResultsRequest, context: Context) -> pb.GetResultsResponse:
        async with reading(self._pool) as conn:
            survey = await rows.get_by_number(conn, request.number)
            if survey is None or survey.state in (State.DRAFT, State.SCHEDULED):
                raise SurveyNotFound()
            _check_public(survey)
            return pb.GetResultsResponse(results=await publishing.published(conn, survey))

    async def GetOfficeResults(
        self, request: pb.GetOfficeResultsRequest, context: Context
    ) -> pb.GetOfficeResultsResponse:
        partner_id = UUID(request.partner_id) if request.partner_id else None
        async with reading(self._pool) as conn:
            survey = await writing.covered(conn, UUID(request.survey_id))
            numbers = await publishing.for_officers(conn, survey, partner_id)
        return pb.GetOfficeResultsResponse(results=numbers)

    async def GetCrosstab(self, request: pb.GetCrosstabRequest, context: Context) -> pb.GetCrosstabResponse:
        async with reading(self._pool) as conn:
            found = await snapshots.countable(conn, UUID(request.survey_id))
        if found is None:
            raise SurveyNotFound()
        writing.check_covered(found.authority_id)
        snapshot, wanted = found.snapshot, read_wanted(request, _read_definition(found.definition))
        if snapshot is None or not snapshot.parts:
            raise NoSnapshot()
        try:
            return crosstab_message(await self._crosstabs.table(snapshot, wanted), wanted, snapshot)
        except ObjectNotFound:
            async with reading(self._pool) as conn:
                await snapshots.forget(conn, snapshot.survey_id, snapshot.taken_at)
            raise NoSnapshot() from None

    async def GetPartnerTotals(
        self, request: pb.GetPartnerTotalsRequest, context: Context
    ) -> pb.GetPartnerTotalsResponse:
        async with reading(self._pool) as conn:
            totals = await publications.of_partner(conn, UUID(request.partner_id), MOST_SURVEYS)
            found = [(await writing.must_get(conn, each.survey_id), each) for each in totals]
        return pb.GetPartnerTotalsResponse(
            totals=[
                pb.PartnerTotal(
                    survey_id=str(survey.id), number=survey.number or 0, title=survey.summary.title,
                    responses=WITHHELD if total.responses is None else total.responses,
                )
                for survey, total in found
            ]
        )  # fmt: skip

    async def ListTextAnswers(self, request: pb.ListTextAnswersRequest, context: Context) -> pb.ListTextAnswersResponse:
        size = pages.page_size(request.page_size, TEXTS, MOST_TEXTS)
        before = pages.read_page_token(request.page_token, (UUID,))
        async with reading(self._pool) as conn:
            survey = await writing.covered(conn, UUID(request.survey_id))
            definition = await writing.must_get_definition(conn, survey)
            _check_text(definition.question(request.question), request.question)
            found = await texts.page(conn, survey.id, request.question, before[0] if before else None, size + 1)
        return pb.ListTextAnswersResponse(
            answers=[
                pb.TextAnswer(
                    response_id=str(each.response_id), text=each.text, submitted_at=timestamp(each.submitted_at)
                )
                for each in found[:size]
            ],
            next_page_token=pages.page_token(found[size - 1].response_id) if len(found) > size else "",
        )

    async def ImportPollResults(
        self, request: pb.ImportPollResultsRequest, context: Context
    ) -> pb.ImportPollResultsResponse:
        poll = _read_poll(request.poll)

        async def act(conn: Connection) -> pb.ImportPollResultsResponse:
            survey = await writing.covered(conn, UUID(request.survey_id))
            definition = await writing.must_get_definition(conn, survey)
            found = list(polls.faults(poll, definition, await surveys.now(conn)))
            if found:
                raise InvalidFields(*(invalid(each.field, each.reason, **each.values) for each in found))
            await poll_store.put(conn, survey.id, poll, corrects=request.corrects)
            acts.about(object=f"survey:{survey.id}", authority_id=survey.authority_id)
            return pb.ImportPollResultsResponse()

        return await once(self._pool, current_caller().person, request, pb.ImportPollResultsResponse, act)


def _check_text(question: Question | None, name: str) -> None:
    """Lets texts of a question be read.

    Raises:
        InvalidFields: there is no such question, or its texts are personal or none.
    """
    if question is None or question.kind is not Kind.TEXT or question.is_personal:
        raise InvalidFields(invalid("question", "UNKNOWN_QUESTION", value=name[:60]))


def _read_poll(message: pb.PollResults) -> polls.Poll:
    options = tuple(polls.PollOption(each.text, each.code, each.votes) for each in message.options)
    if not message.HasField("taken_at"):
        raise InvalidFields(invalid("poll.taken_at", "REQUIRED"))
    return polls.Poll(
        message.platform, message.poll_id, message.url, message.question, aware(message.taken_at), options,
        message.voters,
    )  # fmt: skip


def _check_public(survey: Survey) -> None:
    """Lets everybody see results.

    Raises:
        ResultsNotPublic: not yet, or never.
    """
    visibility = survey.settings.results
    if visibility is Visibility.NEVER or (visibility is Visibility.CLOSED and survey.state is not State.CLOSED):
        raise ResultsNotPublic(when=visibility.value)
