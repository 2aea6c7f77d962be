"""Writing, opening and closing surveys, each in a transaction. Whoever calls has committed nothing before."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from viche_chassis import acts, outbox
from viche_chassis.access import current_caller
from viche_chassis.db import Connection
from viche_chassis.errors import DomainError, InvalidFields, NotYourAuthority
from viche_surveys import definitions, events
from viche_surveys.domain import life
from viche_surveys.domain.checking import faults
from viche_surveys.domain.definition import Definition
from viche_surveys.domain.errors import (
    BadDefinition,
    StaleVersion,
    SurveyNotEmpty,
    SurveyNotFound,
    SurveyNotOpen,
)
from viche_surveys.domain.faults import Fault
from viche_surveys.domain.origin import FormOrigin
from viche_surveys.domain.polls import names_that_changed
from viche_surveys.domain.survey import Settings, State, Survey, summary_of
from viche_surveys.domain.territories import asks_for_levels, level_faults
from viche_surveys.identity import Region
from viche_surveys.store import locks, origins, polls, rows
from viche_surveys.store import surveys as store


class Checked(NamedTuple):
    """A definition, and what keeps it from being answered."""

    definition: Definition
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a survey; what is None stays as it is.

    Args:
        edition: of the survey that the change was made from.
        renamed: new names of questions by their former ones, as the definition has them.
    """

    edition: int
    definition: Checked | None
    settings: Settings | None
    renamed: Mapping[str, str] = field(default_factory=dict)


async def create(
    conn: Connection,
    id: UUID,
    authority_id: UUID,
    definition: Definition,
    settings: Settings,
    origin: FormOrigin | None = None,
) -> Survey:
    """Starts a draft; ``origin`` is the file that it was read from."""
    await store.insert(conn, id, authority_id, settings)
    await store.put_version(conn, id, 1, definitions.written(definition), summary_of(definition))
    if origin is not None:
        await origins.insert(conn, id, origin)
    acts.about(object=f"survey:{id}", authority_id=authority_id)
    return await must_get(conn, id)


async def update(conn: Connection, id: UUID, change: Change) -> Survey:
    """Changes a survey that is not closed.

    Raises:
        SurveyNotFound, NotYourAuthority, SurveyClosed, StaleVersion, BadDefinition, InvalidFields: it stays as it is.
    """
    survey = await held(conn, id)
    life.check_not_closed(survey)
    if survey.edition != change.edition:
        raise StaleVersion(version=survey.edition)
    settings = change.settings or survey.settings
    is_answered = survey.version in (answers := await store.count_answers(conn, id))
    violations = life.change_violations(survey, settings, await store.now(conn), is_answered=bool(answers))
    if found := list(violations):
        raise InvalidFields(*found)
    version = survey.version
    if change.definition is not None:
        version = await _redefine(conn, survey, change.definition, is_answered=is_answered)
        await polls.rename(conn, id, names_that_changed(change.definition.definition, change.renamed))
    await store.change(conn, id, version, settings)
    return await must_get(conn, id)


async def _redefine(conn: Connection, survey: Survey, change: Checked, *, is_answered: bool) -> int:
    """Puts a definition there. One that was answered stays, and so does one that people may have before them.

    Returns:
        its version.
    """
    wanted = change.definition
    if wanted == await must_get_definition(conn, survey):
        return survey.version
    if survey.state is not State.DRAFT:
        _refuse(change.faults)
        await store.put_quotas(conn, survey.id, wanted.quotas)
    version = survey.version + (is_answered or survey.state is State.OPEN)
    await store.put_version(conn, survey.id, version, definitions.written(wanted), summary_of(wanted))
    return version


async def open_(conn: Connection, id: UUID, region: Region) -> Survey:
    """Opens a draft, or lets it wait for its time.

    Raises:
        SurveyNotFound, NotYourAuthority, SurveyClosed, BadDefinition, ClosesTooSoon: it stays as it is.
    """
    await locks.hold(conn, locks.NUMBERS)
    survey = await held(conn, id)
    life.check_not_closed(survey)
    if survey.state is State.DRAFT:
        found = await checked(await must_get_text(conn, survey), region)
        _refuse(found.faults)
        await store.put_quotas(conn, id, found.definition.quotas)
        await _begin(conn, survey)
    return await must_get(conn, id)


async def _begin(conn: Connection, survey: Survey) -> None:
    at = await store.now(conn)
    number = survey.number or await store.next_number(conn)
    if life.opens_now(survey.settings, at):
        await store.open_(conn, survey.id, number, at)
        await outbox.add(conn, events.opened(await must_get(conn, survey.id)))
    else:
        await store.schedule(conn, survey.id, number)


