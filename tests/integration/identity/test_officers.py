"""Who holds a role, for the mail that tells in the morning what waits."""

import base64
from uuid import uuid4

import pytest
from viche.identity.v1 import officers_pb2 as pb
from viche.identity.v1 import officers_pb2_grpc as rpc

from tests.integration.identity.world import World
from viche_chassis.access import read_person
from viche_chassis.testing import FakeRpcError


async def listed(world: World, **page: object) -> pb.ListOfficersResponse:
    stub = rpc.OfficersServiceStub(world.channel("notifications"))
    return await stub.ListOfficers(pb.ListOfficersRequest(**page))  # pyright: ignore


async def test_people_with_roles_come_with_what_they_cover(world: World) -> None:
    ids = await world.put_region()
    await world.session("citizen@example.org")
    await world.grant("otto@example.org", "moderator", "east")
    (officer,) = (await listed(world)).officers
    assert (officer.recipient.email, officer.recipient.language) == ("otto@example.org", "en")
    assert len(officer.recipient.pseudonym) == 32
    claims = read_person((await world.access(await world.session("otto@example.org")))[2])
    assert officer.author == base64.urlsafe_b64decode(claims.author + "=")
    ((role, covers),) = [(each.role, each.covers_authority_ids) for each in officer.grants]
    assert role == "moderator"
    assert {ids["east"], ids["town"]} <= set(covers)


async def test_pages_hold_everybody_once(world: World) -> None:
    await world.put_region()
    emails = {f"officer{number}@example.org" for number in range(5)}
    for email in emails:
        await world.grant(email, "officer", "town")
        await world.grant(email, "press", "town")
    found, token = [], ""
    while page := await listed(world, page_size=2, page_token=token):
        found += [each.recipient.email for each in page.officers]
        token = page.next_page_token
        if not token:
            break
    assert sorted(found) == sorted(emails)


async def test_a_role_that_is_over_is_none(world: World) -> None:
    await world.put_region()
    await world.grant("otto@example.org", "officer", "town")
    await world.sql("UPDATE grants SET until_at = now(), from_at = now() - interval '1 day'")
    assert list((await listed(world)).officers) == []


async def test_a_token_of_another_kind_is_refused(world: World) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await listed(world, page_token=str(uuid4()))
    assert refused.value.reason == "INVALID_FIELDS"


async def test_roles_of_somebody_are_those_that_cover_the_authority_now(world: World) -> None:
    ids = await world.put_region()
    await world.session("citizen@example.org")
    await world.grant("otto@example.org", "moderator", "east")
    await world.grant("otto@example.org", "press", "town")
    claims = read_person((await world.access(await world.session("otto@example.org")))[2])
    stub = rpc.OfficersServiceStub(world.channel("social"))

    async def roles(slug: str, pseudonym: bytes) -> list[str]:
        asked = pb.GetOfficerRolesRequest(authority_id=str(ids[slug]), pseudonym=pseudonym)
        return list((await stub.GetOfficerRoles(asked)).roles)  # pyright: ignore

    own = base64.urlsafe_b64decode(claims.author + "=")
    assert await roles("town", own) == ["moderator", "press"]
    assert await roles("east", own) == ["moderator"]
    assert await roles("town", b"\0" * 32) == []
    await world.sql("UPDATE grants SET until_at = now(), from_at = now() - interval '1 day'")
    assert await roles("town", own) == []
