"""Signatures that are taken out of the count: previewed, carried out in the background, and put back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from viche.petitions.v1 import events_pb2, petitions_pb2
from viche.petitions.v1 import integrity_pb2 as pb

from tests.integration.petitions import integrity
from tests.integration.petitions.integrity import carry_out, counts, decide, decisions, desk, preview, refusal, remove
from tests.integration.petitions.world import VILLAGE, World, reason, request_id
from viche_chassis.db import transaction
from viche_petitions import invalidating
from viche_petitions.store import counts as counts_store

PEOPLE = ("anna", "boris", "vira", "halyna")


async def signed(world: World, **claims: object) -> petitions_pb2.Petition:
    """A petition that four have signed, with its threshold of three reached."""
    petition = await world.open()
    await world.sign_as(petition.id, *PEOPLE)
    await world.look()
    return petition


async def ids_of(world: World, petition_id: str) -> list[str]:
    rows = await world.rows("SELECT id FROM signatures WHERE petition_id = %s ORDER BY id", petition_id)
    return [str(row[0]) for row in rows]


async def test_preview_says_what_would_happen_and_changes_nothing(world: World) -> None:
    petition = await signed(world)
    shown = await preview(world, petition.id, channel="person")
    assert (shown.signatures, shown.signature_count) == (4, 4)
    assert [(each.channel, each.signature_count) for each in shown.channels] == [("person", 4)]
    assert [(each.territory_code, each.signature_count) for each in shown.territories] == [("UA05", 4)]
    assert list(shown.falling) == ["answer"]
    assert set((await counts(world, petition.id)).values()) == {4}


async def test_what_was_decided_is_removed_from_every_number(world: World) -> None:
    petition = await signed(world)
    one, *_ = await ids_of(world, petition.id)
    made = await remove(world, petition.id, signature_ids=[one])
    assert made.state == pb.INVALIDATION_STATE_RUNNING
    assert set((await counts(world, petition.id)).values()) == {3}
    (done,) = await decisions(world, petition.id)
    assert (done.state, done.worked_off, done.changed) == (pb.INVALIDATION_STATE_DONE, 1, 1)
    (event,) = await world.events(events_pb2.SignaturesInvalidated)
    assert list(event.signature_ids) == [one]


async def test_everybody_sees_how_many_were_removed_and_why(world: World) -> None:
    petition = await signed(world)
    await remove(world, petition.id, signature_ids=(await ids_of(world, petition.id))[:2])
    removals = (await world.get(petition.id)).removals
    (item,) = removals.items
    assert (removals.signatures, item.signatures, item.reason) == (2, 2, "automated")
    assert item.note.texts["en"] == "All within one minute."


async def test_signatures_after_the_preview_are_not_meant(world: World) -> None:
    petition = await signed(world)
    shown = await preview(world, petition.id, channel="person")
    await world.sign_as(petition.id, "dmytro")
    request = pb.CreateInvalidationRequest(
        request_id=request_id(), petition_id=petition.id, filter=pb.SignatureFilter(channel="person"),
        cutoff_at=shown.cutoff_at, signatures=shown.signatures, reason="duplicate",
    )  # fmt: skip
    await desk(world).CreateInvalidation(request)
    await carry_out(world)
    assert set((await counts(world, petition.id)).values()) == {1}


async def test_preview_that_is_not_so_any_more_is_refused_and_removes_nothing(world: World) -> None:
    petition = await signed(world)
    shown = await preview(world, petition.id, channel="person")
    await remove(world, petition.id, signature_ids=(await ids_of(world, petition.id))[:1])
    request = pb.CreateInvalidationRequest(
        request_id=request_id(), petition_id=petition.id, filter=pb.SignatureFilter(channel="person"),
        cutoff_at=shown.cutoff_at, signatures=shown.signatures, reason="duplicate",
    )  # fmt: skip
    assert await refusal(desk(world).CreateInvalidation(request)) == "PREVIEW_STALE"
    assert len(await decisions(world, petition.id)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"filter": pb.SignatureFilter()},
        {"filter": pb.SignatureFilter(channel="fax")},
        {"reason": "because"},
        {"reason": "other"},
    ],
)
async def test_decision_that_cannot_be_meant_is_refused(world: World, fields: dict[str, object]) -> None:
    petition = await signed(world)
    shown = await preview(world, petition.id, channel="person")
    values = {
        "filter": pb.SignatureFilter(channel="person"), "cutoff_at": shown.cutoff_at, "signatures": shown.signatures,
        "reason": "duplicate",
    }  # fmt: skip
    request = pb.CreateInvalidationRequest(request_id=request_id(), petition_id=petition.id, **{**values, **fields})
    assert await refusal(desk(world).CreateInvalidation(request)) == "INVALID_FIELDS"


async def test_officer_of_another_authority_sees_and_removes_nothing(world: World) -> None:
    petition = await signed(world)
    made = await decide(world, petition.id, channel="person")
    other = desk(world, officer_of=VILLAGE)
    by_petition = (
        other.GetInvalidationPreview(pb.GetInvalidationPreviewRequest(petition_id=petition.id)),
        other.ListInvalidations(pb.ListInvalidationsRequest(petition_id=petition.id)),
        other.ListPaperBatches(pb.ListPaperBatchesRequest(petition_id=petition.id)),
        other.GetTrends(pb.GetTrendsRequest(petition_id=petition.id)),
        other.CancelInvalidation(pb.CancelInvalidationRequest(request_id=request_id(), invalidation_id=made.id)),
        other.UndoInvalidation(pb.UndoInvalidationRequest(request_id=request_id(), invalidation_id=made.id)),
    )
    assert {await refusal(call) for call in by_petition} == {"NOT_YOUR_AUTHORITY"}


async def test_same_request_is_one_decision(world: World) -> None:
    petition = await signed(world)
    shown = await preview(world, petition.id, channel="person")
    request = pb.CreateInvalidationRequest(
        request_id=request_id(), petition_id=petition.id, filter=pb.SignatureFilter(channel="person"),
        cutoff_at=shown.cutoff_at, signatures=shown.signatures, reason="duplicate",
    )  # fmt: skip
    first, second = [await desk(world).CreateInvalidation(request) for _ in range(2)]
    assert first == second
    assert len(await decisions(world, petition.id)) == 1


async def test_filters_find_channel_territory_time_block_and_domain(world: World) -> None:
    petition = await world.open()
    item = world.item(petition.id, "anna", residence=["UA", "UA07"])
    item.network = "198.51.100.7"
    await world.sign(item, world.item(petition.id, "boris", residence=[]))
    await world.begin(petition.id, "kateryna@Example.org", network="2001:db8:1:2::/64")
    (mail,) = await world.mails()
    await world.confirm(mail.token)
    later = datetime(2100, 1, 1, tzinfo=UTC)
    found = {
        name: (await preview(world, petition.id, **which)).signatures
        for name, which in {
            "person": {"channel": "person"}, "email": {"channel": "email"},
            "UA07": {"territory_codes": ["UA07"]}, "nowhere": {"without_territory": True},
            "before": {"until": later}, "after": {"from": later},
            "block": {"network": "198.51.100.0/24"}, "block of mail": {"network": "2001:db8:1::/48"},
            "domain": {"mail_domain": "example.org"}, "other domain": {"mail_domain": "example.com"},
        }.items()
    }  # fmt: skip
    assert found == {
        "person": 2, "email": 1, "UA07": 1, "nowhere": 1, "before": 3, "after": 0, "block": 1, "block of mail": 1,
        "domain": 1, "other domain": 0,
    }  # fmt: skip


async def test_whoever_was_removed_knows_and_cannot_sign_again(world: World) -> None:
    petition = await signed(world)
    await remove(world, petition.id, channel="person")
    assert not await has_signed(world, petition.id, "anna")
    (again,) = await world.sign(world.item(petition.id, "anna"))
    assert reason(again) == "ALREADY_SIGNED"


async def test_whoever_cheated_sees_no_difference_and_the_sum_is_public(world: World) -> None:
    petition = await signed(world)
    await remove(world, petition.id, silent=True, channel="person")
    assert await has_signed(world, petition.id, "anna")
    (again,) = await world.sign(world.item(petition.id, "anna"))
    assert reason(again) == "ALREADY_SIGNED"
    found = await world.get(petition.id)
    assert (found.signature_count, found.removals.signatures, list(found.removals.items)) == (0, 4, [])
    assert set((await counts(world, petition.id)).values()) == {0}


async def has_signed(world: World, petition_id: str, who: str) -> bool:
    token = world.token(petition_id, who)
    request = petitions_pb2.GetMySignatureRequest(petition_id=petition_id, scope_token=token)
    return (await world.signing.GetMySignature(request)).signed


@pytest.mark.parametrize("silent", [False, True])
async def test_undoing_restores_every_number(world: World, silent: bool) -> None:
    petition = await signed(world)
    made = await remove(world, petition.id, silent=silent, channel="person")
    undone = await integrity.undo(world, made.id)
    await carry_out(world)
    assert set((await counts(world, petition.id)).values()) == {4}
    assert (await world.get(petition.id)).removals.signatures == 0
    assert (await decisions(world, petition.id))[1].undone_by == undone.id
    assert await refusal(integrity.undo(world, made.id)) == "ALREADY_UNDONE"


async def test_what_was_stopped_stays_removed_and_can_be_put_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invalidating, "BATCH", 1)
    petition = await signed(world)
    made = await decide(world, petition.id, channel="person")
    await world.petitions.integrity.invalidating.work()
    assert await refusal(integrity.undo(world, made.id)) == "INVALIDATION_RUNNING"
    request = pb.CancelInvalidationRequest(request_id=request_id(), invalidation_id=made.id)
    stopped = (await desk(world).CancelInvalidation(request)).invalidation
    await carry_out(world)
    assert (stopped.state, stopped.changed) == (pb.INVALIDATION_STATE_CANCELLED, 1)
    assert set((await counts(world, petition.id)).values()) == {3}
    await integrity.undo(world, made.id)
    await carry_out(world)
    assert set((await counts(world, petition.id)).values()) == {4}


async def test_several_workers_at_once_remove_each_signature_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invalidating, "BATCH", 3)
    petition = await world.open()
    await world.sign_as(petition.id, *(f"person {n}" for n in range(40)))
    await decide(world, petition.id, channel="person")
    await decide(world, petition.id, territory_codes=["UA05"])
    await asyncio.gather(*(carry_out(world) for _ in range(4)))
    await carry_out(world)
    assert set((await counts(world, petition.id)).values()) == {0}
    assert sum(each.changed for each in await decisions(world, petition.id)) == 40
    assert (await world.get(petition.id)).removals.signatures == 40


async def test_worker_that_is_killed_loses_nothing_and_another_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invalidating, "BATCH", 7)
    petition = await world.open()
    await world.sign_as(petition.id, *(f"person {n}" for n in range(60)))
    await decide(world, petition.id, channel="person")
    for part in range(8):
        worker = asyncio.create_task(world.petitions.integrity.invalidating.work())
        await asyncio.sleep(0.002 * part)
        worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)
        numbers = await counts(world, petition.id)
        assert len(set(numbers.values())) == 1, numbers
    await carry_out(world)
    assert set((await counts(world, petition.id)).values()) == {0}
    removed = [id for event in await world.events(events_pb2.SignaturesInvalidated) for id in event.signature_ids]
    assert len(removed) == len(set(removed)) == 60


async def test_signing_goes_on_while_signatures_are_removed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invalidating, "BATCH", 10)
    petition = await world.open()
    await world.sign_as(petition.id, *(f"person {n}" for n in range(200)))
    await decide(world, petition.id, channel="person")

    async def sign(lane: int) -> None:
        for n in range(20):
            await world.sign_as(petition.id, *(f"{lane} {n} {each}" for each in range(5)))

    await asyncio.gather(carry_out(world), carry_out(world), *(sign(lane) for lane in range(4)))
    await carry_out(world)
    assert set((await counts(world, petition.id)).values()) == {400}


async def test_threshold_that_the_count_falls_under_is_taken_back(world: World) -> None:
    await world.configure(answer_days="30")
    petition = await signed(world)
    before = await world.get(petition.id)
    await remove(world, petition.id, signature_ids=(await ids_of(world, petition.id))[:2])
    found = await world.get(petition.id)
    assert found.state == petitions_pb2.PETITION_STATE_OPEN
    assert not found.terms.thresholds[0].HasField("reached_at")
    (reversal,) = found.removals.reversals
    assert (reversal.threshold, reversal.signatures) == ("answer", 2)
    assert reversal.reached_at == before.terms.thresholds[0].reached_at
    (event,) = await world.events(events_pb2.PetitionThresholdReversed)
    assert (event.petition_id, event.threshold, event.signatures) == (petition.id, "answer", 2)
    started = {each.clock for each in before.deadlines if each.event == "threshold_reached:answer"}
    assert not started & {each.clock for each in found.deadlines}
    ((body,),) = await world.rows("SELECT body FROM threshold_reversals")
    assert {each["deadline"]["clock"] for each in body} == started != set()


async def test_threshold_is_noted_anew_when_it_is_reached_again(world: World) -> None:
    petition = await signed(world)
    await remove(world, petition.id, signature_ids=(await ids_of(world, petition.id))[:2])
    await world.sign_as(petition.id, "dmytro")
    await world.look()
    found = await world.get(petition.id)
    assert found.state == petitions_pb2.PETITION_STATE_THRESHOLD_REACHED
    assert len(found.removals.reversals) == 1
    assert len(await world.events(events_pb2.PetitionThresholdReached)) == 2


async def test_threshold_that_a_watcher_saw_before_the_fall_is_not_noted(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, *PEOPLE)
    async with transaction(world.pool) as conn:
        (seen,) = await counts_store.due(conn, [UUID(petition.id)])
    await remove(world, petition.id, channel="person")
    before = len(await world.events(events_pb2.PetitionThresholdReached))
    await world.petitions.watcher._settle(seen)  # pyright: ignore[reportPrivateUsage] (what it does after it has looked)
    assert len(await world.events(events_pb2.PetitionThresholdReached)) == before
    assert (await world.get(petition.id)).state == petitions_pb2.PETITION_STATE_OPEN


async def test_closed_petition_loses_signatures_and_its_threshold_and_stays_closed(world: World) -> None:
    petition = await signed(world)
    await world.close(petition.id)
    made = await remove(world, petition.id, signature_ids=(await ids_of(world, petition.id))[:2])
    found = await world.get(petition.id)
    assert (found.state, found.signature_count) == (petitions_pb2.PETITION_STATE_CLOSED, 2)
    assert not found.terms.thresholds[0].HasField("reached_at")
    await integrity.undo(world, made.id)
    await carry_out(world)
    found = await world.get(petition.id)
    assert (found.state, found.signature_count) == (petitions_pb2.PETITION_STATE_CLOSED, 4)
    assert found.terms.thresholds[0].HasField("reached_at")


async def test_history_falls_when_it_happened(world: World) -> None:
    petition = await signed(world)
    await world.rows(
        "UPDATE count_minutes SET minute = minute - interval '2 hours' WHERE petition_id = %s", petition.id
    )
    await remove(world, petition.id, signature_ids=(await ids_of(world, petition.id))[:1])
    history = await world.counts.GetCountHistory(petitions_pb2.GetCountHistoryRequest(petition_id=petition.id))
    assert [point.signature_count for point in history.points] == [4, 3]


async def test_lists_follow_what_was_removed(world: World) -> None:
    petition = await signed(world)
    await remove(world, petition.id, channel="person")
    ((listed,),) = await world.rows("SELECT count FROM listed_counts WHERE petition_id = %s", petition.id)
    assert listed == 0
