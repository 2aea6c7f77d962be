"""Surveys from draft to closing, as officers and citizens see them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from viche.surveys.v1 import audit_pb2, audit_pb2_grpc, events_pb2
from viche.surveys.v1 import surveys_pb2 as pb

from tests.integration.surveys.world import CITY, CLI, GATEWAY, OFFICER, ROADS, VILLAGE, World, person, request_id
from viche_chassis.errors import DomainError
from viche_surveys.definitions import read, written
from viche_surveys.domain.definition import Kind, Page, Question, Quota


def at(days: float) -> Timestamp:
    """So many days from now."""
    stamp = Timestamp()
    stamp.FromDatetime(datetime.now(UTC) + timedelta(days=days))
    return stamp


def violations(error: pytest.ExceptionInfo[DomainError]) -> set[tuple[str, str]]:
    """Fields and reasons of a refusal."""
    return {(each.field, each.reason) for each in error.value.__cause__.violations}  # pyright: ignore


async def public(world: World, **request: Any) -> pb.Survey:
    return (await world.on(GATEWAY).GetPublicSurvey(pb.GetPublicSurveyRequest(**request))).survey


async def listed(world: World, **request: Any) -> list[int]:
    """Numbers of all pages of the public list."""
    found: list[int] = []
    asked = pb.ListSurveysRequest(page_size=2, **request)
    while True:
        answer = await world.on(GATEWAY).ListSurveys(asked)
        found += [each.number for each in answer.surveys]
        if not answer.next_page_token:
            return found
        asked.page_token = answer.next_page_token


async def test_a_survey_is_written_opened_and_closed(world: World) -> None:
    made = await world.draft()
    assert (made.state, made.number, made.version) == (pb.SURVEY_STATE_DRAFT, 0, 1)
    assert (dict(made.title), list(made.languages), made.questions, made.pages) == (
        {"uk": "Дороги", "en": "Roads"}, ["uk", "en"], 3, 1,
    )  # fmt: skip
    opened = await world.reopen(made.id)
    assert (opened.state, opened.number) == (pb.SURVEY_STATE_OPEN, 1)
    assert (await public(world, number=1)).id == made.id
    closed = await world.close(made.id)
    assert closed.state == pb.SURVEY_STATE_CLOSED
    assert closed.opened_at.seconds <= closed.closed_at.seconds
    assert [each.survey_id for each in await world.events(events_pb2.SurveyOpened)] == [made.id]
    assert [(each.survey_id, each.number) for each in await world.events(events_pb2.SurveyClosed)] == [(made.id, 1)]


async def test_defaults_are_those_of_the_contract(world: World) -> None:
    request = pb.CreateSurveyRequest(
        request_id=request_id(), authority_id=str(CITY), definition_json=written(ROADS)
    )  # fmt: skip
    settings = (await world.on().CreateSurvey(request)).survey.settings
    assert (settings.admission, settings.results, settings.k) == (
        pb.ADMISSION_OPEN, pb.RESULTS_VISIBILITY_LIVE, 10,
    )  # fmt: skip
    assert settings.is_listed
    assert settings.needs_human_check
    assert not settings.HasField("opens_at")


async def test_the_same_request_makes_one_survey(world: World) -> None:
    request = pb.CreateSurveyRequest(
        request_id=request_id(), authority_id=str(CITY), definition_json=written(ROADS)
    )  # fmt: skip
    first, second = await asyncio.gather(*(world.on().CreateSurvey(request) for _ in range(2)))
    assert first == second
    assert await world.rows("SELECT count(*) FROM surveys") == [(1,)]
    request.definition_json = written(replace(ROADS, quotas=(Quota(name="q", condition="true", limit=1),)))
    with pytest.raises(DomainError, match="REQUEST_MISMATCH"):
        await world.on().CreateSurvey(request)


async def test_opening_and_closing_again_change_nothing(world: World) -> None:
    survey = await world.open()
    assert await world.reopen(survey.id) == survey
    closed = await world.close(survey.id)
    assert await world.close(survey.id) == closed
    with pytest.raises(DomainError, match="SURVEY_CLOSED"):
        await world.reopen(survey.id)
    assert len(await world.events(events_pb2.SurveyClosed)) == 1


async def test_a_survey_opened_and_closed_at_once_is_one_of_both(world: World) -> None:
    survey = await world.draft()
    await asyncio.gather(*(world.reopen(survey.id) for _ in range(8)))
    assert len(await world.events(events_pb2.SurveyOpened)) == 1
    await asyncio.gather(*(world.close(survey.id) for _ in range(8)), world.surveys.timekeeper.look())
    assert len(await world.events(events_pb2.SurveyClosed)) == 1


async def test_numbers_are_given_once(world: World) -> None:
    drafts = [await world.draft() for _ in range(5)]
    opened = await asyncio.gather(*(world.reopen(each.id) for each in drafts))
    assert sorted(each.number for each in opened) == [1, 2, 3, 4, 5]


async def test_only_those_of_the_authority_act_for_it(world: World) -> None:
    survey = await world.draft()
    stranger = person("stranger", at=VILLAGE)
    calls = (
        ("CreateSurvey", pb.CreateSurveyRequest(
            request_id=request_id(), authority_id=str(CITY), definition_json=written(ROADS))),
        ("UpdateSurvey", pb.UpdateSurveyRequest(request_id=request_id(), survey_id=survey.id, edition=1)),
        ("GetSurvey", pb.GetSurveyRequest(survey_id=survey.id)),
        ("OpenSurvey", pb.OpenSurveyRequest(request_id=request_id(), survey_id=survey.id)),
        ("CloseSurvey", pb.CloseSurveyRequest(request_id=request_id(), survey_id=survey.id)),
        ("DeleteSurvey", pb.DeleteSurveyRequest(request_id=request_id(), survey_id=survey.id)),
    )  # fmt: skip
    for name, request in calls:
        with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
            await getattr(world.on(stranger), name)(request)
    assert (await world.get(survey.id)).edition == 1


async def test_the_command_line_writes_for_an_authority_that_there_is(world: World) -> None:
    assert (await world.draft(caller=CLI, at=VILLAGE)).authority_id == str(VILLAGE)
    with pytest.raises(DomainError, match="UNKNOWN_AUTHORITY"):
        await world.draft(caller=CLI, at=UUID(int=7))


async def test_a_survey_that_nobody_knows_is_not_found(world: World) -> None:
    draft = await world.draft()
    for request in ({"number": 7}, {"survey_id": draft.id}, {"survey_id": request_id()}):
        with pytest.raises(DomainError, match="SURVEY_NOT_FOUND"):
            await public(world, **request)
    with pytest.raises(DomainError, match="SURVEY_NOT_FOUND"):
        await world.get(draft.id, version=2)


@pytest.mark.parametrize(
    ("settings", "field", "reason"),
    [
        ({"k": 4}, "settings.k", "OUT_OF_RANGE"),
        ({"k": -1}, "settings.k", "OUT_OF_RANGE"),
        ({"admission": pb.ADMISSION_PERSON, "assurance": "sure"}, "settings.assurance", "UNKNOWN_VALUE"),
        ({"admission": pb.ADMISSION_PERSON, "territory_code": "X"}, "settings.territory_code", "UNKNOWN_TERRITORY"),
        ({"opens_at": at(2), "closes_at": at(1)}, "settings.closes_at", "CLOSES_TOO_SOON"),
    ],
)
async def test_settings_that_make_no_sense_are_refused(
    world: World, settings: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(DomainError) as error:
        await world.draft(**settings)
    assert violations(error) == {(field, reason)}
    assert await world.rows("SELECT count(*) FROM surveys") == [(0,)]


async def test_what_is_asked_of_persons_is_dropped_where_nobody_signs_in(world: World) -> None:
    kept = await world.draft(admission=pb.ADMISSION_PERSON, assurance="high", territory_code="UA05")
    assert (kept.settings.assurance, kept.settings.territory_code) == ("high", "UA05")
    dropped = await world.draft(admission=pb.ADMISSION_OPEN, assurance="high", territory_code="UA05")
    assert (dropped.settings.assurance, dropped.settings.territory_code) == ("", "")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "viche-survey/2"}', "NaN", "[" * 100_000, '{"format": 1e999}']
)
async def test_what_is_no_definition_is_refused(world: World, text: str) -> None:
    request = pb.CreateSurveyRequest(request_id=request_id(), authority_id=str(CITY), definition_json=text)
    with pytest.raises(DomainError) as error:
        await world.on().CreateSurvey(request)
    assert error.value.reason == ("BAD_DEFINITION" if text else "INVALID_FIELDS")


@pytest.mark.parametrize("strange", ["\x00", "\ud800"])
async def test_texts_that_no_database_keeps_are_refused(world: World, strange: str) -> None:
    text = written(ROADS).replace("Roads", strange.encode("unicode_escape").decode().replace("\\x00", "\\u0000"))
    request = pb.CreateSurveyRequest(request_id=request_id(), authority_id=str(CITY), definition_json=text)
    with pytest.raises(DomainError) as error:
        await world.on().CreateSurvey(request)
    assert violations(error) == {("definition/title/en", "NUL_BYTE")}


async def test_a_draft_may_have_faults_and_does_not_open_with_them(world: World) -> None:
    broken = replace(ROADS, pages=(*ROADS.pages, Page(name="first", items=ROADS.pages[0].items[:1])))
    request = pb.CreateSurveyRequest(
        request_id=request_id(), authority_id=str(CITY), definition_json=written(broken)
    )  # fmt: skip
    made = await world.on().CreateSurvey(request)
    assert {each.reason for each in made.faults} == {"NAME_TWICE"}
    checked = await world.on().CheckDefinition(pb.CheckDefinitionRequest(definition_json=written(broken)))
    assert list(checked.faults) == list(made.faults) == list((await world.get(made.survey.id)).faults)
    with pytest.raises(DomainError) as error:
        await world.reopen(made.survey.id)
    assert ("definition/pages/1/name", "NAME_TWICE") in violations(error)
    assert (await world.get(made.survey.id)).survey.state == pb.SURVEY_STATE_DRAFT


async def test_a_level_that_the_codifier_lacks_keeps_a_survey_from_opening(world: World) -> None:
    town = Question(name="town", kind=Kind.TERRITORY, label={"uk": "Громада"}, levels=(2, 3))
    survey = await world.draft(replace(ROADS, pages=(*ROADS.pages, Page(name="home", items=(town,)))))
    (found,) = (await world.get(survey.id)).faults
    assert (found.place, found.reason) == ("/pages/1/items/0/levels/1", "UNKNOWN_LEVEL")
    with pytest.raises(DomainError):
        await world.reopen(survey.id)
    mended = replace(ROADS, pages=(*ROADS.pages, Page(name="home", items=(replace(town, levels=(2,)),))))
    await world.update(survey.id, mended)
    assert (await world.reopen(survey.id)).state == pb.SURVEY_STATE_OPEN


async def test_a_draft_is_changed_in_place(world: World) -> None:
    survey = await world.draft()
    changed = await world.update(survey.id, replace(ROADS, title={"uk": "Мости"}), k=20)
    assert (changed.survey.version, changed.edition, changed.survey.settings.k) == (1, 2, 20)
    assert dict(changed.survey.title) == {"uk": "Мости"}
    assert read((await world.get(survey.id)).definition_json).title == {"uk": "Мости"}


async def test_an_open_survey_gets_a_new_version(world: World) -> None:
    survey = await world.open()
    changed = await world.update(survey.id, replace(ROADS, title={"uk": "Мости"}))
    assert changed.survey.version == 2
    assert read((await world.get(survey.id, version=1)).definition_json) == ROADS
    assert (await world.update(survey.id, replace(ROADS, title={"uk": "Мости"}))).survey.version == 2


async def test_a_draft_with_imported_answers_gets_a_new_version(world: World) -> None:
    survey = await world.draft()
    await world.put_response(survey.id, road="north")
    assert (await world.update(survey.id, replace(ROADS, title={"uk": "Мости"}))).survey.version == 2
    assert (await world.update(survey.id, replace(ROADS, title={"uk": "Ліси"}))).survey.version == 2
    found = await world.get(survey.id)
    assert (found.responses, found.is_answered, found.drafts) == (1, False, 0)


async def test_an_open_survey_takes_no_broken_definition(world: World) -> None:
    survey = await world.open()
    with pytest.raises(DomainError) as error:
        await world.update(survey.id, replace(ROADS, pages=()))
    assert ("definition/pages", "NO_QUESTIONS") in violations(error)
    assert (await world.get(survey.id)).edition == 2


async def test_a_change_of_something_older_is_refused(world: World) -> None:
    survey = await world.draft()
    await world.update(survey.id, k=12)
    with pytest.raises(DomainError, match="STALE_VERSION"):
        await world.update(survey.id, edition=1, k=13)


async def test_of_two_changes_at_once_one_holds(world: World) -> None:
    survey = await world.draft()
    results = await asyncio.gather(
        *(world.update(survey.id, edition=1, k=11 + each) for each in range(5)), return_exceptions=True
    )
    assert sorted(map(str, (getattr(each, "reason", "") for each in results))) == ["", *["STALE_VERSION"] * 4]


async def test_who_may_answer_stays_once_somebody_has(world: World) -> None:
    survey = await world.open(admission=pb.ADMISSION_PERSON, k=20)
    await world.put_response(survey.id, road="north")
    with pytest.raises(DomainError) as error:
        await world.update(survey.id, admission=pb.ADMISSION_OPEN, k=19, opens_at=at(1))
    assert violations(error) == {
        ("settings.admission", "FIXED_BY_ANSWERS"), ("settings.k", "FIXED_BY_ANSWERS"),
        ("settings.opens_at", "FIXED_BY_OPENING"),
    }  # fmt: skip
    assert (await world.update(survey.id, k=30)).survey.settings.k == 30


async def test_a_closed_survey_stays_as_it_is(world: World) -> None:
    survey = await world.open()
    await world.close(survey.id)
    with pytest.raises(DomainError, match="SURVEY_CLOSED"):
        await world.update(survey.id, k=12)


async def test_a_survey_opens_and_closes_at_its_times(world: World) -> None:
    survey = await world.draft(opens_at=at(1), closes_at=at(2))
    scheduled = await world.reopen(survey.id)
    assert (scheduled.state, scheduled.number) == (pb.SURVEY_STATE_SCHEDULED, 1)
    assert (await public(world, number=1)).state == pb.SURVEY_STATE_SCHEDULED
    await world.surveys.timekeeper.look()
    assert (await public(world, number=1)).state == pb.SURVEY_STATE_SCHEDULED
    await world.rows("UPDATE surveys SET opens_at = now() - interval '1 s'")
    await asyncio.gather(*(world.surveys.timekeeper.look() for _ in range(4)))
    assert (await public(world, number=1)).state == pb.SURVEY_STATE_OPEN
    await world.rows("UPDATE surveys SET closes_at = now(), opened_at = now() - interval '1 h'")
    await asyncio.gather(*(world.surveys.timekeeper.look() for _ in range(4)))
    closed = await public(world, number=1)
    assert closed.state == pb.SURVEY_STATE_CLOSED
    assert closed.closed_at == closed.settings.closes_at
    assert len(await world.events(events_pb2.SurveyOpened)) == len(await world.events(events_pb2.SurveyClosed)) == 1


async def test_a_survey_that_would_close_at_once_does_not_open(world: World) -> None:
    survey = await world.draft(closes_at=at(-1))
    with pytest.raises(DomainError, match="CLOSES_TOO_SOON"):
        await world.reopen(survey.id)


async def test_a_survey_that_waits_is_taken_back(world: World) -> None:
    survey = await world.draft(opens_at=at(1))
    await world.reopen(survey.id)
    assert (await world.close(survey.id)).state == pb.SURVEY_STATE_DRAFT
    with pytest.raises(DomainError, match="SURVEY_NOT_FOUND"):
        await public(world, number=1)
    with pytest.raises(DomainError, match="SURVEY_NOT_OPEN"):
        await world.close(survey.id)
    assert await world.events(events_pb2.SurveyClosed) == []


async def test_a_draft_is_thrown_away(world: World) -> None:
    survey = await world.draft()
    request = pb.DeleteSurveyRequest(request_id=request_id(), survey_id=survey.id)
    await world.on().DeleteSurvey(request)
    await world.on().DeleteSurvey(request)
    with pytest.raises(DomainError, match="SURVEY_NOT_FOUND"):
        await world.get(survey.id)
    assert await world.rows("SELECT count(*) FROM survey_versions") == [(0,)]


async def test_what_was_open_or_has_answers_is_not_thrown_away(world: World) -> None:
    opened, answered = await world.open(), await world.draft()
    await world.put_response(answered.id, road="north")
    for survey in (opened, answered):
        with pytest.raises(DomainError, match="SURVEY_NOT_EMPTY"):
            await world.on().DeleteSurvey(pb.DeleteSurveyRequest(request_id=request_id(), survey_id=survey.id))


async def test_places_of_quotas_follow_the_definition(world: World) -> None:
    def limited(limit: int) -> Any:
        return replace(ROADS, quotas=(Quota(name="north", condition='road == "north"', limit=limit),))

    survey = await world.open(limited(5))
    await world.rows("UPDATE quotas SET taken = 4")
    await world.update(survey.id, limited(2))
    assert await world.rows("SELECT quota, most, taken FROM quotas") == [("north", 4, 4)]
    await world.update(survey.id, limited(9))
    assert await world.rows("SELECT most FROM quotas") == [(9,)]


async def test_the_public_list_shows_open_ones_that_end_soonest_first(world: World) -> None:
    for closes_at in (at(9), at(3), None, at(6), None):
        await world.open(**({"closes_at": closes_at} if closes_at else {}))
    await world.open(is_listed=False)
    await world.draft()
    for number in (7, 8):
        survey = await world.open()
        assert survey.number == number
        await world.close(survey.id)
    assert await listed(world) == [2, 4, 1, 3, 5, 8, 7]
    assert await listed(world, state=pb.SURVEY_STATE_OPEN) == [2, 4, 1, 3, 5]
    assert await listed(world, state=pb.SURVEY_STATE_CLOSED) == [8, 7]
    assert await listed(world, authority_ids=[str(VILLAGE)]) == []
    assert await listed(world, authority_ids=[str(VILLAGE), str(CITY)]) == [2, 4, 1, 3, 5, 8, 7]


@pytest.mark.parametrize(
    "request_", [{"page_token": "x"}, {"page_size": -1}, {"authority_ids": ["x"]}, {"state": pb.SURVEY_STATE_DRAFT}]
)
async def test_lists_that_nobody_can_ask_for_are_refused(world: World, request_: dict[str, Any]) -> None:
    with pytest.raises(DomainError) as error:
        await world.on(GATEWAY).ListSurveys(pb.ListSurveysRequest(**request_))
    assert error.value.reason == "INVALID_FIELDS"


async def test_the_office_sees_its_own_those_that_changed_last_first(world: World) -> None:
    first, second, third = [await world.draft() for _ in range(3)]
    await world.draft(at=VILLAGE, caller=CLI)
    await world.update(first.id, k=20)
    page = await world.on().ListOfficeSurveys(pb.ListOfficeSurveysRequest(page_size=2))
    assert [each.id for each in page.surveys] == [first.id, third.id]
    rest = await world.on().ListOfficeSurveys(pb.ListOfficeSurveysRequest(page_token=page.next_page_token))
    assert ([each.id for each in rest.surveys], rest.next_page_token) == ([second.id], "")
    await world.reopen(second.id)
    opened = await world.on().ListOfficeSurveys(pb.ListOfficeSurveysRequest(state=pb.SURVEY_STATE_OPEN))
    assert [each.id for each in opened.surveys] == [second.id]


async def test_fewer_answers_than_k_are_not_told(world: World) -> None:
    survey = await world.open()
    for responses, told in ((9, 0), (10, 10)):
        await world.rows(
            "INSERT INTO publications (survey_id, partner_id, responses, body)"
            " VALUES (%s, '00000000-0000-0000-0000-000000000000', %s, '{}')"
            " ON CONFLICT (survey_id, partner_id) DO UPDATE SET responses = excluded.responses",
            survey.id, responses,
        )  # fmt: skip
        assert (await public(world, number=1)).responses == told


async def test_what_officers_do_is_on_the_trail(world: World) -> None:
    survey = await world.open()
    await world.get(survey.id)
    await world.close(survey.id)
    operator = person("operator", role="operator", at=CITY)
    stub = world.stub(audit_pb2_grpc.AuditServiceStub, operator)
    actions = (await stub.ListOfficerActions(audit_pb2.ListOfficerActionsRequest())).actions
    assert [each.action for each in actions] == ["CloseSurvey", "OpenSurvey", "CreateSurvey"]
    assert {(each.object, each.authority_id) for each in actions} == {(f"survey:{survey.id}", str(CITY))}
    assert OFFICER.person is not None


async def test_answers_never_change(world: World) -> None:
    survey = await world.open()
    await world.put_response(survey.id, road="north")
    for statement in ("UPDATE responses SET answers = '{}'", "DELETE FROM responses", "TRUNCATE responses"):
        with pytest.raises(Exception, match="rows of responses never change"):
            await world.rows(statement)


async def test_notes_are_no_questions(world: World) -> None:
    note = Question(name="hello", kind=Kind.NOTE, label={"uk": "Вітаємо"})
    survey = await world.draft(replace(ROADS, pages=(Page(name="first", items=(note, ROADS.pages[0].items[0])),)))
    assert survey.questions == 1


async def test_surveys_that_come_along_open_as_they_are(world: World) -> None:
    ready = (await world.on(GATEWAY).ListReadySurveys(pb.ListReadySurveysRequest())).surveys
    assert {each.name for each in ready} >= {"feedback", "crowd-potential", "factors-and-barriers"}
    for each in ready:
        request = pb.CreateSurveyRequest(
            request_id=request_id(), authority_id=str(CITY), definition_json=each.definition_json,
            settings=each.settings,
        )  # fmt: skip
        made = await world.on().CreateSurvey(request)
        assert (list(made.faults), dict(each.purpose).keys()) == ([], {"uk", "en", "bg", "ru"})
        assert (await world.reopen(made.survey.id)).state == pb.SURVEY_STATE_OPEN
