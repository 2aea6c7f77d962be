"""Who comes through a provider joins a person by proof alone (ADR 0015)."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from viche.identity.v1 import identity_pb2
from viche.identity.v1 import providers_pb2 as pb

from tests.integration.identity.visiting import BROWSER, Portal
from tests.providers.server import Visitor
from viche_chassis.testing import FakeRpcError


async def test_a_mailbox_that_somebody_holds_is_joined_by_its_link_alone(portal: Portal, visitor: Visitor) -> None:
    by_mail, _, _ = await portal.world.access(await portal.world.session("ann@example.org"))
    asked = await portal.sign_in(visitor, "ann")
    assert (asked.session_token, asked.email) == ("", "ann@example.org")
    joined, _, _ = await portal.world.access(await portal.use_mail())
    assert (joined.id, joined.assurance) == (by_mail.id, identity_pb2.ASSURANCE_HIGH)
    again, _, _ = await portal.world.access((await portal.sign_in(visitor, "ann")).session_token)
    assert again.id == by_mail.id


async def test_a_link_in_another_browser_joins_nothing(portal: Portal, visitor: Visitor) -> None:
    """Else whoever claims another's address at a provider would get that account as soon as a link is pressed."""
    victim, _, _ = await portal.world.access(await portal.world.session("bob@example.org"))
    await portal.sign_in(visitor, "bob")
    pressed, _, _ = await portal.world.access(await portal.use_mail(browser="the-victim's"))
    assert (pressed.id, pressed.assurance) == (victim.id, identity_pb2.ASSURANCE_EMAIL)
    assert (await portal.sign_in(visitor, "bob")).session_token == ""


async def test_an_address_without_the_providers_word_waits_for_its_link(portal: Portal, visitor: Visitor) -> None:
    asked = await portal.sign_in(visitor, "bob")
    assert (asked.session_token, asked.email) == ("", "bob@example.org")
    person, _, _ = await portal.world.access(await portal.use_mail())
    assert (person.email, person.name, person.assurance) == ("bob@example.org", "Bob", identity_pb2.ASSURANCE_EMAIL)


async def test_one_can_go_on_without_the_address_once_and_in_the_same_browser(portal: Portal, visitor: Visitor) -> None:
    asked = await portal.sign_in(visitor, "bob")
    request = pb.ContinueWithoutAddressRequest(pending_token=asked.pending_token, browser="another")
    with pytest.raises(FakeRpcError, match="ATTEMPT_OVER"):
        await portal.stub.ContinueWithoutAddress(request)
    request.browser = BROWSER
    opened = await portal.stub.ContinueWithoutAddress(request)
    person, _, _ = await portal.world.access(opened.session_token)
    assert (person.email, person.name, opened.return_path) == ("", "Bob", "/petitions/7")
    with pytest.raises(FakeRpcError, match="ATTEMPT_OVER"):
        await portal.stub.ContinueWithoutAddress(request)


async def test_who_has_no_address_gets_one_later_in_the_same_browser(portal: Portal, visitor: Visitor) -> None:
    opened = await portal.sign_in(visitor, "eve")
    eve, _, _ = await portal.world.access(opened.session_token)
    mine = await portal.mine(opened.session_token)
    await mine.RequestMyAddressLink(address("eve@example.org"))
    with_address, _, _ = await portal.world.access(await portal.use_mail(session=opened.session_token))
    assert (with_address.id, with_address.email) == (eve.id, "eve@example.org")
    assert not (await mine.ListMyConnections(pb.ListMyConnectionsRequest())).is_only_way
    with pytest.raises(FakeRpcError, match="ADDRESS_HELD"):
        await mine.RequestMyAddressLink(address("other@example.org"))


async def test_a_session_that_was_left_open_gets_no_address(portal: Portal, visitor: Visitor) -> None:
    mine = await portal.mine((await portal.sign_in(visitor, "eve")).session_token)
    await portal.world.sql("UPDATE sessions SET created_at = created_at - interval '61 minutes'")
    with pytest.raises(FakeRpcError, match="CONFIRM_FIRST"):
        await mine.RequestMyAddressLink(address("eve@example.org"))


@pytest.mark.parametrize(("email", "browser"), [("new@example.org", "the-victim's"), ("held@example.org", BROWSER)])
async def test_an_address_goes_to_nobody_else(portal: Portal, visitor: Visitor, email: str, browser: str) -> None:
    await portal.world.session("held@example.org")
    opened = await portal.sign_in(visitor, "eve")
    eve, _, _ = await portal.world.access(opened.session_token)
    await (await portal.mine(opened.session_token)).RequestMyAddressLink(address(email))
    other, _, _ = await portal.world.access(await portal.use_mail(browser=browser))
    assert other.id != eve.id
    assert (await portal.world.access(opened.session_token))[0].email == ""


