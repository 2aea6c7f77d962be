"""The register: authorities of the instance, their accounts, and any day of the past."""

from __future__ import annotations

import pytest
from viche.social.v1 import register_pb2 as pb

from tests.integration.social.world import CITY, CLI, COUNCIL, GATEWAY, PRESS, VILLAGE, World, person, request_id
from viche_chassis.errors import DomainError


async def accounts(world: World, on: str = "", **asked: object) -> list[str]:
    request = pb.ListAccountsRequest(on=on, **asked)  # pyright: ignore[reportArgumentType]
    return [each.handle for each in (await world.register(GATEWAY).ListAccounts(request)).accounts]


async def end(world: World, account_id: str) -> pb.Account:
    request = pb.EndAccountRequest(request_id=request_id(), account_id=account_id)
    return (await world.register().EndAccount(request)).account


async def test_authorities_of_the_instance_are_bodies(world: World) -> None:
    await world.social.own_bodies.keep()
    found = (await world.register(GATEWAY).ListBodies(pb.ListBodiesRequest())).bodies
    assert [(each.id, each.authority_kind, each.parent_id, each.is_own) for each in found] == [
        (str(VILLAGE), "municipality", str(COUNCIL), True),
        (str(CITY), "municipality", str(COUNCIL), True),
        (str(COUNCIL), "region", "", True),
    ]


async def test_an_authority_that_changes_or_goes_keeps_its_past(world: World) -> None:
    await world.social.own_bodies.keep()
    await world.rows("UPDATE standings SET from_on = '2026-01-01'")
    world.identity.authorities.pop()
    world.identity.authorities[1].level = "region"
    renewed = world.renewed()
    await renewed.social.own_bodies.keep()
    then = (await world.register(GATEWAY).ListBodies(pb.ListBodiesRequest(on="2026-01-02"))).bodies
    now = (await world.register(GATEWAY).ListBodies(pb.ListBodiesRequest())).bodies
    assert [each.authority_kind for each in then] == ["municipality", "municipality", "region"]
    assert [(each.title, each.authority_kind) for each in now] == [
        ("Dibrova Council", "region"), ("Verbiv", "region"),
    ]  # fmt: skip


async def test_an_account_is_entered_once_and_found(world: World) -> None:
    first = await world.put_account(handle="@City@social.example")
    again = await world.put_account(handle="city@social.example", url="https://social.example/@city")
    assert (first.id, first.url) == (again.id, "https://social.example/@City")
    assert again.url == "https://social.example/@city"
    assert (first.platform, first.purpose, first.register) == ("mastodon", pb.PURPOSE_OFFICE, "")
    assert await accounts(world, body_ids=[str(CITY)]) == ["city@social.example"]
    assert await accounts(world, body_ids=[str(VILLAGE)]) == []
    assert await accounts(world, platform="x") == []


async def test_an_account_that_has_ended_is_there_on_days_before(world: World) -> None:
    made = await world.put_account()
    await world.rows("UPDATE accounts SET from_on = '2026-01-01'")
    ended = await end(world, made.id)
    assert ended.until_day
    assert (await end(world, made.id)).until_day == ended.until_day
    assert await accounts(world) == []
    assert await accounts(world, on="2026-01-01") == ["city@social.example"]
    assert await accounts(world, on="2025-12-31") == []
    back = await world.put_account()
    assert back.id != made.id


async def test_accounts_come_in_pages(world: World) -> None:
    for platform in ("x", "vk", "facebook"):
        await world.put_account(platform=platform, handle="verbiv")
    first = await world.register(GATEWAY).ListAccounts(pb.ListAccountsRequest(page_size=2))
    rest = await world.register(GATEWAY).ListAccounts(pb.ListAccountsRequest(page_token=first.next_page_token))
    assert [each.platform for each in (*first.accounts, *rest.accounts)] == ["facebook", "vk", "x"]
    assert not rest.next_page_token


@pytest.mark.parametrize(
    ("differences", "reason"),
    [
        ({"platform": "Face book"}, "platform: UNKNOWN_VALUE"),
        ({"handle": "@"}, "handle: REQUIRED"),
        ({"handle": "two words"}, "handle: BAD_HANDLE"),
        ({"url": "javascript:alert(1)"}, "url: BAD_ADDRESS"),
    ],
)
async def test_what_is_no_account_is_refused(world: World, differences: dict[str, str], reason: str) -> None:
    with pytest.raises(DomainError, match=reason):
        await world.put_account(**differences)  # pyright: ignore[reportArgumentType]


async def test_only_those_of_an_authority_change_its_accounts(world: World) -> None:
    made = await world.put_account()
    elsewhere = person("other", at=VILLAGE)
    with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
        await world.put_account(caller=elsewhere)
    with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
        await world.register(elsewhere).EndAccount(pb.EndAccountRequest(request_id=request_id(), account_id=made.id))
    with pytest.raises(DomainError, match="ACCOUNT_NOT_FOUND"):
        await world.register(CLI).EndAccount(pb.EndAccountRequest(request_id=request_id(), account_id=request_id()))


async def test_what_an_officer_does_is_on_the_trail(world: World) -> None:
    made = await world.put_account(caller=PRESS)
    assert await world.rows("SELECT action, object, authority_id FROM officer_actions") == [
        ("PutAccount", f"account:{made.id}", CITY)
    ]


async def test_an_identity_that_knows_nobody_yet_ends_nobody_and_is_asked_again(world: World) -> None:
    known, world.identity.authorities = world.identity.authorities, []
    await world.social.own_bodies.keep()
    world.identity.authorities = known
    await world.social.own_bodies.keep()
    found = await world.register(GATEWAY).ListBodies(pb.ListBodiesRequest())
    assert len(found.bodies) == 3
    world.identity.authorities = []
    await world.renewed().social.own_bodies.keep()
    assert (await world.register(GATEWAY).ListBodies(pb.ListBodiesRequest())).bodies == found.bodies
