"""Roles: given for a time, taken back, given again, and listed for those who operate the authority."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from viche.identity.v1 import identity_pb2
from viche.identity.v1 import identity_pb2_grpc as rpc

from tests.integration.identity.world import AUTHORITIES, TERRITORIES, World, reasons, region
from viche_chassis.access import Grant, PersonClaims
from viche_chassis.testing import FakeRpcError

EMAIL = "officer@example.org"
EARLIER = "{} - interval '2 hours'"


async def give(world: World, role: str = "officer", slug: str = "town", **times: datetime | None) -> list[Any]:
    """Gives a role for a time."""
    request = identity_pb2.CreateGrantRequest(request_id=str(uuid4()), email=EMAIL, role=role, authority_slug=slug)
    for field, instant in times.items():
        if instant is not None:
            getattr(request, field).FromDatetime(instant)
    return list((await world.authorities.CreateGrant(request)).grants)


async def take_back(world: World, grant: identity_pb2.Grant) -> None:
    await world.authorities.DeleteGrant(identity_pb2.DeleteGrantRequest(grant_id=grant.id))


async def give_again(world: World, grant: identity_pb2.Grant) -> identity_pb2.Grant:
    request = identity_pb2.UndeleteGrantRequest(request_id=str(uuid4()), grant_id=grant.id)
    return (await world.authorities.UndeleteGrant(request)).grant


async def held_roles(world: World) -> list[str]:
    """What the access token of a fresh session says."""
    _, _, claims = await world.access(await world.session(EMAIL))
    return [grant["role"] for grant in claims["grants"]]


def operator(world: World, ids: Mapping[str, str], *slugs: str) -> rpc.AuthoritiesServiceStub:
    """The RPCs for somebody who operates these authorities."""
    grant = Grant("operator", ids[slugs[0]], frozenset(ids[slug] for slug in slugs))
    person = PersonClaims(str(uuid4()), "", "email", (), "", (grant,))
    return rpc.AuthoritiesServiceStub(world.channel("gateway", person))


def soon(**later: float) -> datetime:
    return datetime.now(UTC) + timedelta(**later)


async def test_a_role_covers_everything_below(world: World) -> None:
    ids = await world.put_region()
    await world.grant(EMAIL, "officer", "east")
    person, _, claims = await world.access(await world.session(EMAIL))
    assert set(person.grants[0].covers_authority_ids) == {ids["east"], ids["town"]}
    assert claims["grants"] == [{"role": "officer", "authority": ids["east"], "covers": [ids["east"], ids["town"]]}]


async def test_without_a_slug_all_top_authorities_are_meant(world: World) -> None:
    await world.put_region(region(TERRITORIES, [*AUTHORITIES, ("island", "", "UA32")]))
    grants = await world.grant(EMAIL, "operator")
    covered = [len(grant.covers_authority_ids) for grant in grants]
    assert sorted(covered) == [1, 4]


async def test_a_role_given_twice_is_one(world: World) -> None:
    first = await world.grant(EMAIL, "officer", "town")
    again = await world.grant(EMAIL, "officer", "town")
    assert [each.id for each in again] == [each.id for each in first]


async def test_a_repeated_request_gets_the_same_grant(world: World) -> None:
    request = identity_pb2.CreateGrantRequest(
        request_id=str(uuid4()), email=EMAIL, role="officer", authority_slug="town"
    )
    first = await world.authorities.CreateGrant(request)
    await world.authorities.DeleteGrant(identity_pb2.DeleteGrantRequest(grant_id=first.grants[0].id))
    assert await world.authorities.CreateGrant(request) == first


async def test_a_role_taken_back_is_gone_and_stays_on_record(world: World) -> None:
    grant = (await world.grant(EMAIL, "officer", "town"))[0]
    for _ in range(2):
        await world.authorities.DeleteGrant(identity_pb2.DeleteGrantRequest(grant_id=grant.id))
    person, _, claims = await world.access(await world.session(EMAIL))
    assert (list(person.grants), claims["grants"]) == ([], [])
    assert await world.sql("SELECT role, until_at IS NOT NULL FROM grants") == [("officer", True)]


async def test_a_role_can_be_given_again(world: World) -> None:
    first = (await world.grant(EMAIL, "officer", "town"))[0]
    await world.authorities.DeleteGrant(identity_pb2.DeleteGrantRequest(grant_id=first.id))
    second = (await world.grant(EMAIL, "officer", "town"))[0]
    assert second.id != first.id


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"role": "king"}, {"role": "UNKNOWN_ROLE"}),
        ({"slug": "nowhere"}, {"authority_slug": "UNKNOWN_AUTHORITY"}),
        ({"email": "x"}, {"email": "BAD_EMAIL"}),
    ],
)
async def test_a_bad_grant_is_refused(world: World, fields: dict, expected: dict) -> None:
    with pytest.raises(FakeRpcError) as caught:
        await world.grant(**{"email": EMAIL, "role": "officer", "slug": "town", **fields})
    assert reasons(caught.value) == expected


async def test_taking_back_what_was_never_given_is_refused(world: World) -> None:
    with pytest.raises(FakeRpcError, match="GRANT_UNKNOWN"):
        await world.authorities.DeleteGrant(identity_pb2.DeleteGrantRequest(grant_id=str(uuid4())))


async def test_without_authorities_nobody_can_hold_a_role(world: World) -> None:
    await world.sql("DELETE FROM authorities")
    with pytest.raises(FakeRpcError, match="NO_AUTHORITIES"):
        await world.grant(EMAIL, "operator")


@pytest.mark.parametrize("role", ["operator", "officer", "moderator", "press"])
async def test_a_role_of_each_name_can_be_held(world: World, role: str) -> None:
    await give(world, role)
    assert await held_roles(world) == [role]


async def test_a_role_ends_by_itself(world: World) -> None:
    (grant,) = await give(world, until_at=soon(hours=1))
    assert grant.until_at.seconds > 0
    assert await held_roles(world) == ["officer"]
    await world.sql(
        "UPDATE grants SET from_at = from_at - interval '2 hours', until_at = until_at - interval '2 hours'"
    )
    assert await held_roles(world) == []


async def test_a_role_that_begins_later_does_not_hold_yet(world: World) -> None:
    await give(world, from_at=soon(hours=1))
    assert await held_roles(world) == []
    await world.sql("UPDATE grants SET from_at = now() - interval '1 second'")
    assert await held_roles(world) == ["officer"]


async def test_a_role_cannot_end_before_it_begins(world: World) -> None:
    with pytest.raises(FakeRpcError) as caught:
        await give(world, from_at=soon(hours=2), until_at=soon(hours=1))
    assert reasons(caught.value) == {"until_at": "TOO_EARLY"}


async def test_a_role_cannot_have_ended_already(world: World) -> None:
    with pytest.raises(FakeRpcError) as caught:
        await give(world, until_at=soon(hours=-1))
    assert reasons(caught.value) == {"until_at": "TOO_EARLY"}


async def test_a_role_held_for_a_part_of_the_time_is_refused(world: World) -> None:
    await give(world, until_at=soon(hours=1))
    with pytest.raises(FakeRpcError, match="ROLE_HELD"):
        await give(world, until_at=soon(hours=2))


async def test_a_role_held_for_all_of_the_time_stays_as_it_is(world: World) -> None:
    (first,) = await give(world)
    (again,) = await give(world, until_at=soon(hours=2))
    assert again == first


async def test_one_role_can_follow_another(world: World) -> None:
    ends_at = soon(hours=1)
    await give(world, until_at=ends_at)
    await give(world, from_at=ends_at)
    assert await world.sql("SELECT count(*) FROM grants") == [(2,)]


async def test_a_role_taken_back_is_given_again_with_its_end(world: World) -> None:
    (grant,) = await give(world, until_at=soon(hours=1))
    await take_back(world, grant)
    assert await held_roles(world) == []
    again = await give_again(world, grant)
    assert (again.id != grant.id, again.until_at) == (True, grant.until_at)
    assert await held_roles(world) == ["officer"]


async def test_a_role_that_has_not_begun_can_be_taken_back(world: World) -> None:
    (grant,) = await give(world, from_at=soon(hours=1))
    await take_back(world, grant)
    await world.sql(
        "UPDATE grants SET from_at = from_at - interval '2 hours', until_at = until_at - interval '2 hours'"
    )
    assert await held_roles(world) == []


async def test_a_role_that_would_be_over_is_not_given_again(world: World) -> None:
    (grant,) = await give(world, until_at=soon(hours=1))
    await take_back(world, grant)
    await world.sql("UPDATE grants SET from_at = from_at - interval '3 hours', given_until_at = now()")
    with pytest.raises(FakeRpcError, match="GRANT_OVER"):
        await give_again(world, grant)


async def test_giving_again_what_still_holds_changes_nothing(world: World) -> None:
    (grant,) = await give(world)
    assert (await give_again(world, grant)).id == grant.id


async def test_operators_take_back_roles_on_their_own_authorities_alone(world: World) -> None:
    ids = await world.put_region()
    (grant,) = await give(world, slug="town")
    request = identity_pb2.DeleteGrantRequest(grant_id=grant.id)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await operator(world, ids, "west").DeleteGrant(request)
    await operator(world, ids, "east", "town").DeleteGrant(request)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await operator(world, ids, "west").UndeleteGrant(
            identity_pb2.UndeleteGrantRequest(request_id=str(uuid4()), grant_id=grant.id)
        )


async def test_operators_see_roles_on_their_own_authorities_alone(world: World) -> None:
    ids = await world.put_region()
    await give(world, slug="town")
    await give(world, "moderator", "west")
    listed = (await operator(world, ids, "east", "town").ListGrants(identity_pb2.ListGrantsRequest())).grants
    assert [(each.email, each.grant.role, each.grant.authority_id) for each in listed] == [
        (EMAIL, "officer", ids["town"])
    ]
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await operator(world, ids, "east", "town").ListGrants(identity_pb2.ListGrantsRequest(authority_id=ids["west"]))


async def test_roles_that_are_over_are_a_list_of_their_own(world: World) -> None:
    (first,) = await give(world, slug="town")
    await give(world, slug="west")
    await take_back(world, first)
    lists = [
        [each.grant.authority_id for each in (await world.authorities.ListGrants(request)).grants]
        for request in (identity_pb2.ListGrantsRequest(), identity_pb2.ListGrantsRequest(over=True))
    ]
    ids = await world.put_region()
    assert lists == [[ids["west"]], [ids["town"]]]


async def test_roles_are_listed_page_by_page(world: World) -> None:
    for slug in ("town", "west", "east"):
        await give(world, slug=slug)
    first = await world.authorities.ListGrants(identity_pb2.ListGrantsRequest(page_size=2))
    rest = await world.authorities.ListGrants(
        identity_pb2.ListGrantsRequest(page_size=2, page_token=first.next_page_token)
    )
    assert (len(first.grants), len(rest.grants), rest.next_page_token) == (2, 1, "")


async def test_somebody_who_was_erased_is_listed_without_a_name(world: World) -> None:
    await give(world)
    await world.sql("DELETE FROM person_details")
    (listed,) = (await world.authorities.ListGrants(identity_pb2.ListGrantsRequest())).grants
    assert (listed.email, listed.name) == ("", "")
