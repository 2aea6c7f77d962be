"""Published numbers, thresholds and the end of the term."""

from __future__ import annotations

import asyncio

from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions.world import World


async def test_threshold_is_reached_once_whoever_looks(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna", "boris")
    await world.look()
    assert await world.events(events_pb2.PetitionThresholdReached) == []
    await world.sign_as(petition.id, "vira")
    await asyncio.gather(*(world.look() for _ in range(5)))
    (event,) = await world.events(events_pb2.PetitionThresholdReached)
    assert (event.petition_id, event.threshold, event.signatures) == (petition.id, "answer", 3)
    found = await world.get(petition.id)
    assert found.state == pb.PETITION_STATE_THRESHOLD_REACHED
    assert found.terms.thresholds[0].HasField("reached_at")


async def test_petition_that_reached_its_threshold_collects_on(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna", "boris", "vira")
    await world.look()
    await world.sign_as(petition.id, "halyna")
    await world.look()
    assert (await world.get(petition.id)).signature_count == 4
    assert len(await world.events(events_pb2.PetitionThresholdReached)) == 1


async def test_watcher_looks_soon_at_what_was_signed(world: World) -> None:
    petition = await world.open()
    await world.petitions.watcher.look()
    await world.sign_as(petition.id, "anna", "boris", "vira")
    await world.petitions.watcher.look()
    assert (await world.get(petition.id)).state == pb.PETITION_STATE_THRESHOLD_REACHED


async def test_term_ends_by_the_databases_clock_and_threshold_is_noted_first(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna", "boris", "vira")
    await world.rows("UPDATE petitions SET closes_at = now() - interval '1 ms' WHERE id = %s", petition.id)
    await asyncio.gather(world.look(), world.look())
    found = await world.get(petition.id)
    assert (found.state, found.signature_count) == (pb.PETITION_STATE_CLOSED, 3)
    assert found.terms.thresholds[0].HasField("reached_at")
    assert len(await world.events(events_pb2.PetitionClosed)) == 1
    assert len(await world.events(events_pb2.PetitionThresholdReached)) == 1


async def test_one_petition_that_cannot_be_read_keeps_no_other_from_its_threshold(world: World) -> None:
    broken, petition = await world.open(), await world.open("second author")
    await world.sign_as(broken.id, "anna")
    await world.sign_as(petition.id, "anna", "boris", "vira")
    await world.rows("UPDATE petitions SET terms = '{}' WHERE id = %s", broken.id)
    await world.look()
    assert (await world.get(petition.id)).state == pb.PETITION_STATE_THRESHOLD_REACHED


async def test_tally_names_the_innermost_territory_most_first(world: World) -> None:
    petition = await world.open()
    paths = [["UA", "UA05"], ["UA", "UA05"], ["UA", "UA07"], []]
    await world.sign(*(world.item(petition.id, str(n), residence=path) for n, path in enumerate(paths)))
    tally = await world.counts.GetTally(pb.GetTallyRequest(petition_id=petition.id))
    assert [(each.territory_code, each.signature_count) for each in tally.territories] == [
        ("UA05", 2),
        ("", 1),
        ("UA07", 1),
    ]
    assert tally.signature_count == 4


async def test_history_ends_with_the_published_count(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    await world.rows("UPDATE count_minutes SET minute = minute - interval '2 min'")
    await world.sign_as(petition.id, "boris", "vira")
    history = await world.counts.GetCountHistory(pb.GetCountHistoryRequest(petition_id=petition.id))
    assert [each.signature_count for each in history.points] == [1, 3]
    assert (history.points[1].minute.seconds - history.points[0].minute.seconds) in (120, 180)


async def test_recount_equals_what_is_published_after_a_crowd(world: World) -> None:
    petition, other = await world.open(), await world.open("second author")
    items = [world.item(each.id, f"person {n % 90}") for n in range(200) for each in (petition, other)]
    await asyncio.gather(*(world.sign(*items[start : start + 7]) for start in range(0, len(items), 7)))
    await world.begin(petition.id)
    one = await world.counts.Recount(pb.RecountRequest(petition_id=petition.id))
    all_ = await world.counts.Recount(pb.RecountRequest())
    assert (one.counted, one.published, all_.counted, all_.published) == (90, 90, 180, 180)


async def test_coarse_history_of_a_long_petition_is_by_the_hour_and_ends_alike(world: World) -> None:
    petition = await world.open()
    for days in (5, 4):
        await world.sign_as(petition.id, *(f"{days} {n}" for n in range(3)))
        back = (
            f"UPDATE count_minutes SET minute = minute - interval '{days} days' WHERE minute > now() - interval '1 h'"
        )
        await world.rows(back)
    await world.rows("UPDATE petitions SET opened_at = opened_at - interval '6 days'")
    await world.petitions.housekeeping.sweep()
    await world.petitions.housekeeping.sweep()
    await world.sign_as(petition.id, "anna")
    ask = pb.GetCountHistoryRequest
    fine = (await world.counts.GetCountHistory(ask(petition_id=petition.id))).points
    coarse = (await world.counts.GetCountHistory(ask(petition_id=petition.id, is_coarse=True))).points
    assert [each.signature_count for each in fine] == [each.signature_count for each in coarse] == [3, 6, 7]
    assert [each.minute.seconds % 3600 for each in coarse[:2]] == [0, 0]


async def test_coarse_history_of_a_young_petition_is_by_the_minute(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    await world.rows("UPDATE count_minutes SET minute = minute - interval '2 hours'")
    await world.petitions.housekeeping.sweep()
    ask = pb.GetCountHistoryRequest
    fine = (await world.counts.GetCountHistory(ask(petition_id=petition.id))).points
    coarse = (await world.counts.GetCountHistory(ask(petition_id=petition.id, is_coarse=True))).points
    assert fine == coarse
