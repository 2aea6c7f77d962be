"""Tallies are held against the answers themselves, and what differs is mended in the open."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

import pytest

from tests.integration.surveys.answering import another, item, option, question, send, survey_of
from tests.integration.surveys.world import World
from viche_surveys.domain.definition import Kind
from viche_surveys.recounting import Recount
from viche_surveys.store.tallies import OURS

PARK = survey_of([
    question("pet", Kind.SINGLE, options=(option("dog"), option("cat"))),
    question("walks", Kind.NUMBER, minimum=0, maximum=100),
])  # fmt: skip


async def answered(world: World, *walks: int) -> Any:
    survey = await world.open(PARK)
    await send(world, *(item(survey, pet="dog", walks=str(each)) for each in walks))
    return survey


async def recount(world: World, survey: Any, *, mend: bool = False) -> Recount:
    return await world.surveys.recounting.one(uuid.UUID(survey.id), mend=mend)


async def noted(world: World) -> list[Any]:
    return await world.rows(
        "SELECT responses::int, jsonb_array_length(differences), is_mended FROM recounts ORDER BY id"
    )


async def test_right_tallies_are_noted_as_right(world: World) -> None:
    survey = await answered(world, 3, 4)
    found = await recount(world, survey)
    assert (found.responses, found.differences, found.is_mended) == (2, (), True)
    assert await noted(world) == [(2, 0, True)]


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE tallies SET count = count + 5 WHERE code = 'dog'",
        "DELETE FROM tallies WHERE code = 'dog'",
        "INSERT INTO tallies (survey_id, question, row_code, code, partner_id, shard, count)"
        " SELECT id, 'pet', '', 'cat', '00000000-0000-0000-0000-000000000000', 0, 4 FROM surveys",
        "UPDATE tallies SET count = count - 1 WHERE question = ''",
        "UPDATE tallies SET total = total + 1, squares = squares - 7 WHERE question = 'walks' AND code = ''",
        "UPDATE tallies SET least = -9, most = 900 WHERE question = 'walks' AND code = ''",
        "UPDATE tallies SET least = 4, most = 3 WHERE question = 'walks' AND code = ''",
    ],
)
async def test_what_is_wrong_is_found_and_mended_when_asked(world: World, wrong: str) -> None:
    survey = await answered(world, 3, 4)
    await world.rows(wrong)
    looked = await recount(world, survey)
    assert (len(looked.differences), looked.is_mended) == (1, False)
    mended = await recount(world, survey, mend=True)
    assert mended.differences == looked.differences
    assert mended.is_mended
    assert (await recount(world, survey)).differences == ()
    assert await noted(world) == [(2, 1, False), (2, 1, True), (2, 0, True)]


async def test_a_note_tells_what_was_counted_and_what_was_published(world: World) -> None:
    survey = await answered(world, 3, 4)
    await world.rows("UPDATE tallies SET count = count + 5 WHERE code = 'dog'")
    await recount(world, survey)
    assert await world.rows("SELECT differences FROM recounts") == [([["pet", "", "dog", str(OURS), 2, 7]],)]


async def test_two_recounts_at_once_mend_once(world: World) -> None:
    survey = await answered(world, 3, 4)
    await world.rows("UPDATE tallies SET count = count + 5 WHERE code = 'dog'")
    await asyncio.gather(*(recount(world, survey, mend=True) for _ in range(3)))
    assert (await recount(world, survey)).differences == ()


async def test_a_recount_while_people_answer_finds_no_difference(world: World) -> None:
    survey = await answered(world, 3)

    async def answer() -> None:
        for number in range(10):
            await send(world, *(item(survey, pet="cat", walks=str(number)) for _ in range(5)))

    async def count() -> None:
        for _ in range(10):
            assert (await recount(world, survey, mend=True)).differences == ()

    await asyncio.gather(answer(), answer(), count(), count())
    assert (await recount(world, survey)).responses == 101


async def test_each_night_what_was_answered_is_recounted_once(world: World) -> None:
    await world.open(PARK)
    survey = await answered(world, 3, 4)
    await world.rows("UPDATE tallies SET count = count + 5 WHERE code = 'dog'")
    recounting, other = world.surveys.recounting, another(world).surveys.recounting
    await asyncio.gather(recounting.recount_due(), other.recount_due())
    await recounting.recount_due()
    assert await noted(world) == [(2, 1, True)]
    assert (await recount(world, survey)).differences == ()


async def test_what_was_not_answered_since_is_left_alone_in_the_next_night(world: World) -> None:
    survey = await answered(world, 3, 4)
    await world.rows("ALTER TABLE responses DISABLE TRIGGER USER")
    await world.rows("UPDATE responses SET accepted_at = accepted_at - interval '1 hour'")
    await world.surveys.recounting.recount_due()
    await world.rows("DELETE FROM recount_nights")
    await world.surveys.recounting.recount_due()
    assert len(await noted(world)) == 1
    await world.rows("DELETE FROM recount_nights")
    await send(world, item(survey, pet="cat", walks="5"))
    await world.surveys.recounting.recount_due()
    # an hour ago may have been another day, which the first recount then mended
    assert [(responses, is_mended) for responses, _, is_mended in await noted(world)] == [(2, True), (3, True)]


async def test_a_survey_that_cannot_be_counted_keeps_no_other_from_it(world: World) -> None:
    await answered(world, 3)
    await answered(world, 4, 5)
    await world.rows(
        "UPDATE survey_versions SET definition = '{}' WHERE survey_id = (SELECT id FROM surveys ORDER BY id LIMIT 1)"
    )
    await world.surveys.recounting.recount_due()
    assert await noted(world) == [(2, 0, True)]
    assert len(await world.rows("SELECT 1 FROM recount_nights")) == 1