async def close(conn: Connection, id: UUID) -> Survey:
    """Closes an open survey. One that waits for its time becomes a draft again.

    Raises:
        SurveyNotFound, NotYourAuthority, SurveyNotOpen: it stays as it is.
    """
    survey = await held(conn, id)
    match survey.state:
        case State.DRAFT:
            raise SurveyNotOpen()
        case State.SCHEDULED:
            await store.take_back(conn, id)
        case State.OPEN:
            await _end(conn, survey)
        case State.CLOSED:
            pass
    return await must_get(conn, id)


async def _end(conn: Connection, survey: Survey) -> None:
    await store.close(conn, survey.id, await store.now(conn))
    await outbox.add(conn, events.closed(survey))


async def delete(conn: Connection, id: UUID) -> None:
    """Throws a draft away.

    Raises:
        SurveyNotFound, NotYourAuthority: it stays.
        SurveyNotEmpty: it was opened, or has answers.
    """
    survey = await held(conn, id)
    if survey.state is not State.DRAFT or await store.count_answers(conn, id):
        raise SurveyNotEmpty()
    await store.delete(conn, id)


async def keep_time(conn: Connection, id: UUID) -> bool:
    """Opens or closes a survey whose time has come.

    Returns:
        whether it did.
    """
    await locks.hold_survey(conn, id)
    survey, at = await rows.get(conn, id), await store.now(conn)
    if survey is None or survey.number is None:
        return False
    if survey.state is State.SCHEDULED and survey.settings.opens_at and survey.settings.opens_at <= at:
        await store.open_(conn, id, survey.number, at)
        await outbox.add(conn, events.opened(survey))
        return True
    if survey.state is State.OPEN and not life.takes_answers(survey, at):
        await _end(conn, survey)
        return True
    return False


def check_settings(settings: Settings, territories: Collection[str]) -> None:
    """Refuses settings that no survey can have.

    Raises:
        InvalidFields: with all that is wrong.
    """
    if found := list(life.setting_violations(settings, territories)):
        raise InvalidFields(*found)


async def checked(text: str, region: Region) -> Checked:
    """The definition in a JSON text, looked at beside the requests: long ones take seconds.

    While the codifier is not known, levels of territories are taken as they are written.

    Raises:
        BadDefinition: there is none in it.
    """
    found = await asyncio.to_thread(_checked, text)
    if not asks_for_levels(found.definition):
        return found
    try:
        levels = await region.levels()
    except DomainError:
        return found
    return Checked(found.definition, [*found.faults, *level_faults(found.definition, levels)])


def _checked(text: str) -> Checked:
    definition = definitions.read(text)
    return Checked(definition, faults(definition))


def _refuse(found: Sequence[Fault]) -> None:
    if found:
        raise BadDefinition(found)


def check_covered(authority_id: UUID) -> None:
    """Lets an officer act for an authority; the command line beside the services may act for all.

    Raises:
        NotYourAuthority: the officer's roles do not cover it.
    """
    caller = current_caller()
    if caller.person is not None and str(authority_id) not in caller.person.authorities(caller.roles):
        raise NotYourAuthority()


async def covered(conn: Connection, id: UUID) -> Survey:
    """A survey, for those who may act for its authority.

    Raises:
        SurveyNotFound, NotYourAuthority: they see none.
    """
    survey = await must_get(conn, id)
    check_covered(survey.authority_id)
    acts.about(object=f"survey:{id}", authority_id=survey.authority_id)
    return survey


async def held(conn: Connection, id: UUID) -> Survey:
    """The same, held until the end of the transaction against all who answer or change it."""
    await locks.hold_survey(conn, id)
    return await covered(conn, id)


async def must_get(conn: Connection, id: UUID) -> Survey:
    """The survey with that id.

    Raises:
        SurveyNotFound: there is none.
    """
    found = await rows.get(conn, id)
    if found is None:
        raise SurveyNotFound()
    return found


async def must_get_text(conn: Connection, survey: Survey, version: int = 0) -> str:
    """The definition of a version of a survey as JSON; 0 is the one that is answered now.

    Raises:
        SurveyNotFound: it has no such version.
    """
    text = await store.definition(conn, survey.id, version or survey.version)
    if text is None:
        raise SurveyNotFound()
    return text


async def must_get_definition(conn: Connection, survey: Survey, version: int = 0) -> Definition:
    """The same, read.

    Raises:
        SurveyNotFound: it has no such version.
    """
    return definitions.read(await must_get_text(conn, survey, version))
