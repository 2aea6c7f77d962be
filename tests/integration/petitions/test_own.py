"""What petitions keeps of a person, for whoever shows the person's scope tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from viche.petitions.v1 import privacy_pb2 as pb
from viche.petitions.v1 import privacy_pb2_grpc as rpc

from tests.integration.petitions import world as worlds
from tests.integration.petitions.world import World
from viche_chassis.access import Caller
from viche_chassis.testing import FakeRpcError


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[worlds.World]:
    async with worlds.world(migrated("petitions"), tmp_path) as made:
        await made.configure()
        yield made


def privacy(world: World) -> rpc.PrivacyServiceStub:
    return world._stub(rpc.PrivacyServiceStub, Caller("gateway"))


async def signatures(world: World, *tokens: tuple[str, str]) -> list[pb.MySignature]:
    """Signatures by (petition, scope token)."""
    items = [pb.SignedBy(petition_id=id, scope_token=token) for id, token in tokens]
    return list((await privacy(world).ListMySignatures(pb.ListMySignaturesRequest(items=items))).signatures)


async def test_a_signer_sees_their_own_signatures(world: World) -> None:
    first, second, third = [await world.open(f"author {each}") for each in range(3)]
    await world.sign_as(first.id, "olena", "ivan")
    await world.sign_as(third.id, "olena")
    found = await signatures(world, *((each.id, world.token(each.id, "olena")) for each in (first, second, third)))
    assert [(each.petition_id, each.number, each.title, each.state) for each in found] == [
        (each.id, each.number, each.title, "validated") for each in (first, third)
    ]
    assert all(each.signed_at.seconds and each.channel == "person" for each in found)


async def test_a_token_of_another_petition_shows_nothing(world: World) -> None:
    first, second = await world.open("author one"), await world.open("author two")
    await world.sign_as(first.id, "olena")
    with pytest.raises(FakeRpcError, match="TOKEN_REFUSED"):
        await signatures(world, (first.id, world.token(second.id, "olena")))


async def test_petitions_that_can_have_signatures_are_listed(world: World) -> None:
    opened, _ = await world.open("author"), await world.draft("another author")
    first = await privacy(world).ListPetitionIds(pb.ListPetitionIdsRequest())
    assert opened.id in first.petition_ids
    rest = await privacy(world).ListPetitionIds(pb.ListPetitionIdsRequest(after_id=first.petition_ids[-1]))
    assert list(rest.petition_ids) == []
