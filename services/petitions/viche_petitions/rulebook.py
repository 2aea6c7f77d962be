"""The rules of this instance: workflows that plugins bring, and the figures that authorities set for them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.db import Connection
from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_chassis.plugins import Plugins
from viche_petitions.domain.errors import SettingsMissing, UnknownWorkflow, WorkflowNotSetUp
from viche_petitions.domain.rules import FACT_OF, missing_of
from viche_petitions.identity import Authority
from viche_petitions.store import settings as store
from viche_sdk.types import (
    Event,
    Happening,
    Reached,
    SettingProblem,
    SettingsRefused,
    Simulation,
    Situation,
    Terms,
    Workflow,
    simulate,
)

OPENS_AT = time(12)
"""When imagined petitions open and imagined events happen; only their days count."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of an authority: the workflow in force, and terms, or names of what is missing before there are any.

    A workflow that is not set up gives no terms, even one that asks for no figures.
    """

    workflow: Workflow
    is_set_up: bool
    terms: Terms | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imagined:
    """A petition to imagine: when it opens, where, under which figures, and on which days other events happen."""

    opens_on: date
    situation: Situation
    settings: Mapping[str, str]
    happenings: Mapping[Happening, date]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Workflows and the zone in which days begin and end."""

    plugins: Plugins
    zone: ZoneInfo

    def today(self) -> date:
        """The day it is where the authorities are."""
        return datetime.now(self.zone).date()

    def workflows(self) -> Mapping[str, Workflow]:
        """The workflows in force today, by name."""
        return self.plugins.workflows(self.today())

    async def workflows_in_use(self, conn: Connection) -> Mapping[str, Workflow]:
        """Those of them that an authority has set up."""
        names = await store.workflows_set_up(conn)
        return {name: workflow for name, workflow in self.workflows().items() if name in names}

    def workflow(self, name: str, on: date | None = None) -> Workflow:
        """The workflow of that name, in force on a day, by default today; the first one for an empty name.

        Raises:
            UnknownWorkflow: there is none.
        """
        workflows = self.plugins.workflows(on or self.today())
        found = workflows.get(name) if name else next(iter(workflows.values()), None)
        if found is None:
            raise UnknownWorkflow(workflow=name)
        return found

    async def settings(self, conn: Connection, authority_id: UUID, workflow: Workflow) -> Mapping[str, str]:
        """The figures that an authority has set; empty when it has set none."""
        return (await store.of_authority(conn, authority_id)).get(workflow.name, {})

    async def name_of(self, conn: Connection, authority_id: UUID, workflow: str) -> str:
        """The workflow of a new draft: the one that was asked for, or else the first that the authority has set up.

        Returns:
            its name; empty where none was asked for and none is set up, so that this is decided at the opening.

        Raises:
            UnknownWorkflow: there is none of that name.
        """
        if workflow:
            return self.workflow(workflow).name
        return next(iter(await self._set_up(conn, authority_id, self.today())), "")

    async def terms(self, conn: Connection, authority: Authority, workflow: str, on: date) -> Terms:
        """What a petition to an authority gets that opens on a day.

        Raises:
            UnknownWorkflow: there is none.
            WorkflowNotSetUp: the authority has to do that first.
            SettingsMissing: figures are missing from what it has set, or a fact about it is not known.
        """
        rules = await self.rules(conn, authority, workflow, on)
        if not rules.is_set_up:
            raise WorkflowNotSetUp(workflow=workflow)
        if rules.terms is None:
            raise SettingsMissing(workflow=rules.workflow.name, settings=", ".join(rules.missing))
        return rules.terms

    async def rules(self, conn: Connection, authority: Authority, workflow: str, on: date | None = None) -> Rules:
        """The rules of an authority for petitions that open on a day, by default today.

        Without a name they are those of the first workflow that it has set up, or else of the first that there is.

        Raises:
            UnknownWorkflow: there is none.
        """
        day = on or self.today()
        set_up = await self._set_up(conn, authority.id, day)
        found = self.workflow(workflow or next(iter(set_up), ""), day)
        is_set_up = found.name in set_up
        try:
            terms = found.terms(set_up.get(found.name, {}), authority.situation(day))
        except SettingsRefused as refused:
            return Rules(found, is_set_up, None, missing_of(refused.problems))
        return Rules(found, is_set_up, terms if is_set_up else None)

    async def _set_up(self, conn: Connection, authority_id: UUID, on: date) -> Mapping[str, Mapping[str, str]]:
        """What an authority has set, by the names of those workflows that are in force on a day."""
        known = self.plugins.workflows(on)
        return {name: given for name, given in (await store.of_authority(conn, authority_id)).items() if name in known}

    async def put_settings(
        self, conn: Connection, authority: Authority, workflow: str, settings: Mapping[str, str]
    ) -> Terms:
        """Stores the figures of an authority if they give terms.

        Raises:
            InvalidFields: they do not; a violation for each.
        """
        terms = self.check_settings(authority, workflow, settings)
        await store.put(conn, authority.id, self.workflow(workflow).name, settings)
        return terms

    def check_settings(self, authority: Authority, workflow: str, settings: Mapping[str, str]) -> Terms:
        """What figures of an authority would give.

        Raises:
            InvalidFields: no terms; a violation for each fault.
        """
        try:
            return self.workflow(workflow).terms(settings, authority.situation(self.today()))
        except SettingsRefused as refused:
            raise InvalidFields(
                *(_violation(each, f"settings.{each.setting}") for each in refused.problems)
            ) from refused

    def simulate(self, workflow: Workflow, imagined: Imagined) -> Simulation:
        """Terms and deadlines of an imagined petition.

        It runs in the thread of the service, since calendars learn the holidays of a year when they are first asked.

        Raises:
            InvalidFields: figures give no terms, an event cannot happen under this workflow, or a day lies too far off.
        """
        found = list(_unknown_events(workflow, imagined.happenings))
        if found:
            raise InvalidFields(*found)
        try:
            return simulate(
                workflow, imagined.situation, imagined.settings, opened_at=self._noon(imagined.opens_on),
                zone=self.zone, until={event: self._noon(day) for event, day in imagined.happenings.items()},
            )  # fmt: skip
        except SettingsRefused as refused:
            raise InvalidFields(*map(_of_simulation, refused.problems)) from refused
        except (OverflowError, ValueError) as beyond:  # the calendar ends with the year 9999
            raise InvalidFields(invalid("opens_on", "BAD_DATE", value=imagined.opens_on)) from beyond

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, OPENS_AT, self.zone)


def _unknown_events(workflow: Workflow, happenings: Mapping[Happening, date]) -> Iterator[FieldViolation]:
    reached = [str(Reached(threshold.name)) for threshold in workflow.thresholds]
    known = [*(str(event) for event in Event if event is not Event.OPENED), *reached]
    for event in happenings:
        if str(event) not in known:
            yield invalid(f"happenings.{event}", "UNKNOWN_VALUE", value=event, choices=", ".join(known))


def _of_simulation(problem: SettingProblem) -> FieldViolation:
    """Facts have fields of their own there."""
    return _violation(problem, FACT_OF.get(problem.reason, f"settings.{problem.setting}"))


def _violation(problem: SettingProblem, field: str) -> FieldViolation:
    return FieldViolation(field, problem.reason, {"value": problem.value, "limit": problem.limit})
