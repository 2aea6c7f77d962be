"""Organisations: founded by people, confirmed by operators, joined by invitation."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from viche.identity.v1 import events_pb2
from viche.identity.v1 import organisations_pb2 as pb
from viche.identity.v1 import organisations_pb2_grpc as rpc

from tests.integration.identity.world import World, reasons
from viche_chassis.access import read_person
from viche_chassis.testing import FakeRpcError

OLENA, IVAN, OPERATOR = "olena@example.org", "ivan@example.org", "operator@example.org"
MEMBER, REPRESENTATIVE = pb.MEMBER_ROLE_MEMBER, pb.MEMBER_ROLE_REPRESENTATIVE
WAITING, CONFIRMED, REFUSED = (
    pb.ORGANISATION_STATE_WAITING, pb.ORGANISATION_STATE_CONFIRMED, pb.ORGANISATION_STATE_REFUSED,
)  # fmt: skip


class Region:
    """People, and the operators of "east"."""

    def __init__(self, world: World, authorities: dict[str, str], operator: Any) -> None:
        self.world = world
        self.authorities = authorities
        self.operator = operator
        self.anybody = rpc.OrganisationsServiceStub(world.channel("gateway"))

    async def person(self, email: str) -> Any:
        """The RPCs for somebody who has just signed in."""
        _, _, claims = await self.world.access(await self.world.session(email))
        return rpc.OrganisationsServiceStub(self.world.channel("gateway", read_person(claims)))

    async def put(self, who: Any, id: str = "", **differences: Any) -> str:
        """Founds or corrects an organisation; gives its id."""
        values: dict[str, Any] = {
            "request_id": str(uuid4()), "organisation_id": id, "title": "Clean river", "register_number": "12 345 678",
            "kind": pb.ORGANISATION_KIND_ASSOCIATION, "authority_id": self.authorities["east"],
        }  # fmt: skip
        return (await who.PutOrganisation(pb.PutOrganisationRequest(**values | differences))).organisation_id

    async def mine(self, who: Any) -> list[pb.MyOrganisation]:
        return list((await who.ListMyOrganisations(pb.ListMyOrganisationsRequest())).organisations)

    async def invite(self, who: Any, id: str, role: Any = MEMBER, **fields: str) -> str:
        request = pb.CreateInvitationRequest(
            **{"request_id": str(uuid4()), "organisation_id": id, "role": role, **fields}
        )
        return (await who.CreateInvitation(request)).token

    async def accept(self, who: Any, token: str) -> str:
        return (await who.AcceptInvitation(pb.AcceptInvitationRequest(token=token))).organisation_id

    async def confirm(self, id: str, version: int = 1, who: Any = None, **fields: str) -> None:
        values = {"request_id": str(uuid4()), "organisation_id": id, "version": version, **fields}
        await (who or self.operator).ConfirmOrganisation(pb.ConfirmOrganisationRequest(**values))

    async def refuse(self, id: str, version: int = 1, reason: str = "No such number in the register.") -> None:
        await self.operator.RefuseOrganisation(
            pb.RefuseOrganisationRequest(request_id=str(uuid4()), organisation_id=id, version=version, reason=reason)
        )

    async def token(self, who: Any, id: str) -> dict[str, Any]:
        """The claims of the proof that somebody represents an organisation."""
        answer = await who.CreateOrganisationToken(pb.CreateOrganisationTokenRequest(organisation_id=id))
        return self.world.identity.verifier.verify(answer.token, audience="petitions")


@pytest.fixture
async def region(world: World) -> Region:
    rows = await world.sql("SELECT slug, id FROM authorities")
    await world.grant(OPERATOR, "operator", "east")
    found = Region(world, {slug: str(id) for slug, id in rows}, None)
    found.operator = await found.person(OPERATOR)
    return found


async def test_an_organisation_waits_until_an_operator_confirms_it(region: Region) -> None:
    olena = await region.person(OLENA)
    id = await region.put(olena)
    (before,) = await region.mine(olena)
    assert (before.organisation.state, before.role) == (WAITING, REPRESENTATIVE)
    assert before.organisation.register_number == "12345678"
    with pytest.raises(FakeRpcError, match="ORGANISATION_NOT_CONFIRMED"):
        await region.token(olena, id)
    await region.confirm(id)
    (after,) = await region.mine(olena)
    assert after.organisation.state == CONFIRMED
    claims = await region.token(olena, id)
    assert (claims["scope"], claims["title"], claims["register_number"]) == (
        f"organisation:{id}", "Clean river", "12345678",
    )  # fmt: skip
    assert claims["confirmed_at"] == after.organisation.decided_at.seconds


async def test_the_proof_is_for_the_person_who_asked(region: Region) -> None:
    olena = await region.person(OLENA)
    id = await region.put(olena)
    await region.confirm(id)
    _, _, claims = await region.world.access(await region.world.session(OLENA))
    assert (await region.token(olena, id))["sub"] == claims["authors"]


async def test_a_refusal_tells_why_and_a_correction_waits_anew(region: Region) -> None:
    olena = await region.person(OLENA)
    id = await region.put(olena)
    await region.refuse(id)
    (refused,) = await region.mine(olena)
    assert (refused.organisation.state, refused.organisation.reason) == (REFUSED, "No such number in the register.")
    assert await region.put(olena, id, register_number="87654321") == id
    (again,) = await region.mine(olena)
    assert (again.organisation.state, again.organisation.reason, again.organisation.version) == (WAITING, "", 3)


async def test_a_confirmation_is_taken_back(region: Region) -> None:
    olena = await region.person(OLENA)
    id = await region.put(olena)
    await region.confirm(id)
    await region.refuse(id, 2, "The association was dissolved.")
    with pytest.raises(FakeRpcError, match="ORGANISATION_NOT_CONFIRMED"):
        await region.token(olena, id)


async def test_nobody_confirms_what_they_have_not_seen(region: Region) -> None:
    olena = await region.person(OLENA)
    id = await region.put(olena)
    await region.put(olena, id, title="Another name")
    with pytest.raises(FakeRpcError, match="ORGANISATION_CHANGED"):
        await region.confirm(id, 1)


async def test_a_number_of_the_register_is_confirmed_once(region: Region) -> None:
    ids = [await region.put(await region.person(email)) for email in (OLENA, IVAN)]
    said = await asyncio.gather(*(region.confirm(id) for id in ids), return_exceptions=True)
    refused = [each for each in said if isinstance(each, FakeRpcError)]
    assert len(refused) == 1
    assert "ORGANISATION_TAKEN" in str(refused[0])


async def test_operators_decide_for_their_authorities_and_not_about_their_own(region: Region) -> None:
    olena = await region.person(OLENA)
    elsewhere = await region.put(olena, authority_id=region.authorities["west"])
    with pytest.raises(FakeRpcError, match="NOT_YOUR_AUTHORITY"):
        await region.confirm(elsewhere)
    own = await region.put(region.operator, register_number="1")
    with pytest.raises(FakeRpcError, match="OWN_ORGANISATION"):
        await region.confirm(own)
    with pytest.raises(FakeRpcError, match="ORGANISATION_UNKNOWN"):
        await region.confirm(str(uuid4()))


async def test_operators_see_those_that_wait_first(region: Region) -> None:
    olena = await region.person(OLENA)
    ids = [await region.put(olena, register_number=str(number)) for number in range(3)]
    await region.put(olena, register_number="9", authority_id=region.authorities["west"])
    await region.confirm(ids[0])
    listed = await region.operator.ListOrganisations(pb.ListOrganisationsRequest())
    assert [each.id for each in listed.organisations] == [ids[1], ids[2], ids[0]]


async def test_operators_see_who_acts_and_nobody_else_does(region: Region) -> None:
    olena, ivan = await region.person(OLENA), await region.person(IVAN)
    id = await region.put(olena)
    await region.accept(ivan, await region.invite(olena, id))
    (asking,) = (await region.operator.ListOrganisations(pb.ListOrganisationsRequest())).organisations
    assert [(each.email, each.role) for each in asking.representatives] == [(OLENA, REPRESENTATIVE)]
    for who in (olena, ivan):
        (mine,) = await region.mine(who)
        assert list(mine.organisation.representatives) == []
        assert [each.email for each in mine.members if each.email] == []


async def test_representatives_are_told_what_was_decided_while_it_holds(region: Region) -> None:
    olena, ivan = await region.person(OLENA), await region.person(IVAN)
    id = await region.put(olena)
    await region.accept(ivan, await region.invite(olena, id))
    await region.refuse(id)
    name = events_pb2.OrganisationDecided.DESCRIPTOR.full_name
    rows = await region.world.sql("SELECT payload FROM outbox WHERE type = %(name)s", name=name)
    (told,) = [events_pb2.OrganisationDecided.FromString(row[0]).membership_id for row in rows]
    office = rpc.OrganisationsServiceStub(region.world.channel("notifications"))
    request = pb.GetDecisionMailRequest(membership_id=told)
    mail = await office.GetDecisionMail(request)
    assert (mail.email, mail.is_confirmed, mail.reason) == (OLENA, False, "No such number in the register.")
    await region.put(olena, id)
    with pytest.raises(FakeRpcError, match="NOT_FOUND"):
        await office.GetDecisionMail(request)


async def test_decisions_are_on_the_trail(region: Region) -> None:
    id = await region.put(await region.person(OLENA))
    await region.confirm(id)
    rows = await region.world.sql("SELECT action, object, authority_id::text FROM officer_actions ORDER BY id")
    assert rows[-1] == ("ConfirmOrganisation", f"organisation:{id}", region.authorities["east"])


async def test_the_same_request_founds_one(region: Region) -> None:
    olena, request_id = await region.person(OLENA), str(uuid4())
    assert await region.put(olena, request_id=request_id) == await region.put(olena, request_id=request_id)
    assert len(await region.mine(olena)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": " "}, {"title": "REQUIRED"}),
        ({"title": "n" * 201}, {"title": "TOO_LONG"}),
        ({"title": "a\u202eb"}, {"title": "CONTROL_CHARACTERS"}),
        ({"register_number": " "}, {"register_number": "REQUIRED"}),
        ({"kind": 0}, {"kind": "REQUIRED"}),
        ({"authority_id": "018f5c1e-0000-7000-8000-0000000000ff"}, {"authority_id": "UNKNOWN_AUTHORITY"}),
    ],
)
async def test_what_cannot_be_asked_is_told_by_field(
    region: Region, fields: dict[str, Any], said: dict[str, str]
) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await region.put(await region.person(OLENA), **fields)
    assert reasons(refused.value) == said


async def test_people_join_by_a_link_that_works_once(region: Region) -> None:
    olena, ivan, third = [await region.person(email) for email in (OLENA, IVAN, "third@example.org")]
    id = await region.put(olena)
    token = await region.invite(olena, id)
    shown = await region.anybody.GetInvitation(pb.GetInvitationRequest(token=token))
    assert (shown.title, shown.role) == ("Clean river", MEMBER)
    assert await region.accept(ivan, token) == id
    assert await region.accept(ivan, token) == id
    with pytest.raises(FakeRpcError, match="LINK_USED"):
        await region.accept(third, token)
    (seen,) = await region.mine(olena)
    assert [(each.name, each.role, each.is_me) for each in seen.members] == [
        (OLENA, REPRESENTATIVE, True), (IVAN, MEMBER, False),
    ]  # fmt: skip
    (ivans,) = await region.mine(ivan)
    assert list(ivans.members) == []


async def test_of_two_who_use_a_link_at_once_one_joins(region: Region) -> None:
    olena = await region.person(OLENA)
    token = await region.invite(olena, await region.put(olena))
    others = [await region.person(f"other{number}@example.org") for number in range(3)]
    said = await asyncio.gather(*(region.accept(each, token) for each in others), return_exceptions=True)
    assert sum(isinstance(each, str) for each in said) == 1


async def test_links_end_and_are_not_made_up(region: Region) -> None:
    olena = await region.person(OLENA)
    token = await region.invite(olena, await region.put(olena))
    await region.world.sql("UPDATE organisation_invitations SET expires_at = now()")
    with pytest.raises(FakeRpcError, match="LINK_EXPIRED"):
        await region.accept(await region.person(IVAN), token)
    with pytest.raises(FakeRpcError, match="LINK_UNKNOWN"):
        await region.anybody.GetInvitation(pb.GetInvitationRequest(token="made-up"))


async def test_the_same_request_makes_one_link(region: Region) -> None:
    olena, request_id = await region.person(OLENA), str(uuid4())
    id, other = await region.put(olena), await region.put(olena, register_number="2")
    first = await region.invite(olena, id, request_id=request_id)
    assert await region.invite(olena, id, request_id=request_id) == first
    with pytest.raises(FakeRpcError, match="ORGANISATION_UNKNOWN"):
        await region.invite(olena, other, request_id=request_id)


async def test_members_do_not_act_and_strangers_see_nothing(region: Region) -> None:
    olena, ivan, stranger = [await region.person(email) for email in (OLENA, IVAN, "third@example.org")]
    id = await region.put(olena)
    await region.accept(ivan, await region.invite(olena, id))
    await region.confirm(id)
    for who, reason in ((ivan, "NOT_REPRESENTATIVE"), (stranger, "ORGANISATION_UNKNOWN")):
        for act in (region.token(who, id), region.invite(who, id), region.put(who, id)):
            with pytest.raises(FakeRpcError, match=reason):
                await act


async def test_a_representative_who_uses_a_members_link_stays_one(region: Region) -> None:
    olena = await region.person(OLENA)
    id = await region.put(olena)
    await region.accept(olena, await region.invite(olena, id))
    assert (await region.mine(olena))[0].role == REPRESENTATIVE


async def test_members_leave_and_are_removed_but_one_represents(region: Region) -> None:
    olena, ivan = await region.person(OLENA), await region.person(IVAN)
    id = await region.put(olena)

    async def end(who: Any, membership: str) -> None:
        await who.EndMembership(pb.EndMembershipRequest(organisation_id=id, membership_id=membership))

    (mine,) = await region.mine(olena)
    with pytest.raises(FakeRpcError, match="LAST_REPRESENTATIVE"):
        await end(olena, mine.membership_id)
    await region.accept(ivan, await region.invite(olena, id))
    (ivans,) = await region.mine(ivan)
    with pytest.raises(FakeRpcError, match="NOT_REPRESENTATIVE"):
        await end(ivan, mine.membership_id)
    await end(olena, ivans.membership_id)
    assert await region.mine(ivan) == []
    await region.accept(ivan, await region.invite(olena, id, REPRESENTATIVE))
    (again,) = await region.mine(ivan)
    said = await asyncio.gather(end(olena, mine.membership_id), end(ivan, again.membership_id), return_exceptions=True)
    assert sum(isinstance(each, FakeRpcError) for each in said) == 1


async def test_whoever_is_removed_does_not_come_back_by_a_link_of_before(region: Region) -> None:
    olena, ivan = await region.person(OLENA), await region.person(IVAN)
    id = await region.put(olena)
    await region.accept(ivan, await region.invite(olena, id, REPRESENTATIVE))
    kept = await region.invite(ivan, id, REPRESENTATIVE)
    (ivans,) = await region.mine(ivan)
    await olena.EndMembership(pb.EndMembershipRequest(organisation_id=id, membership_id=ivans.membership_id))
    with pytest.raises(FakeRpcError, match="LINK_EXPIRED"):
        await region.accept(ivan, kept)
    assert await region.accept(ivan, await region.invite(olena, id)) == id


async def test_links_of_an_organisation_outlive_members_who_leave(region: Region) -> None:
    olena, ivan, third = [await region.person(email) for email in (OLENA, IVAN, "third@example.org")]
    id = await region.put(olena)
    await region.accept(ivan, await region.invite(olena, id))
    waiting = await region.invite(olena, id)
    (ivans,) = await region.mine(ivan)
    await ivan.EndMembership(pb.EndMembershipRequest(organisation_id=id, membership_id=ivans.membership_id))
    assert await region.accept(third, waiting) == id


async def test_one_person_does_not_found_more_by_asking_at_once(region: Region) -> None:
    olena = await region.person(OLENA)
    for number in range(19):
        await region.put(olena, register_number=str(number))
    looks = (olena.ListMyOrganisations(pb.ListMyOrganisationsRequest()) for _ in range(8))
    await asyncio.gather(*looks)  # so that all find a connection to the database at hand
    said = await asyncio.gather(
        *(region.put(olena, register_number=f"more {number}") for number in range(6)), return_exceptions=True
    )
    assert sum(isinstance(each, str) for each in said) == 1
    assert len(await region.mine(olena)) == 20


async def test_memberships_are_erased_with_the_person(region: Region) -> None:
    olena, ivan = await region.person(OLENA), await region.person(IVAN)
    id = await region.put(olena)
    await region.accept(ivan, await region.invite(olena, id))
    await region.world.sql(
        "INSERT INTO erasure_requests SELECT person_id, now(), now(), false FROM organisation_members"
        " WHERE role = 'member'"
    )
    await region.world.identity.erasing.erase_due()
    assert await region.world.sql("SELECT role FROM organisation_members") == [("representative",)]
    assert await region.world.sql("SELECT used_by, used_at IS NOT NULL FROM organisation_invitations") == [(None, True)]
