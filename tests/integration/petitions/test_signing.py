"""Signing in batches."""

from __future__ import annotations

from tests.integration.petitions.world import World, reason


async def test_opened_petition_collects_and_counts(world: World) -> None:
    petition = await world.open()
    results = await world.sign(world.item(petition.id, "anna"), world.item(petition.id, "boris"))
    assert [reason(result) for result in results] == ["", ""]
    found = await world.get(petition.id)
    assert (found.number, found.signature_count) == (1, 2)
