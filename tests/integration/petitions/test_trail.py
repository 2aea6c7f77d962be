"""What officers do with petitions is on the trail, with the authority that the petition is addressed to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from viche.petitions.v1 import audit_pb2 as pb
from viche.petitions.v1 import audit_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2 as petitions

from tests.integration.petitions import world as worlds
from tests.integration.petitions.moderating import operator
from tests.integration.petitions.world import CITY, VILLAGE, World, person
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[worlds.World]:
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        yield made


async def trail(world: World, caller: Caller) -> list[pb.OfficerAction]:
    """All that the caller sees."""
    stub = world._stub(rpc.AuditServiceStub, caller)
    return list((await stub.ListOfficerActions(pb.ListOfficerActionsRequest())).actions)


async def test_opening_a_petition_is_on_the_trail_of_its_authority_alone(world: World) -> None:
    opened = await world.open()
    (entry,) = [each for each in await trail(world, operator()) if each.action == "OpenPetition"]
    assert (entry.object, entry.authority_id, entry.service) == (f"petition:{opened.id}", str(CITY), "gateway")
    assert list(entry.roles) == ["officer"]
    assert len(entry.person) == 32
    assert await trail(world, person("officer of the village", officer_of=VILLAGE)) == []


async def test_a_refused_act_is_not_on_the_trail(world: World) -> None:
    draft = await world.draft()
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await world.on(person("nosy", officer_of=VILLAGE)).OpenPetition(
            petitions.OpenPetitionRequest(request_id=worlds.request_id(), petition_id=draft.id)
        )
    assert await trail(world, Caller("cli")) == []
