"""Surveys as they are answered: what they ask and of whom, kept ready in memory."""

from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading
from viche_surveys import definitions
from viche_surveys.domain.answer_errors import NotOpen
from viche_surveys.domain.errors import SurveyNotFound
from viche_surveys.domain.plan import Plan, plan
from viche_surveys.domain.survey import Settings, State, Survey
from viche_surveys.store import answered, rows
from viche_surveys.store import surveys as store

MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Live:
    """A survey at one edition, with the plan of the version that is answered then."""

    survey: Survey
    number: int
    plan: Plan

    @property
    def id(self) -> UUID:
        """Its id."""
        return self.survey.id

    @property
    def edition(self) -> int:
        """Grows with each change."""
        return self.survey.edition

    @property
    def version(self) -> int:
        """Of the definition."""
        return self.survey.version

    @property
    def settings(self) -> Settings:
        """What officers decided."""
        return self.survey.settings


class LiveSurveys:
    """Surveys by number. A kept one may be outdated: whoever writes holds its edition against the database."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: OrderedDict[int, Live] = OrderedDict()

    async def get(self, number: int) -> Live:
        """The survey with that public number, as it was lately.

        Raises:
            SurveyNotFound: there is none.
        """
        return self._kept.get(number) or await self.fresh(number)

    async def fresh(self, number: int) -> Live:
        """The survey with that public number, as it is now.

        Raises:
            SurveyNotFound: there is none.
        """
        async with reading(self._pool) as conn:
            edition = await answered.edition(conn, number)
            kept = self._kept.get(number)
            if kept is not None and kept.edition == edition:
                return kept
            return await self._load(conn, number)

    async def of_id(self, survey_id: UUID) -> Live:
        """The survey with that id, as it is now.

        Raises:
            SurveyNotFound: there is none that was ever open.
        """
        async with reading(self._pool) as conn:
            number = await answered.number(conn, survey_id)
        if number is None:
            raise SurveyNotFound()
        return await self.fresh(number)

    async def _load(self, conn: Connection, number: int) -> Live:
        survey = await rows.get_by_number(conn, number)
        text = await store.definition(conn, survey.id, survey.version) if survey else None
        if survey is None or text is None:
            raise SurveyNotFound()
        live = Live(survey, number, plan(definitions.read(text)))
        self._kept[number] = live
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return live


def check_open(live: Live, *, is_open: bool) -> None:
    """Lets a survey be answered.

    Raises:
        SurveyNotFound: it is being written.
        NotOpen: it takes no answers now.
    """
    if live.survey.state is State.DRAFT:
        raise SurveyNotFound()
    if not is_open:
        raise NotOpen()
