"""SurveysService."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc

from viche_chassis import pages
from viche_chassis.access import covered_authorities, current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.once import once
from viche_surveys import definitions, writing
from viche_surveys.domain.errors import SurveyNotFound
from viche_surveys.domain.survey import Settings, State, Survey
from viche_surveys.identity import Region
from viche_surveys.ready import ready_surveys
from viche_surveys.servicer.convert import (
    fault_messages,
    origin_message,
    read_origin,
    read_settings,
    read_state,
    settings_message,
    survey_message,
)
from viche_surveys.store import listing, origins, rows
from viche_surveys.store import surveys as store

PAGE, MOST = 50, 100
Context = Any


class SurveysServicer(surveys_pb2_grpc.SurveysServiceServicer):
    """Surveys and what happens to them.

    Args:
        wake: called after a commit that left something in the outbox.
    """

    def __init__(self, pool: Pool, region: Region, wake: Callable[[], None]) -> None:
        self._pool = pool
        self._region = region
        self._wake = wake

    async def CreateSurvey(self, request: pb.CreateSurveyRequest, context: Context) -> pb.CreateSurveyResponse:
        authority_id = UUID(request.authority_id)
        writing.check_covered(authority_id)
        await self._region.check_authority(authority_id)
        definition, found = await writing.checked(request.definition_json, self._region)
        settings = await self._settings(request.settings) if request.HasField("settings") else Settings()
        origin = read_origin(request.origin) if request.HasField("origin") else None

        async def act(conn: Connection) -> pb.CreateSurveyResponse:
            made = await writing.create(conn, new_id(), authority_id, definition, settings, origin)
            return pb.CreateSurveyResponse(survey=survey_message(made), faults=fault_messages(found))

        return await once(self._pool, current_caller().person, request, pb.CreateSurveyResponse, act)

    async def UpdateSurvey(self, request: pb.UpdateSurveyRequest, context: Context) -> pb.UpdateSurveyResponse:
        survey_id = UUID(request.survey_id)
        wanted = await writing.checked(request.definition_json, self._region) if request.definition_json else None
        settings = await self._wanted(request, survey_id)

        async def act(conn: Connection) -> pb.UpdateSurveyResponse:
            change = writing.Change(request.edition, wanted, settings, dict(request.renamed))
            changed = await writing.update(conn, survey_id, change)
            found = wanted or await writing.checked(await writing.must_get_text(conn, changed), self._region)
            return pb.UpdateSurveyResponse(
                survey=survey_message(changed), faults=fault_messages(found.faults), edition=changed.edition
            )

        return await once(self._pool, current_caller().person, request, pb.UpdateSurveyResponse, act)

    async def GetSurvey(self, request: pb.GetSurveyRequest, context: Context) -> pb.GetSurveyResponse:
        async with reading(self._pool) as conn:
            survey = await writing.covered(conn, UUID(request.survey_id))
            text = await writing.must_get_text(conn, survey, request.version)
            answers = await store.count_answers(conn, survey.id)
            drafts = await store.count_drafts(conn, survey.id)
            origin = await origins.get(conn, survey.id)
        found = await writing.checked(text, self._region)
        return pb.GetSurveyResponse(
            survey=survey_message(survey), definition_json=definitions.written(found.definition),
            faults=fault_messages(found.faults), edition=survey.edition, responses=sum(answers.values()),
            drafts=drafts, is_answered=survey.version in answers,
            origin=origin_message(origin) if origin else None,
        )  # fmt: skip

    async def ListOfficeSurveys(
        self, request: pb.ListOfficeSurveysRequest, context: Context
    ) -> pb.ListOfficeSurveysResponse:
        authorities = [UUID(each) for each in covered_authorities()]
        size = pages.page_size(request.page_size, PAGE, MOST)
        after = _after(request.page_token, "office")
        async with reading(self._pool) as conn:
            found = await listing.of_office(conn, authorities, read_state(request.state), after, size + 1)
        token = _token("office", found[size - 1], found[size - 1].updated_at) if len(found) > size else ""
        return pb.ListOfficeSurveysResponse(surveys=map(survey_message, found[:size]), next_page_token=token)

    async def GetPublicSurvey(self, request: pb.GetPublicSurveyRequest, context: Context) -> pb.GetPublicSurveyResponse:
        async with reading(self._pool) as conn:
            found = await _find(conn, request)
        if found is None or found.state is State.DRAFT:
            raise SurveyNotFound()
        return pb.GetPublicSurveyResponse(survey=survey_message(found))

    async def ListSurveys(self, request: pb.ListSurveysRequest, context: Context) -> pb.ListSurveysResponse:
        size = pages.page_size(request.page_size, PAGE, MOST)
        authorities = [_uuid("authority_ids", each) for each in request.authority_ids]
        state = read_state(request.state)
        if state in (State.DRAFT, State.SCHEDULED):
            raise InvalidFields(invalid("state", "UNKNOWN_VALUE", choices="open, closed"))
        async with reading(self._pool) as conn:
            found = await self._listed(conn, request.page_token, state, authorities, size + 1)
        return pb.ListSurveysResponse(
            surveys=map(survey_message, found[:size]),
            next_page_token=_public_token(found[size - 1]) if len(found) > size else "",
        )

    async def _listed(
        self, conn: Connection, token: str, state: State | None, authorities: Sequence[UUID], limit: int
    ) -> list[Survey]:
        """Open surveys, and closed ones after them."""
        is_among_closed = bool(token) and _kind(token) == State.CLOSED
        found: list[Survey] = []
        if state is not State.CLOSED and not is_among_closed:
            found = await listing.open_(conn, authorities, _after(token, State.OPEN), limit)
        if state is not State.OPEN and len(found) < limit:
            after = _after(token, State.CLOSED) if is_among_closed else None
            found += await listing.closed(conn, authorities, after, limit - len(found))
        return found

    async def OpenSurvey(self, request: pb.OpenSurveyRequest, context: Context) -> pb.OpenSurveyResponse:
        async def act(conn: Connection) -> pb.OpenSurveyResponse:
            opened = await writing.open_(conn, UUID(request.survey_id), self._region)
            return pb.OpenSurveyResponse(survey=survey_message(opened))

        return await once(self._pool, current_caller().person, request, pb.OpenSurveyResponse, act, self._wake)

    async def CloseSurvey(self, request: pb.CloseSurveyRequest, context: Context) -> pb.CloseSurveyResponse:
        async def act(conn: Connection) -> pb.CloseSurveyResponse:
            return pb.CloseSurveyResponse(survey=survey_message(await writing.close(conn, UUID(request.survey_id))))

        return await once(self._pool, current_caller().person, request, pb.CloseSurveyResponse, act, self._wake)

    async def DeleteSurvey(self, request: pb.DeleteSurveyRequest, context: Context) -> pb.DeleteSurveyResponse:
        async def act(conn: Connection) -> pb.DeleteSurveyResponse:
            await writing.delete(conn, UUID(request.survey_id))
            return pb.DeleteSurveyResponse()

        return await once(self._pool, current_caller().person, request, pb.DeleteSurveyResponse, act)

    async def CheckDefinition(self, request: pb.CheckDefinitionRequest, context: Context) -> pb.CheckDefinitionResponse:
        found = await writing.checked(request.definition_json, self._region)
        return pb.CheckDefinitionResponse(faults=fault_messages(found.faults))

    async def ListReadySurveys(
        self, request: pb.ListReadySurveysRequest, context: Context
    ) -> pb.ListReadySurveysResponse:
        return pb.ListReadySurveysResponse(
            surveys=[
                pb.ReadySurvey(
                    name=each.name,
                    definition_json=definitions.written(each.definition),
                    purpose=dict(each.purpose),
                    settings=settings_message(each.settings),
                )
                for each in ready_surveys().values()
            ]
        )

    async def _wanted(self, request: pb.UpdateSurveyRequest, survey_id: UUID) -> Settings | None:
        """The settings of a change; what they do not specify is as it is now, which the edition holds them to."""
        if not request.HasField("settings"):
            return None
        async with reading(self._pool) as conn:
            former = (await writing.covered(conn, survey_id)).settings
        return await self._settings(request.settings, former)

    async def _settings(self, message: pb.SurveySettings, former: Settings | None = None) -> Settings:
        settings = read_settings(message, former)
        territories = await self._region.territories() if settings.territory_code else ()
        writing.check_settings(settings, territories)
        return settings


async def _find(conn: Connection, request: pb.GetPublicSurveyRequest) -> Survey | None:
    if request.number:
        return await rows.get_by_number(conn, request.number)
    if request.survey_id:
        return await rows.get(conn, UUID(request.survey_id))
    raise InvalidFields(invalid("number", "REQUIRED"))


def _token(kind: str, last: Survey, at: datetime | None) -> str:
    return pages.page_token(kind, (at or listing.NEVER).isoformat(), last.id)


def _public_token(last: Survey) -> str:
    at = last.closed_at if last.state is State.CLOSED else last.settings.closes_at
    return _token(last.state, last, at)


def _kind(token: str) -> str:
    read = pages.read_page_token(token, (str, str, str))
    assert read is not None  # the token is not empty
    return read[0]


def _after(token: str, kind: str) -> listing.After | None:
    def exactly(value: object) -> object:
        if value != kind:
            raise ValueError(f"a token of another list, not {kind}")
        return value

    read = pages.read_page_token(token, (exactly, datetime.fromisoformat, UUID))
    return (read[1], read[2]) if read else None


def _uuid(field: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidFields(invalid(field, "NOT_A_UUID")) from error
