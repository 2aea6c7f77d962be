"""Public data over a real database: whole lists, days of signatures, and snapshots that never change."""

from __future__ import annotations

import asyncio
import csv
import gzip
import hashlib
import json
from datetime import UTC, datetime
from hashlib import sha512
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from viche.petitions.v1 import archive_pb2, opendata_pb2_grpc
from viche.petitions.v1 import opendata_pb2 as pb
from viche.petitions.v1 import petitions_pb2 as petitions

from tests.integration.petitions.world import CITY, VILLAGE, World
from viche_chassis.access import Caller
from viche_chassis.messages import timestamp
from viche_chassis.testing import FakeRpcError
from viche_petitions.snapshots import Snapshots
from viche_petitions.store.filters import Filter

KYIV = ZoneInfo("Europe/Kyiv")


def data(world: World) -> Any:
    """OpenDataService as the gateway calls it."""
    return world._stub(opendata_pb2_grpc.OpenDataServiceStub, Caller("gateway"))


async def add_archived(world: World, count: int) -> None:
    """Archived petitions with numbers from 1000 on and as many signatures, as an import leaves them."""
    created_at = timestamp(datetime(2020, 1, 2, tzinfo=UTC))
    answered = archive_pb2.SourceFacts(response=archive_pb2.SourceResponse(summary="Yes"))
    items = [
        petitions.ImportItem(
            number=n, title=f"Number {n} {sha512(str(n).encode()).hexdigest()}", language="en",
            source_state="rejected", source=answered, signature_count=n, created_at=created_at, source_url=f"https://example.org/{n}",
        )
        for n in range(1000, 1000 + count)
    ]  # fmt: skip
    for start in range(0, count, 500):
        request = petitions.BatchImportPetitionsRequest(items=items[start : start + 500])
        answer = await world.on(Caller("cli")).BatchImportPetitions(request)
        assert {each.status.code for each in answer.results} == {0}


async def everything(world: World, **fields: Any) -> list[petitions.Petition]:
    """Every petition that a whole list has."""
    request, found = pb.ListAllPetitionsRequest(**fields), []
    while True:
        page = await data(world).ListAllPetitions(request)
        found += page.petitions
        request.page_token = page.next_page_token
        if not page.next_page_token:
            return found


async def test_a_whole_list_has_each_petition_once_in_the_order_of_numbers(world: World) -> None:
    await add_archived(world, 603)
    found = await everything(world, page_size=200)
    assert [each.number for each in found] == list(range(1000, 1603))
    assert (found[7].signature_count, found[7].source_state, found[7].is_archived) == (1007, "rejected", True)


async def test_texts_come_where_they_are_asked_for(world: World) -> None:
    opened = await world.open()
    (bare,) = await everything(world)
    (full,) = await everything(world, with_texts=True)
    assert (bare.number, bare.title, bare.background) == (opened.number, opened.title, "")
    assert (full.background, full.terms.thresholds[0].name) == (opened.background, "answer")


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ({}, 4), ({"origin": petitions.PETITION_ORIGIN_OWN}, 2), ({"origin": petitions.PETITION_ORIGIN_ARCHIVED}, 2),
        ({"states": [petitions.PETITION_STATE_OPEN]}, 1), ({"source_states": ["rejected"]}, 2),
        ({"source_states": ["open"]}, 0), ({"source_has": "response"}, 2), ({"source_has": "debate"}, 0),
        ({"reached": True}, 1), ({"authority_id": str(CITY)}, 2),
        ({"authority_id": str(VILLAGE)}, 0),
        ({"authority_id": str(VILLAGE), "more_authority_ids": [str(CITY)]}, 2),
        ({"query": "number"}, 2), ({"query": "!!"}, 0),
    ],
)  # fmt: skip
async def test_filters_hold_for_pages_and_whole_lists_alike(world: World, filter_: dict[str, Any], found: int) -> None:
    await add_archived(world, 2)
    await world.open()
    reached = await world.open("second author")
    await world.sign_as(reached.id, "anna", "boris", "vira")
    await world.look()
    wanted = pb.PublicFilter(language="en", **filter_)
    page = await data(world).ListPublicPetitions(pb.ListPublicPetitionsRequest(filter=wanted))
    assert (len(page.petitions), page.total_size) == (found, found)
    assert len(await everything(world, filter=wanted)) == found


