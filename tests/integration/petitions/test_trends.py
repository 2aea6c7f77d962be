"""Traces of where signatures come from, and what officers see of them."""

from __future__ import annotations

from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from tests.integration.petitions.integrity import desk
from tests.integration.petitions.world import World


async def sign_from(world: World, petition_id: str, network: str, *people: str) -> None:
    items: list[petitions_pb2.SignatureItem] = []
    for who in people:
        item = world.item(petition_id, who)
        item.network = network
        items.append(item)
    await world.sign(*items)


async def test_trace_keeps_the_block_alone(world: World) -> None:
    petition = await world.open()
    await sign_from(world, petition.id, "198.51.100.77", "anna")
    await sign_from(world, petition.id, "2001:db8:1:2::/64", "boris")
    await sign_from(world, petition.id, "", "vira")
    rows = await world.rows("SELECT network FROM signature_traces ORDER BY network")
    assert rows == [("198.51.100.0/24",), ("2001:db8:1::/48",)]


async def test_trace_of_a_mail_is_carried_to_its_confirmation(world: World) -> None:
    petition = await world.open()
    await world.begin(petition.id, "kateryna@example.org", network="192.0.2.1")
    assert await world.rows("SELECT 1 FROM signature_traces") == []
    (mail,) = await world.mails()
    await world.confirm(mail.token)
    rows = await world.rows("SELECT network, mail_domain FROM signature_traces")
    assert rows == [("192.0.2.0/24", "example.org")]


async def test_trace_is_forgotten_after_some_weeks(world: World) -> None:
    petition = await world.open()
    await sign_from(world, petition.id, "198.51.100.77", "anna")
    await sign_from(world, petition.id, "192.0.2.77", "boris")
    await world.rows("UPDATE signature_traces SET at = now() - interval '31 days' WHERE network = '192.0.2.0/24'")
    await world.petitions.housekeeping.sweep()
    assert await world.rows("SELECT network FROM signature_traces") == [("198.51.100.0/24",)]


async def test_burst_from_one_block_stands_out(world: World) -> None:
    petition, other = await world.open(), await world.open("second author")
    await sign_from(world, petition.id, "198.51.100.7", *(f"bot {n}" for n in range(30)))
    for n in range(4):
        await sign_from(world, petition.id, f"192.0.{n}.1", f"person {n}")
    await sign_from(world, other.id, "203.0.113.1", "anna")
    found = await desk(world).GetTrends(pb.GetTrendsRequest(petition_id=petition.id))
    named, rest = [each for each in found.trends if each.group == pb.TREND_GROUP_NETWORK]
    assert (named.key, named.signatures, named.mark) == ("198.51.100.0/24", 30, pb.TREND_MARK_EXTREME)
    assert (round(named.share, 2), named.other_share) == (0.88, 0.0)
    assert (rest.is_rest, rest.key, rest.signatures) == (True, "", 4)
    assert found.signatures == 34
