"""ResultsService: numbers for everybody, for officers and for partners."""

from typing import Any
from uuid import UUID

from viche.surveys.v1 import results_pb2 as pb
from viche.surveys.v1 import results_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_surveys import publishing, writing
from viche_surveys.domain.anonymity import WITHHELD
from viche_surveys.domain.errors import ResultsNotPublic, SurveyNotFound
from viche_surveys.domain.survey import State, Survey, Visibility
from viche_surveys.store import publications, rows

MOST_SURVEYS = 500
Context = Any


class ResultsServicer(results_pb2_grpc.ResultsServiceServicer):
    """Numbers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

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
            numbers = await publishing.gathered(conn, survey, partner_id=partner_id)
        return pb.GetOfficeResultsResponse(results=numbers)

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


def _check_public(survey: Survey) -> None:
    """Lets everybody see results.

    Raises:
        ResultsNotPublic: not yet, or never.
    """
    visibility = survey.settings.results
    if visibility is Visibility.NEVER or (visibility is Visibility.CLOSED and survey.state is not State.CLOSED):
        raise ResultsNotPublic(when=visibility.value)