async def test_most_signed_come_first_unless_asked_otherwise(world: World) -> None:
    await add_archived(world, 60)
    first = await data(world).ListPublicPetitions(pb.ListPublicPetitionsRequest())
    rest = await data(world).ListPublicPetitions(pb.ListPublicPetitionsRequest(skip=50))
    assert [each.number for each in [*first.petitions, *rest.petitions]] == list(range(1059, 999, -1))
    assert (len(first.petitions), first.total_size, rest.total_size) == (50, 60, 60)


async def test_version_moves_with_every_count(world: World) -> None:
    petition = await world.open()
    seen = set()
    for name in ("anna", "boris"):
        await world.sign_as(petition.id, name)
        await world.look()
        seen.add((await data(world).ListAllPetitions(pb.ListAllPetitionsRequest())).version)
        assert (await data(world).ListAllPetitions(pb.ListAllPetitionsRequest())).version in seen
    assert len(seen) == 2


async def test_days_of_signatures_are_those_of_the_zone(world: World) -> None:
    petition, silent = await world.open(), await world.open("second author")
    await world.sign_as(petition.id, "anna", "boris")
    await world.rows("UPDATE count_minutes SET minute = '2026-03-01 22:30Z'")  # half past midnight in Kyiv
    await world.sign_as(petition.id, "vira")
    found = await data(world).ListSigningDays(pb.ListSigningDaysRequest())
    today = datetime.now(KYIV).date().isoformat()
    assert [each.number for each in found.petitions] == [petition.number, silent.number]
    assert [(each.day, each.signatures) for each in found.petitions[0].days] == [("2026-03-02", 2), (today, 1)]
    assert list(found.petitions[1].days) == []


async def take(world: World, file_name: str, day: str = "") -> tuple[bytes, pb.Snapshot]:
    """The file of a snapshot, put together from its parts."""
    day = day or datetime.now(KYIV).date().isoformat()
    zipped, part, snapshot = b"", 0, pb.Snapshot(parts=1)
    while part < snapshot.parts:
        request = pb.GetSnapshotPartRequest(day=day, file_name=file_name, part=part)
        answer = await data(world).GetSnapshotPart(request)
        zipped, part, snapshot = zipped + answer.content, part + 1, answer.snapshot
    assert len(zipped) == snapshot.zipped_bytes
    return gzip.decompress(zipped), snapshot


async def test_a_snapshot_stays_byte_for_byte_whatever_changes_later(world: World) -> None:
    petition = await world.open()
    await world.sign_as(petition.id, "anna")
    await world.petitions.snapshots.write_due()
    before = [await take(world, name) for name in ("petitions.csv", "petitions.json")]
    await world.sign_as(petition.id, "boris", "vira")
    await world.look()
    await world.rows("UPDATE petitions SET title = 'Another title'")
    await world.petitions.snapshots.write_due()
    after = [await take(world, name) for name in ("petitions.csv", "petitions.json")]
    assert after == before
    table = list(csv.DictReader(before[0][0].decode().splitlines()))
    assert table == [
        {
            "Petition": petition.title, "URL": f"https://petitions.example.org/petitions/{petition.number}",
            "State": "open", "Signatures Count": "1",
        }
    ]  # fmt: skip
    (entry,) = json.loads(before[1][0])["data"]
    assert (entry["id"], entry["attributes"]["signature_count"]) == (petition.number, 1)
    assert "creator_name" not in entry["attributes"]


