"""A definition that is being written, as citizens would see it."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from viche.surveys.v1 import answers_pb2 as pb

from viche_chassis.db import Pool, reading
from viche_surveys import writing
from viche_surveys.answering import language_of
from viche_surveys.domain import paging
from viche_surveys.domain.errors import BadDefinition
from viche_surveys.domain.judging import Judged, judge
from viche_surveys.domain.paging import Move, Next
from viche_surveys.domain.plan import Plan, plan
from viche_surveys.domain.reading import Fields, read_form
from viche_surveys.domain.showing import Look, page_view
from viche_surveys.domain.values import outside_of
from viche_surveys.identity import Region
from viche_surveys.live import Live
from viche_surveys.servicer.answer_messages import field_messages, fields_of, page_message

SEED = 1
"""Every preview shows the same order."""
_MOVES = {pb.SaveAnswerPageRequest.MOVE_ADD: Move.ADD, pb.SaveAnswerPageRequest.MOVE_REMOVE: Move.REMOVE}


class Previewing:
    """Shows pages, and keeps nothing.

    Args:
        today: the day in the region.
    """

    def __init__(self, pool: Pool, region: Region, today: Callable[[], date]) -> None:
        self._pool = pool
        self._region = region
        self._today = today

    async def show(self, request: pb.PreviewPageRequest) -> pb.PreviewPageResponse:
        """The page, or the one after it.

        Raises:
            SurveyNotFound, NotYourAuthority, BadDefinition.
        """
        live = await self._live(UUID(request.survey_id))
        language = language_of(live.plan, request.language)
        fields = fields_of(request.fields)
        if request.move in _MOVES:
            fields = paging.with_instances(live.plan, fields, _MOVES[request.move], request.group)
        judged = await self._judge(live.plan, fields, language)
        index = live.plan.page_index(request.page)
        if index is None:
            index = next(iter(judged.shown.pages), 0)
        following = _following(live.plan, index, judged, goes_on=request.goes_on)
        response = pb.PreviewPageResponse(fields=field_messages(fields))
        if following.page is not None:
            visited = frozenset(each.page.name for each in live.plan.pages if _was_sent(each.names, fields))
            look = Look(language, SEED, visited, following.faults, following.has_more)
            view = page_view(live.plan, following.page, judged, look)
            response.page.CopyFrom(page_message(view, live, seed=SEED))
        return response

    async def _live(self, survey_id: UUID) -> Live:
        async with reading(self._pool) as conn:
            survey = await writing.covered(conn, survey_id)
            text = await writing.must_get_text(conn, survey)
        checked = await writing.checked(text, self._region)
        if checked.faults:
            raise BadDefinition(checked.faults)
        return Live(survey, survey.number or 0, plan(checked.definition))

    async def _judge(self, asked: Plan, fields: Fields, language: str) -> Judged:
        outside = outside_of(self._today(), await self._region.levels())
        return judge(asked, read_form(asked, fields, outside), outside.today, language)


def _following(asked: Plan, index: int, judged: Judged, *, goes_on: bool) -> Next:
    return paging.after(asked, index, judged, None) if goes_on else Next(index)


def _was_sent(names: frozenset[str], fields: Fields) -> bool:
    return any(name.partition(".")[0] in names for name in fields)
