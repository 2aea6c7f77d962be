"""Signatures on paper, entered by officers."""

from __future__ import annotations

import asyncio

import pytest
from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import integrity_pb2 as pb

from tests.integration.petitions import integrity
from tests.integration.petitions.integrity import allow_paper, counts, desk, enter, refusal, remove
from tests.integration.petitions.world import World, request_id


async def test_sheets_count_and_say_so(world: World) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    await world.sign_as(petition.id, "anna")
    batch = await enter(world, petition.id, signatures=40)
    assert (batch.signatures, batch.counting, batch.territory_code) == (40, 40, "UA05")
    assert set((await counts(world, petition.id)).values()) == {41}
    found = await world.get(petition.id)
    assert [(each.channel, each.signature_count) for each in found.channels] == [("paper", 40), ("person", 1)]
    announced = [id for event in await world.events(events_pb2.SignaturesAccepted) for id in event.signature_ids]
    assert len(set(announced)) == len(announced) == 41


async def test_sheets_reach_a_threshold(world: World) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    await enter(world, petition.id, signatures=3)
    await world.petitions.watcher.look()
    assert len(await world.events(events_pb2.PetitionThresholdReached)) == 1


async def test_same_sheets_are_counted_once_whoever_enters_them(world: World) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    outcomes = await asyncio.gather(*(enter(world, petition.id) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(each, pb.PaperBatch) for each in outcomes) == 1
    assert {getattr(each, "reason", "") for each in outcomes} == {"", "REFERENCE_TAKEN"}
    assert set((await counts(world, petition.id)).values()) == {40}


async def test_same_request_is_one_batch(world: World) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    key = request_id()
    assert await enter(world, petition.id, request_id=key) == await enter(world, petition.id, request_id=key)


async def test_petition_without_paper_takes_none(world: World) -> None:
    petition = await world.open()
    assert await refusal(enter(world, petition.id)) == "CHANNEL_NOT_ALLOWED"


async def test_closed_petition_takes_none(world: World) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    await world.close(petition.id)
    assert await refusal(enter(world, petition.id)) == "NOT_OPEN"


@pytest.mark.parametrize(
    "fields",
    [
        {"signatures": 0}, {"signatures": 10_001}, {"reference": " "}, {"received_on": "yesterday"},
        {"received_on": "2001-01-01"}, {"received_on": "2999-01-01"}, {"note": "x" * 501},
    ],
)  # fmt: skip
async def test_sheets_that_cannot_be_are_refused(world: World, fields: dict[str, object]) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    assert await refusal(enter(world, petition.id, **fields)) == "INVALID_FIELDS"
    assert set((await counts(world, petition.id)).values()) == {0}


async def test_sheets_are_taken_back_as_a_whole(world: World) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    first = await enter(world, petition.id, signatures=7)
    await enter(world, petition.id, signatures=2, reference="13/2026")
    await remove(world, petition.id, paper_batch_id=first.id)
    assert set((await counts(world, petition.id)).values()) == {2}
    listed = (await desk(world).ListPaperBatches(pb.ListPaperBatchesRequest(petition_id=petition.id))).batches
    assert [(each.reference, each.counting) for each in listed] == [("13/2026", 2), ("12/2026", 0)]


async def test_sheets_never_change(world: World) -> None:
    petition = await world.open()
    await allow_paper(world, petition.id)
    await integrity.enter(world, petition.id)
    for query in ("UPDATE paper_batches SET signatures = 1", "DELETE FROM paper_batches", "DELETE FROM recounts"):
        with pytest.raises(Exception, match="never change"):
            await world.rows(query)