async def test_a_snapshot_is_known_by_its_digest_and_its_size(world: World) -> None:
    await world.open()
    await world.petitions.snapshots.write_due()
    content, snapshot = await take(world, "petitions.csv")
    listed = (await data(world).ListSnapshots(pb.ListSnapshotsRequest())).snapshots
    assert (snapshot.sha256, snapshot.size_bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert snapshot.petitions == 1
    assert [each.file_name for each in listed] == ["petitions.csv", "petitions.json"]
    assert listed[0] == snapshot


async def test_a_large_snapshot_is_kept_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viche_petitions.snapshots.PART_BYTES", 1_000)
    monkeypatch.setattr("viche_petitions.snapshots.PAGE", 100)
    monkeypatch.setattr("viche_petitions.snapshots.OWN", Filter(archived=True))
    await add_archived(world, 450)
    await world.petitions.snapshots.write_due()
    content, snapshot = await take(world, "petitions.csv")
    assert snapshot.parts > 1
    assert len(content.splitlines()) == 451 == snapshot.petitions + 1


async def test_the_first_snapshot_is_that_of_the_day_of_the_first_petition(world: World) -> None:
    await world.draft()
    await world.petitions.snapshots.write_due()
    assert not (await data(world).ListSnapshots(pb.ListSnapshotsRequest())).snapshots
    await world.open("another author")
    await world.petitions.snapshots.write_due()
    assert len((await data(world).ListSnapshots(pb.ListSnapshotsRequest())).snapshots) == 2


async def test_two_writers_at_once_write_one_snapshot(world: World) -> None:
    await world.open()
    writers = [Snapshots(world.pool, KYIV, "https://petitions.example.org") for _ in range(5)]
    await asyncio.gather(*(writer.write_due() for writer in writers))
    assert len((await data(world).ListSnapshots(pb.ListSnapshotsRequest())).snapshots) == 2


async def test_a_past_day_cannot_be_written_later_nor_a_file_changed(world: World) -> None:
    await world.open()
    await world.petitions.snapshots.write_due()
    for statement in (
        "INSERT INTO snapshots (day, file_name, zone, written_at, size_bytes, zipped_bytes, sha256, petitions, parts)"
        " SELECT day - 1, file_name, zone, written_at - interval '1 day', 1, 1, sha256, 1, 1 FROM snapshots",
        "UPDATE snapshots SET petitions = 7",
        "DELETE FROM snapshots",
        "UPDATE snapshot_parts SET content = ''",
        "TRUNCATE snapshot_parts",
    ):
        with pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.RestrictViolation)):
            await world.rows(statement)


@pytest.mark.parametrize(
    ("day", "name"), [("2020-01-01", "petitions.csv"), ("yesterday", "petitions.csv"), ("", "names.csv")]
)
async def test_what_was_not_written_is_not_found(world: World, day: str, name: str) -> None:
    await world.open()
    await world.petitions.snapshots.write_due()
    with pytest.raises(FakeRpcError, match="SNAPSHOT_NOT_FOUND"):
        await take(world, name, day)


async def test_snapshots_are_listed_the_newest_first_page_by_page(world: World) -> None:
    await world.open()
    await world.petitions.snapshots.write_due()
    await world.rows("ALTER TABLE snapshots DISABLE TRIGGER USER")
    await world.rows(
        "INSERT INTO snapshots (day, file_name, zone, written_at, size_bytes, zipped_bytes, sha256, petitions, parts)"
        " SELECT day - n, file_name, zone, written_at - n * interval '1 day', 1, 1, sha256, 1, 1"
        " FROM snapshots, generate_series(1, 3) AS n"
    )
    seen, token = [], ""
    for _ in range(3):
        page = await data(world).ListSnapshots(pb.ListSnapshotsRequest(page_size=3, page_token=token))
        seen += [(each.day, each.file_name) for each in page.snapshots]
        token = page.next_page_token
    days = sorted({day for day, _ in seen}, reverse=True)
    assert seen == [(day, name) for day in days for name in ("petitions.csv", "petitions.json")]
    assert (len(days), token) == (4, "")
    assert days[0] == datetime.now(UTC).astimezone(KYIV).date().isoformat()
