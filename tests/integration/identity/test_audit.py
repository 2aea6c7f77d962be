"""The trail: every act of an officer is in it, with the act's own transaction; nothing else is."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from viche.identity.v1 import audit_pb2, identity_pb2
from viche.identity.v1 import audit_pb2_grpc as audit_rpc
from viche.identity.v1 import identity_pb2_grpc as rpc

from tests.integration.identity.world import World
from viche_chassis.access import PersonClaims, read_person
from viche_chassis.testing import FakeRpcError

EMAIL = "operator@example.org"


async def operator(world: World, slug: str = "east") -> PersonClaims:
    """Somebody who operates an authority."""
    await world.grant(EMAIL, "operator", slug)
    _, _, claims = await world.access(await world.session(EMAIL))
    return read_person(claims)


async def entries(world: World, viewer: PersonClaims | None = None, **asked: Any) -> list[audit_pb2.OfficerAction]:
    stub = audit_rpc.AuditServiceStub(world.channel("cli" if viewer is None else "gateway", viewer))
    return list((await stub.ListOfficerActions(audit_pb2.ListOfficerActionsRequest(**asked))).actions)


async def give(world: World, person: PersonClaims, **differences: str) -> identity_pb2.CreateGrantRequest:
    values = {"request_id": str(uuid4()), "email": "new@example.org", "role": "press", "authority_slug": "town"}
    request = identity_pb2.CreateGrantRequest(**{**values, **differences})
    await rpc.AuthoritiesServiceStub(world.channel("gateway", person)).CreateGrant(request)
    return request


async def test_an_act_says_who_did_what_to_what(world: World) -> None:
    ids = await world.put_region()
    person = await operator(world)
    request = await give(world, person)
    latest = (await entries(world))[0]
    assert (latest.action, latest.service, list(latest.roles)) == ("CreateGrant", "gateway", ["operator"])
    assert (latest.authority_id, latest.request_id) == (ids["town"], request.request_id)
    assert latest.object.startswith("grant:")
    stub = audit_rpc.AuditServiceStub(world.channel("gateway", person))
    resolved = await stub.ResolveOfficers(audit_pb2.ResolveOfficersRequest(pseudonyms=[latest.person]))
    assert [(each.pseudonym, each.email) for each in resolved.officers] == [(latest.person, EMAIL)]


async def test_the_command_line_is_on_the_trail_without_a_person(world: World) -> None:
    await world.grant(EMAIL, "operator", "east")
    (entry,) = await entries(world)
    assert (entry.service, entry.person, entry.action) == ("cli", b"", "CreateGrant")


async def test_what_is_refused_or_repeated_leaves_no_entry(world: World) -> None:
    person = await operator(world)
    request = await give(world, person)
    before = await entries(world)
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await give(world, person, authority_slug="west")
    await rpc.AuthoritiesServiceStub(world.channel("gateway", person)).CreateGrant(request)
    await rpc.AuthoritiesServiceStub(world.channel("gateway", person)).ListGrants(identity_pb2.ListGrantsRequest())
    await world.sql("UPDATE persons SET language = 'bg'")
    assert await entries(world) == before


async def test_operators_see_what_concerns_their_authorities(world: World) -> None:
    person = await operator(world)
    await give(world, person)
    await world.grant("other@example.org", "press", "west")
    assert {each.action for each in await entries(world, person)} == {"CreateGrant"}
    assert len(await entries(world, person)) == 2
    assert len(await entries(world)) == 3


async def test_entries_are_read_page_by_page_and_by_person(world: World) -> None:
    person = await operator(world)
    for role in ("press", "officer", "moderator"):
        await give(world, person, role=role)
    first = await entries(world, page_size=3)
    rest = await entries(world, page_size=3, before_id=first[-1].id)
    assert (len(first), [each.service for each in rest]) == (3, ["cli"])
    assert len(await entries(world, person=first[0].person)) == 3


@pytest.mark.parametrize("change", ["UPDATE officer_actions SET action = 'Nothing'", "DELETE FROM officer_actions"])
async def test_entries_cannot_be_changed_or_removed(world: World, change: str) -> None:
    await operator(world)
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        await world.sql(change)


async def test_an_address_gives_the_pseudonym_of_an_officer_and_of_nobody_else(world: World) -> None:
    person = await operator(world)
    await world.session("citizen@example.org")
    stub = audit_rpc.AuditServiceStub(world.channel("gateway", person))
    found: Mapping[str, list[Any]] = {
        email: list((await stub.ResolveOfficers(audit_pb2.ResolveOfficersRequest(email=email))).officers)
        for email in (EMAIL, "citizen@example.org")
    }
    assert [each.email for each in found[EMAIL]] == [EMAIL]
    assert found["citizen@example.org"] == []


async def test_officers_of_an_authority_know_each_other_and_no_others(world: World) -> None:
    ids = await world.put_region()
    above = await operator(world)
    await give(world, above)
    await world.grant("elsewhere@example.org", "press", "west")
    press = read_person((await world.access(await world.session("new@example.org")))[2])
    stub = audit_rpc.AuditServiceStub(world.channel("gateway", press))
    found = await stub.ListColleagues(audit_pb2.ListColleaguesRequest(authority_id=ids["town"]))
    assert {each.email: list(each.roles) for each in found.officers} == {
        EMAIL: ["operator"],
        "new@example.org": ["press"],
    }
    (given,) = await entries(world, person=next(each.pseudonym for each in found.officers if each.email == EMAIL))
    assert given.action == "CreateGrant"
    with pytest.raises(FakeRpcError) as refused:
        await stub.ListColleagues(audit_pb2.ListColleaguesRequest(authority_id=ids["east"]))
    assert refused.value.reason == "NOT_YOUR_AUTHORITY"