async def test_a_provider_can_be_connected_and_taken_off(portal: Portal, visitor: Visitor) -> None:
    session = await portal.world.session("anna@example.org")
    done = await portal.visit_as(session, pb.VISIT_PURPOSE_CONNECT, visitor, "ann")
    person, _, _ = await portal.world.access(session)
    assert (done.session_token, person.assurance) == (session, identity_pb2.ASSURANCE_HIGH)
    mine = await portal.mine(session)
    held = await mine.ListMyConnections(pb.ListMyConnectionsRequest())
    assert [each.provider for each in held.connections] == ["id-test"]
    by_provider, _, _ = await portal.world.access((await portal.sign_in(visitor, "ann")).session_token)
    assert by_provider.id == person.id
    await mine.DeleteMyConnection(pb.DeleteMyConnectionRequest(connection_id=held.connections[0].id))
    assert (await portal.world.access(session))[0].assurance == identity_pb2.ASSURANCE_EMAIL
    assert list((await mine.ListMyConnections(pb.ListMyConnectionsRequest())).connections) == []
    with pytest.raises(FakeRpcError, match="OTHER_PERSON"):
        await portal.visit_as(session, pb.VISIT_PURPOSE_CONFIRM, visitor, "ann")
    await portal.visit_as(session, pb.VISIT_PURPOSE_CONNECT, visitor, "ann")
    assert len((await mine.ListMyConnections(pb.ListMyConnectionsRequest())).connections) == 1
    again, _, _ = await portal.world.access((await portal.sign_in(visitor, "ann")).session_token)
    assert (again.id, again.assurance) == (person.id, identity_pb2.ASSURANCE_HIGH)


async def test_what_was_taken_off_gives_nobody_a_second_voice(portal: Portal, visitor: Visitor) -> None:
    """Else one identity signs from account to account, each time as surely as the provider says."""
    await portal.connect_and_take_off("anna@example.org", visitor, "ann")
    second = await portal.world.session("second@example.org")
    with pytest.raises(FakeRpcError, match="ALREADY_CONNECTED"):
        await portal.visit_as(second, pb.VISIT_PURPOSE_CONNECT, visitor, "ann")
    assert (await portal.world.access(second))[0].assurance == identity_pb2.ASSURANCE_EMAIL


@pytest.mark.parametrize("login", ["ann", "bob", "eve"])  # a vouched address, one that is not vouched for, none
async def test_what_was_taken_off_makes_no_second_person(portal: Portal, visitor: Visitor, login: str) -> None:
    await portal.connect_and_take_off("anna@example.org", visitor, login)
    with pytest.raises(FakeRpcError, match="ALREADY_CONNECTED"):
        await portal.sign_in(visitor, login)
    count = "SELECT (SELECT count(*) FROM persons) AS people, (SELECT count(*) FROM pending_connections) AS waiting"
    assert await portal.world.sql(count) == [(1, 0)]


async def test_a_link_from_before_joins_nobody_else_with_what_was_taken_off(portal: Portal, visitor: Visitor) -> None:
    waiting = await portal.sign_in(visitor, "bob")
    link = (await portal.world.mail()).token
    await portal.connect_and_take_off("anna@example.org", visitor, "bob")
    use = identity_pb2.ConsumeSignInLinkRequest(token=link, browser=BROWSER)
    bob, _, _ = await portal.world.access((await portal.world.sign_in.ConsumeSignInLink(use)).session_token)
    mine = await portal.mine(await portal.world.session("bob@example.org"))
    assert (bob.email, bob.assurance) == ("bob@example.org", identity_pb2.ASSURANCE_EMAIL)
    assert list((await mine.ListMyConnections(pb.ListMyConnectionsRequest())).connections) == []
    with pytest.raises(FakeRpcError, match="ATTEMPT_OVER"):
        await portal.stub.ContinueWithoutAddress(
            pb.ContinueWithoutAddressRequest(pending_token=waiting.pending_token, browser=BROWSER)
        )


