"""Writing, opening and closing petitions, each in a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis import outbox
from viche_chassis.db import Connection
from viche_chassis.errors import FieldViolation, InvalidFields, NotYourAuthority
from viche_chassis.plugins import Plugins
from viche_petitions import events
from viche_petitions.domain.drafts import Draft, check_draft, check_number_of_drafts
from viche_petitions.domain.errors import (
    NotADraft,
    NotSubmitted,
    PetitionNotFound,
    SettingsMissing,
    StaleVersion,
    UnknownWorkflow,
)
from viche_petitions.domain.petition import Petition, State
from viche_petitions.store import drafts as store
from viche_petitions.store import locks, rows
from viche_petitions.store import settings as settings_store
from viche_petitions.words import Words
from viche_sdk.types import SettingsRefused, Situation, Terms, Workflow


@dataclass(frozen=True, slots=True)
class Writing:
    """Rules and places of this instance that writing needs."""

    plugins: Plugins
    words: Words
    zone: ZoneInfo
    rate_factor: float

    def workflows(self) -> Mapping[str, Workflow]:
        """The workflows in force today, by name."""
        return self.plugins.workflows(datetime.now(self.zone).date())

    def workflow(self, name: str, on: date | None = None) -> Workflow:
        """The workflow of that name, in force on a day, by default today; the first one for an empty name.

        Raises:
            UnknownWorkflow: there is none.
        """
        workflows = self.plugins.workflows(on) if on else self.workflows()
        found = workflows.get(name) if name else next(iter(workflows.values()), None)
        if found is None:
            raise UnknownWorkflow(workflow=name)
        return found

    async def create(self, conn: Connection, id: UUID, author: bytes, workflow: str, draft: Draft) -> Petition:
        """Starts a draft of ``author``."""
        check_draft(draft)
        await locks.hold(conn, locks.key_of(author))
        check_number_of_drafts(*await store.count(conn, author), self.rate_factor)
        await store.insert(conn, id, author, self.workflow(workflow).name, draft, searchable(self.words, draft))
        return await must_get(conn, id)

    async def update(self, conn: Connection, id: UUID, author: bytes, version: int, draft: Draft) -> Petition:
        """Replaces the texts of a draft of ``author``."""
        found = await rows.get(conn, id)
        if found is None or found.author != author:  # a draft of somebody else is as good as none
            raise PetitionNotFound()
        if found.state != State.DRAFT:
            raise NotADraft()
        check_draft(draft)
        if not await store.update(conn, id, version, draft, searchable(self.words, draft)):
            raise StaleVersion(version=found.version)
        return await must_get(conn, id)

    async def open(self, conn: Connection, id: UUID, covered: frozenset[str], territory_code: str) -> Petition:
        """Opens what was handed in, under the terms of now."""
        await locks.hold(conn, locks.NUMBERS)
        found = await must_get(conn, id)
        check_covered(found, covered)
        if found.state != State.SUBMITTED or found.authority_id is None:
            raise NotSubmitted()
        opened_at = await store.now(conn)
        situation = Situation(territory_code, opened_on=opened_at.astimezone(self.zone).date())
        terms = await self.terms(conn, found.authority_id, found.workflow, situation)
        number = await store.next_number(conn)
        ends_at = terms.closes_at(opened_at, self.zone)
        if not await store.open_(conn, id, number, terms.to_json(), opened_at, ends_at):
            raise NotSubmitted()
        await outbox.add(conn, events.opened(id, number))
        return await must_get(conn, id)

    async def terms(self, conn: Connection, authority_id: UUID, workflow: str, situation: Situation) -> Terms:
        """What a petition to an authority gets that opens in this situation.

        Raises:
            SettingsMissing: the authority has to set figures first.
        """
        settings = await settings_store.get(conn, authority_id, workflow)
        try:
            return self.workflow(workflow, situation.opened_on).terms(settings, situation)
        except SettingsRefused as refused:
            names = ", ".join(problem.setting for problem in refused.problems)
            raise SettingsMissing(workflow=workflow, settings=names) from refused

    async def put_settings(
        self, conn: Connection, authority_id: UUID, workflow: str, settings: Mapping[str, str], territory_code: str
    ) -> Terms:
        """Stores the figures of an authority if they give terms.

        Raises:
            InvalidFields: they do not; a violation for each.
        """
        chosen = self.workflow(workflow)
        try:
            terms = chosen.terms(settings, Situation(territory_code))
        except SettingsRefused as refused:
            raise InvalidFields(
                *(
                    FieldViolation(f"settings.{each.setting}", each.reason, {"value": each.value, "limit": each.limit})
                    for each in refused.problems
                )
            ) from refused
        await settings_store.put(conn, authority_id, chosen.name, settings)
        return terms


def searchable(words: Words, draft: Draft) -> str:
    """The words of a draft, those of the title weighing most."""
    return words.vector(draft.language, ("A", draft.title), ("B", draft.background), ("C", draft.details))


def check_covered(petition: Petition, covered: frozenset[str]) -> None:
    """Lets an officer act for the petition's authority.

    Raises:
        NotYourAuthority: the officer's roles do not cover it.
    """
    if str(petition.authority_id) not in covered:
        raise NotYourAuthority()


async def must_get(conn: Connection, id: UUID) -> Petition:
    """The petition with that id.

    Raises:
        PetitionNotFound: there is none.
    """
    found = await rows.get(conn, id)
    if found is None:
        raise PetitionNotFound()
    return found
