"""What is kept of a person is shown to them, and goes with them."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from viche.identity.v1 import events_pb2 as identity_events
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc, surveys_pb2

from tests.integration.surveys.answering import item, look, option, question, reason, save, send, survey_of
from tests.integration.surveys.world import GATEWAY, ROADS, World, pseudonym
from viche_chassis.consuming import Event
from viche_chassis.errors import DomainError
from viche_surveys.domain.definition import Group, Kind, Repeat

PERSON = surveys_pb2.ADMISSION_PERSON
FAMILY = survey_of(
    [
        question("town", Kind.SINGLE, options=(option("a"), option("b"))),
        Group(
            name="people",
            label={"en": "People"},
            repeat=Repeat(),
            items=(question("first_name", is_personal=True), question("age", Kind.NUMBER)),
        ),
    ]
)


async def answer(world: World, survey: surveys_pb2.Survey, who: str, **fields: str) -> None:
    sent = item(survey, **fields)
    sent.respondent.scope_token = world.token(survey.id, who)
    assert reason((await send(world, sent))[0]) == ""


async def mine(world: World, who: str, *surveys: surveys_pb2.Survey) -> list[pb.MyResponse]:
    stub = world.stub(answers_pb2_grpc.PrivacyServiceStub, GATEWAY)
    items = [pb.AnsweredBy(survey_id=each.id, scope_token=world.token(each.id, who)) for each in surveys]
    return list((await stub.ListMyResponses(pb.ListMyResponsesRequest(items=items))).responses)


async def erase(world: World, who: str) -> None:
    message = identity_events.PersonErased(answers=pseudonym("answers", who))
    await world.surveys.erasing.erased(_event(message))


async def test_people_see_all_that_they_said_and_nothing_of_others(world: World) -> None:
    roads, family = await world.open(ROADS, admission=PERSON), await world.open(FAMILY, admission=PERSON)
    await answer(world, roads, "olena", road="north", mailbox="olena@example.org")
    await answer(world, family, "olena", town="a", people__count="1", people__0__first_name="Mia", people__0__age="7")
    await answer(world, roads, "ivan", road="south")

    found = await mine(world, "olena", roads, family)

    assert [(each.number, each.title["en"], json.loads(each.answers_json)) for each in found] == [
        (roads.number, "Roads", {"road": "north", "mailbox": "olena@example.org"}),
        (family.number, "A survey", {"town": "a", "people": [{"age": 7, "first_name": "Mia"}]}),
    ]
    assert abs((found[0].submitted_at.ToDatetime(UTC) - datetime.now(UTC)).total_seconds()) < 60


async def test_personal_answers_in_repeats_are_apart_too(world: World) -> None:
    family = await world.open(FAMILY, admission=PERSON)

    await answer(world, family, "olena", town="a", people__count="1", people__0__first_name="Mia", people__0__age="7")

    assert await world.rows("SELECT answers FROM responses") == [({"town": "a", "people": [{"age": 7}]},)]


async def test_a_token_for_another_survey_shows_nothing(world: World) -> None:
    roads, family = await world.open(ROADS, admission=PERSON), await world.open(FAMILY, admission=PERSON)
    stub = world.stub(answers_pb2_grpc.PrivacyServiceStub, GATEWAY)
    items = [pb.AnsweredBy(survey_id=roads.id, scope_token=world.token(family.id, "olena"))]

    with pytest.raises(DomainError, match="TOKEN_REFUSED"):
        await stub.ListMyResponses(pb.ListMyResponsesRequest(items=items))


async def test_surveys_that_know_persons_are_listed_page_by_page(world: World) -> None:
    surveys = [await world.open(admission=PERSON) for _ in range(2)]
    await world.open()
    await world.draft(admission=PERSON)
    stub = world.stub(answers_pb2_grpc.PrivacyServiceStub, GATEWAY)

    first = list((await stub.ListSurveyIds(pb.ListSurveyIdsRequest())).survey_ids)
    rest = list((await stub.ListSurveyIds(pb.ListSurveyIdsRequest(after_id=first[0]))).survey_ids)

    assert (first, rest) == (sorted(each.id for each in surveys), first[1:])


async def test_who_is_erased_leaves_answers_that_lead_to_nobody(world: World) -> None:
    roads, family = await world.open(ROADS, admission=PERSON), await world.open(FAMILY, admission=PERSON)
    await answer(world, roads, "olena", road="north", mailbox="olena@example.org")
    await answer(world, family, "olena", town="a")
    await answer(world, roads, "ivan", road="south", mailbox="ivan@example.org")

    await erase(world, "olena")

    assert await mine(world, "olena", roads, family) == []
    assert [json.loads(each.answers_json)["mailbox"] for each in await mine(world, "ivan", roads)] == [
        "ivan@example.org"
    ]
    assert await world.rows("SELECT count(*) FROM responses") == [(3,)]
    assert await world.rows("SELECT count(*) FROM response_private") == [(1,)]
    for survey in (roads, family):
        assert (await world.surveys.recounting.one(uuid.UUID(survey.id))).differences == ()


async def test_drafts_go_with_the_person(world: World) -> None:
    survey = await world.open(survey_of([question("one")], [question("two")]), admission=PERSON)
    who = pb.Respondent(scope_token=world.token(survey.id, "olena"))
    await save(world, await look(world, survey.number, respondent=who), respondent=who, one="x")

    await erase(world, "olena")

    assert await world.rows("SELECT 1 FROM drafts") == []


async def test_erasing_while_answers_come_keeps_tallies_and_answers_equal(world: World) -> None:
    survey = await world.open(ROADS, admission=PERSON)
    people = [f"person{number}" for number in range(30)]

    await asyncio.gather(
        *(answer(world, survey, who, road="north", mailbox="a@example.org") for who in people),
        *(erase(world, who) for who in people[::3]),
    )

    recount = await world.surveys.recounting.one(uuid.UUID(survey.id))
    assert (recount.responses, recount.differences) == (30, ())


def _event(message: Any) -> Event:
    return Event(uuid.uuid4(), message)