async def test_going_on_without_the_address_makes_no_second_person(portal: Portal, visitor: Visitor) -> None:
    waiting = await portal.sign_in(visitor, "bob")
    await portal.connect_and_take_off("anna@example.org", visitor, "bob")
    with pytest.raises(FakeRpcError, match="ALREADY_CONNECTED"):
        await portal.stub.ContinueWithoutAddress(
            pb.ContinueWithoutAddressRequest(pending_token=waiting.pending_token, browser=BROWSER)
        )
    assert await portal.world.sql("SELECT count(*) FROM persons") == [(1,)]


async def test_connecting_needs_a_fresh_proof_and_the_same_person(portal: Portal, visitor: Visitor) -> None:
    session = await portal.world.session("anna@example.org")
    request = pb.BeginMyProviderVisitRequest(
        purpose=pb.VISIT_PURPOSE_CONNECT, provider="id-test", browser=BROWSER, language="uk"
    )
    url = (await (await portal.mine(session)).BeginMyProviderVisit(request)).url
    came = await asyncio.to_thread(visitor.visit, url, "ann")
    with pytest.raises(FakeRpcError, match="ATTEMPT_OVER"):
        await portal.back(came, replaced_session_token=await portal.world.session("another@example.org"))
    await portal.world.sql("UPDATE sessions SET confirmed_at = now() - interval '61 minutes'")
    with pytest.raises(FakeRpcError, match="CONFIRM_FIRST"):
        await (await portal.mine(session)).BeginMyProviderVisit(request)


async def test_what_has_a_person_cannot_be_connected_with_another(portal: Portal, visitor: Visitor) -> None:
    await portal.sign_in(visitor, "eve")
    session = await portal.world.session("anna@example.org")
    with pytest.raises(FakeRpcError, match="ALREADY_CONNECTED"):
        await portal.visit_as(session, pb.VISIT_PURPOSE_CONNECT, visitor, "eve")


async def test_the_last_way_in_stays(portal: Portal, visitor: Visitor) -> None:
    mine = await portal.mine((await portal.sign_in(visitor, "eve")).session_token)
    held = await mine.ListMyConnections(pb.ListMyConnectionsRequest())
    assert held.is_only_way
    with pytest.raises(FakeRpcError, match="LAST_WAY_IN"):
        await mine.DeleteMyConnection(pb.DeleteMyConnectionRequest(connection_id=held.connections[0].id))


async def test_of_two_ways_in_that_are_taken_off_at_once_one_stays(portal: Portal, visitor: Visitor) -> None:
    session = (await portal.sign_in(visitor, "eve")).session_token
    await portal.world.sql("UPDATE sessions SET confirmed_at = now()")
    with Visitor() as other:
        await portal.visit_as(session, pb.VISIT_PURPOSE_CONNECT, other, "bob")
    mine = await portal.mine(session)
    held = (await mine.ListMyConnections(pb.ListMyConnectionsRequest())).connections
    requests = [pb.DeleteMyConnectionRequest(connection_id=each.id) for each in held]
    looks = (mine.ListMyConnections(pb.ListMyConnectionsRequest()) for _ in range(8))
    await asyncio.gather(*looks)  # so that both find a connection to the database at hand
    done = await asyncio.gather(*(mine.DeleteMyConnection(each) for each in requests), return_exceptions=True)
    assert sorted(str(each) for each in done if isinstance(each, FakeRpcError)) == ["LAST_WAY_IN"]
    assert len((await mine.ListMyConnections(pb.ListMyConnectionsRequest())).connections) == 1


async def test_of_two_who_connect_the_same_at_once_one_gets_it(portal: Portal) -> None:
    came = {}
    for email in ("one@example.org", "two@example.org"):
        session = await portal.world.session(email)
        request = pb.BeginMyProviderVisitRequest(
            purpose=pb.VISIT_PURPOSE_CONNECT, provider="id-test", browser=BROWSER, language="uk"
        )
        url = (await (await portal.mine(session)).BeginMyProviderVisit(request)).url
        with Visitor() as visitor:
            came[session] = await asyncio.to_thread(visitor.visit, url, "eve")
    done = await asyncio.gather(
        *(portal.back(each, replaced_session_token=session) for session, each in came.items()), return_exceptions=True
    )
    assert [str(each) for each in done if isinstance(each, FakeRpcError)] == ["ALREADY_CONNECTED"]
    assert await portal.world.sql("SELECT count(*) FROM provider_connections") == [(1,)]


def address(email: str) -> pb.RequestMyAddressLinkRequest:
    return pb.RequestMyAddressLinkRequest(request_id=str(uuid4()), email=email, language="uk", browser=BROWSER)
