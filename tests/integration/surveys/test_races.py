"""Many at once: nothing overshoots, nothing is counted twice, nobody answers twice."""

from __future__ import annotations

import asyncio
import random
import uuid

from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2

from tests.integration.surveys.answering import another, item, look, option, question, reason, save, send, survey_of
from tests.integration.surveys.world import World, request_id
from viche_chassis.errors import DomainError
from viche_surveys.domain.definition import Kind, Quota

SIDE = question("side", Kind.SINGLE, options=(option("left"), option("right")), is_required=True)
GRADE = question("grade", Kind.SCALE, minimum=1.0, maximum=5.0)
PLAIN = survey_of([SIDE, GRADE])
LIMITED = survey_of([SIDE, GRADE], quotas=(Quota(name="left", condition='side == "left"', limit=40),))
PAGED = survey_of([SIDE], [GRADE], quotas=LIMITED.quotas)


def two(world: World) -> list[World]:
    """Two processes of the service over one database."""
    return [world, another(world)]


async def test_two_hundred_at_once_do_not_overshoot_a_quota(world: World) -> None:
    survey = await world.open(LIMITED)
    worlds = two(world)

    results = await asyncio.gather(
        *(send(worlds[each % 2], item(survey, side="left", grade="3")) for each in range(200))
    )

    reasons = [reason(each) for (each,) in results]
    assert (reasons.count(""), reasons.count("QUOTA_FULL")) == (40, 160)
    await _agrees(world, survey, 40)
    assert await world.rows("SELECT taken FROM quotas") == [(40,)]


async def test_drafts_and_whole_answers_share_a_quota_without_overshooting(world: World) -> None:
    survey = await world.open(PAGED)
    worlds = two(world)

    reasons = set[str]()

    async def by_page(place: int) -> bool:
        try:
            page = (await save(worlds[place % 2], await look(world, survey.number), side="left")).page
            return bool((await save(worlds[place % 2], page, grade="2")).response_id)
        except DomainError as error:
            reasons.add(error.reason)
            return False

    async def at_once(place: int) -> bool:
        (result,) = await send(worlds[place % 2], item(survey, side="left"))
        return reason(result) == ""

    taken = await asyncio.gather(*(by_page(each) if each % 3 else at_once(each) for each in range(120)))

    assert (sum(taken), reasons) == (40, {"QUOTA_FULL"})
    await _agrees(world, survey, 40)
    assert await world.rows("SELECT taken FROM quotas") == [(40,)]


async def test_a_person_who_answers_many_times_at_once_is_counted_once(world: World) -> None:
    survey = await world.open(PLAIN, admission=surveys_pb2.ADMISSION_PERSON)
    worlds = two(world)
    people = [f"person{number}" for number in range(10)] * 8
    random.Random(7).shuffle(people)

    def sent(who: str) -> pb.ResponseItem:
        answer = item(survey, side="right", grade="5")
        answer.respondent.scope_token = world.token(survey.id, who)
        return answer

    results = await asyncio.gather(
        *(send(worlds[each % 2], *map(sent, people[each : each + 8])) for each in range(0, 80, 8))
    )

    reasons = [reason(each) for batch in results for each in batch]
    assert (reasons.count(""), reasons.count("ALREADY_ANSWERED")) == (10, 70)
    await _agrees(world, survey, 10)


async def test_the_same_request_many_times_at_once_is_one_answer(world: World) -> None:
    survey = await world.open(PLAIN)
    worlds = two(world)
    sent = item(survey, request_id(), side="left", grade="1")

    results = await asyncio.gather(*(send(worlds[each % 2], sent) for each in range(40)))

    assert len({each.response_id for (each,) in results}) == 1
    await _agrees(world, survey, 1)


async def test_what_is_sent_while_a_survey_closes_is_counted_or_refused(world: World) -> None:
    survey = await world.open(PLAIN)

    async def late() -> None:
        await asyncio.sleep(0.05)
        await world.close(survey.id)

    async def sender() -> list[str]:
        reasons: list[str] = []
        while not reasons or reasons[-1] == "":
            reasons.append(reason((await send(world, item(survey, side="left", grade="4")))[0]))
        return reasons

    sent, _ = await asyncio.gather(asyncio.gather(*(sender() for _ in range(8))), late())

    assert {each[-1] for each in sent} == {"NOT_OPEN"}
    await _agrees(world, survey, sum(each.count("") for each in sent))
    ((ordered,),) = await world.rows(
        "SELECT coalesce(bool_and(r.accepted_at <= s.closed_at), true) FROM responses r"
        " JOIN surveys s ON s.id = r.survey_id"
    )
    assert ordered


async def test_a_change_while_answers_come_leaves_each_with_its_version(world: World) -> None:
    survey = await world.open(PLAIN)
    await send(world, item(survey, side="left"))
    other = survey_of([SIDE, GRADE, question("more")])

    async def sender() -> set[str]:
        return {reason((await send(world, item(survey, side="left", more="x")))[0]) for _ in range(15)}

    reasons, *_ = await asyncio.gather(sender(), sender(), sender(), world.update(survey.id, other))

    assert reasons == {""}
    await _agrees(world, survey, 46)
    found = dict(
        await world.rows("SELECT version, bool_and((answers ? 'more') = (version = 2)) FROM responses GROUP BY 1")
    )
    assert all(found.values())


async def _agrees(world: World, survey: surveys_pb2.Survey, count: int) -> None:
    recount = await world.surveys.recounting.one(uuid.UUID(survey.id))
    assert (recount.responses, recount.differences) == (count, ())
