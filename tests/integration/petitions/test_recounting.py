"""Published numbers are held against the signatures themselves, and what differs is mended in the open."""

from __future__ import annotations

import asyncio

import pytest
from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import integrity_pb2 as pb

from tests.integration.petitions.integrity import counts, desk, recount
from tests.integration.petitions.world import VILLAGE, World


async def test_right_count_is_noted_as_right(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna", "boris")
    (found,) = await recount(world, petition.number)
    assert (found.counted, found.published, found.in_history, found.is_mended) == (2, 2, 2, True)
    assert not found.corrections


@pytest.mark.parametrize("table", ["tallies", "count_minutes"])
async def test_wrong_number_is_found_and_mended_when_asked(world: World, table: str) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna", "boris")
    await world.rows(f"UPDATE {table} SET count = count + 5 WHERE petition_id = %s", petition.id)
    (looked,) = await recount(world, petition.number)
    assert not looked.is_mended
    (mended,) = await recount(world, petition.number, mend=True)
    assert mended.is_mended
    assert max(mended.published, mended.in_history) > mended.counted == 2
    assert set((await counts(world, petition.id)).values()) == {2}


async def test_two_recounts_at_once_mend_once(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna", "boris")
    await world.rows("UPDATE tallies SET count = count + 5 WHERE petition_id = %s", petition.id)
    await asyncio.gather(*(recount(world, petition.number, mend=True) for _ in range(5)))
    assert set((await counts(world, petition.id)).values()) == {2}


async def test_recount_while_people_sign_finds_no_difference(world: World) -> None:
    petition = await world.open()

    async def sign(lane: int) -> None:
        for n in range(15):
            await world.sign_as(petition.id, *(f"{lane} {n} {each}" for each in range(4)))

    async def count() -> None:
        for _ in range(15):
            await recount(world, petition.number, mend=True)

    await asyncio.gather(count(), count(), *(sign(lane) for lane in range(4)))
    assert set((await counts(world, petition.id)).values()) == {240}
    assert await world.rows("SELECT 1 FROM recounts WHERE counted <> published OR counted <> minutes") == []


async def test_each_night_what_has_moved_is_recounted_once(world: World) -> None:
    still, moved = await world.open(), await world.open("second author")
    await world.sign_as(moved.id, "anna")
    await world.rows("UPDATE count_minutes SET minute = minute - interval '1 hour'")
    recounting = world.petitions.integrity.recounting
    await recounting.recount_due()
    await recounting.recount_due()
    assert len(await world.rows("SELECT 1 FROM recounts")) == 2
    await world.rows("DELETE FROM recount_nights")
    await world.sign_as(moved.id, "boris")
    await recounting.recount_due()
    rows = await world.rows("SELECT petition_id::text FROM recounts ORDER BY at DESC LIMIT 1")
    assert (len(await world.rows("SELECT 1 FROM recounts")), rows[0][0]) == (3, moved.id)
    assert still.id != moved.id


async def test_mended_count_loses_the_threshold_that_it_had_not_reached(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    await world.rows("UPDATE tallies SET count = count + 5 WHERE petition_id = %s", petition.id)
    await world.look()
    await recount(world, petition.number, mend=True)
    assert len(await world.events(events_pb2.PetitionThresholdReversed)) == 1


async def test_night_brings_the_order_of_lists_up_to_the_counts(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    await world.look()
    await world.rows("UPDATE listed_counts SET count = 900")
    await world.petitions.integrity.recounting.recount_due()
    assert await world.rows("SELECT count FROM listed_counts") == [(1,)]


async def test_officers_see_recounts_of_their_own_authority(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    await recount(world, petition.number)
    await world.rows("UPDATE tallies SET count = count + 5")
    await recount(world, petition.number)
    own = await desk(world).ListRecounts(pb.ListRecountsRequest(page_size=1))
    rest = await desk(world).ListRecounts(pb.ListRecountsRequest(page_size=1, page_token=own.next_page_token))
    assert [each.published for each in (*own.recounts, *rest.recounts)] == [6, 1]
    wrong = await desk(world).ListRecounts(pb.ListRecountsRequest(only_wrong=True))
    assert [each.published for each in wrong.recounts] == [6]
    assert (await desk(world, officer_of=VILLAGE).ListRecounts(pb.ListRecountsRequest())).recounts == []
