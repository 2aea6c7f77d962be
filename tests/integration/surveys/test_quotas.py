"""Quotas: reserved at the page that decides them, and never overshot."""

from __future__ import annotations

import pytest
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2

from tests.integration.surveys.answering import item, look, option, question, reason, save, send, survey_of
from tests.integration.surveys.world import World, request_id
from viche_chassis.errors import DomainError
from viche_surveys.domain.definition import Kind, Quota

ON = pb.SaveAnswerPageRequest
AGE = question("age", Kind.SINGLE, options=(option("young"), option("old")), is_required=True)
YOUNG = Quota(name="young", condition='age == "young"', limit=2, message={"en": "Enough of you, {age}"})
SHORT = survey_of([AGE], quotas=(YOUNG,))
LONG = survey_of([AGE], [question("why")], quotas=(YOUNG,))


async def taken(world: World) -> int:
    ((places,),) = await world.rows("SELECT taken FROM quotas WHERE quota = 'young'")
    return places


async def test_answers_are_taken_until_the_quota_is_full(world: World) -> None:
    survey = await world.open(SHORT)

    results = await send(world, *(item(survey, age=age) for age in ("young", "old", "young", "young", "old")))

    assert list(map(reason, results)) == ["", "", "", "QUOTA_FULL", ""]
    assert await taken(world) == 2


async def test_a_repeat_takes_no_second_place(world: World) -> None:
    survey = await world.open(SHORT)
    sent = item(survey, age="young")

    await send(world, sent, sent)
    await send(world, sent)

    assert await taken(world) == 1


async def test_a_refused_person_may_answer_otherwise(world: World) -> None:
    survey = await world.open(SHORT, admission=surveys_pb2.ADMISSION_PERSON)
    sent = [item(survey, age="young") for _ in range(3)]
    for who, each in zip("abc", sent, strict=True):
        each.respondent.scope_token = world.token(survey.id, who)
    third = item(survey, age="old")
    third.respondent.scope_token = world.token(survey.id, "c")

    results = [*await send(world, *sent), *await send(world, third)]

    assert list(map(reason, results)) == ["", "", "QUOTA_FULL", ""]


async def test_a_place_is_reserved_at_the_page_that_decides_it(world: World) -> None:
    survey = await world.open(LONG)
    pages = [(await save(world, await look(world, survey.number), age="young")).page for _ in range(2)]
    first = await look(world, survey.number)

    with pytest.raises(DomainError, match="QUOTA_FULL") as refusal:
        await save(world, first, age="young")

    assert refusal.value.values["quota"] == "young"
    assert (await save(world, first, age="old")).page.name == "page2"
    assert (await save(world, pages[0])).response_id
    assert await taken(world) == 2
    assert await world.rows("SELECT count(*) FROM quota_reservations") == [(1,)]


async def test_a_place_is_given_back_when_the_answer_changes(world: World) -> None:
    survey = await world.open(LONG)
    page = (await save(world, await look(world, survey.number), age="young")).page
    assert await taken(world) == 1

    first = await look(world, token=page.token, page="page1")
    last = (await save(world, first, age="old")).page
    await save(world, last)

    assert await taken(world) == 0


async def test_saving_a_page_again_takes_no_second_place(world: World) -> None:
    survey = await world.open(LONG)
    page = (await save(world, await look(world, survey.number), age="young")).page

    for _ in range(3):
        await save(world, await look(world, token=page.token, page="page1"), age="young")

    assert await taken(world) == 1


async def test_a_place_that_is_not_used_is_given_back_in_time(world: World) -> None:
    survey = await world.open(LONG)
    late = [(await save(world, await look(world, survey.number), age="young")).page for _ in range(2)]
    await world.rows("UPDATE quota_reservations SET expires_at = now() - interval '1 second'")

    await world.surveys.housekeeping.sweep()
    assert await taken(world) == 0
    results = await send(world, *(_whole(survey) for _ in range(2)))

    assert set(map(reason, results)) == {""}
    with pytest.raises(DomainError, match="QUOTA_FULL"):
        await save(world, late[0])
    assert await taken(world) == 2


async def test_a_place_that_ran_out_is_free_for_the_next_without_waiting_for_the_sweep(world: World) -> None:
    survey = await world.open(LONG)
    for _ in range(2):
        await save(world, await look(world, survey.number), age="young")
    await world.rows("UPDATE quota_reservations SET expires_at = now() - interval '1 second'")

    (result,) = await send(world, _whole(survey))

    assert (reason(result), await taken(world)) == ("", 1)


async def test_keeping_a_page_reserves_nothing(world: World) -> None:
    survey = await world.open(LONG)

    await save(world, await look(world, survey.number), move=ON.MOVE_KEEP, age="young")

    assert await taken(world) == 0


def _whole(survey: surveys_pb2.Survey) -> pb.ResponseItem:
    return item(survey, request_id(), age="young", why="x")
