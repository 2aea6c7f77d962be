"""A threshold with minima is reached when the total and the territories are there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from viche.petitions.v1 import events_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from tests.integration.petitions import world as worlds
from tests.integration.petitions.plugins import INITIATIVE
from tests.integration.petitions.world import World, reason
from tests.unit.plugin_install import install_plugin


@pytest.fixture
async def world(
    migrated: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[worlds.World]:
    install_plugin(monkeypatch, tmp_path, "initiatives", INITIATIVE)
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        await made.set_up("initiative")
        yield made


async def sign(world: World, petition: pb.Petition, count: int, *residence: str) -> None:
    """Signatures of people who live in one place, all accepted."""
    people = [f"{'/'.join(residence)} {number}" for number in range(count)]
    done = await world.sign(*(world.item(petition.id, who, residence=list(residence)) for who in people))
    assert {reason(each) for each in done} == {""}


async def reached(world: World) -> list[str]:
    """Thresholds that were announced, in order."""
    await world.petitions.watcher.look()
    return [each.threshold for each in await world.events(events_pb2.PetitionThresholdReached)]


async def valid(world: World, petition: pb.Petition) -> pb.Threshold:
    return (await world.get(petition.id)).terms.thresholds[1]


async def test_it_is_reached_only_when_both_hold_and_once(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await sign(world, petition, 9, "EU", "A", "A1")
    await sign(world, petition, 2, "EU", "B")
    assert await reached(world) == ["hearing"]
    assert (await valid(world, petition)).territories_reached == 1
    await sign(world, petition, 1, "EU", "B", "B1")
    await asyncio.gather(*(world.look() for _ in range(5)))
    assert await reached(world) == ["hearing", "valid"]
    found = await valid(world, petition)
    assert (found.territories_reached, found.HasField("reached_at")) == (2, True)
    assert (found.minima.territories, dict(found.minima.per_territory)) == (2, {"A": 3, "B": 3, "C": 3})


async def test_minima_without_the_total_are_not_enough(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await sign(world, petition, 3, "EU", "A")
    await sign(world, petition, 3, "EU", "B")
    await sign(world, petition, 3, "EU", "Z")
    assert await reached(world) == ["hearing"]
    assert (await valid(world, petition)).territories_reached == 2
    await sign(world, petition, 1)
    assert await reached(world) == ["hearing", "valid"]


async def test_the_last_signatures_before_the_end_of_the_term_count(world: World) -> None:
    petition = await world.open(workflow="initiative")
    for place in "ABC":
        await sign(world, petition, 4, "EU", place)
    await world.rows("UPDATE petitions SET closes_at = now() - interval '1 ms' WHERE id = %s", petition.id)
    assert await reached(world) == ["hearing", "valid"]
    assert (await world.get(petition.id)).state == pb.PETITION_STATE_CLOSED


async def test_signatures_by_email_count_where_their_signer_lives(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await sign(world, petition, 9, "UA", "A")
    for number in range(3):
        await world.begin(petition.id, f"signer{number}@example.org", residence_code="B")
    for mail in await world.mails():
        await world.confirm(mail.token)
    assert await reached(world) == ["hearing", "valid"]


async def test_a_territory_that_moves_is_summed_where_it_lies_now(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await sign(world, petition, 3, "EU", "A", "island")
    assert (await valid(world, petition)).territories_reached == 1
    moved = world.item(petition.id, "newcomer", residence=["EU", "Z", "island"])
    assert [reason(each) for each in await world.sign(moved)] == [""]
    assert (await valid(world, petition)).territories_reached == 0


async def test_many_who_sign_at_once_leave_each_territory_once(world: World) -> None:
    petition = await world.open(workflow="initiative")
    await asyncio.gather(*(sign(world, petition, 5, "EU", place, f"{place}{n}") for place in "BA" for n in range(10)))
    assert (await world.rows("SELECT count(*) FROM residences"))[0][0] == 20
    assert (await valid(world, petition)).territories_reached == 2
    assert await reached(world) == ["hearing", "valid"]


async def test_petitions_without_minima_leave_nothing_behind(world: World) -> None:
    petition = await world.open(workflow="petition-local")
    await world.sign_as(petition.id, "anna", "boris", "vira")
    assert await reached(world) == ["answer"]
    assert await world.rows("SELECT * FROM residences") == []
