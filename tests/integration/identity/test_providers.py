"""Signing in through a real, certified OpenID provider, and through the same one as plain OAuth 2.0."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from viche.identity.v1 import identity_pb2, privacy_pb2, privacy_pb2_grpc
from viche.identity.v1 import providers_pb2 as pb
from viche.identity.v1 import providers_pb2_grpc as rpc

from tests.integration.identity.world import World, open_world
from tests.providers.server import CLIENT_ID, CLIENT_SECRET, ProviderServer, Visitor, provider_server
from viche_chassis import base64url
from viche_chassis.access import read_person
from viche_chassis.testing import FakeRpcError
from viche_cli.check.providers import check_providers
from viche_identity.housekeeping import Housekeeping

PUBLIC_URL = "http://portal.test"
BROWSER = "this-browser-and-no-other"
ACCOUNTS = {
    "ann": {"name": "Анна Коваль", "email": "ann@example.org", "email_verified": True, "level": "3",
            "address": {"code": "3204"}},
    "bob": {"name": "Bob", "email": "bob@example.org", "email_verified": False, "level": "9"},
    "eve": {"name": "Eve", "level": "2"},
}  # fmt: skip
OIDC = """
[id-test]
title = {{ en = "Test ID", uk = "Тест-ід" }}
issuer = "{issuer}"
client_id = "{client_id}"
client_secret_file = "id.secret"
[id-test.mapping]
assurance = {{ claim = "level", values = {{ "2" = "substantial", "3" = "high" }} }}
residence = {{ claim = "address.code", values = {{ "3204" = "UA3204" }} }}
[down]
title = "Down"
issuer = "http://127.0.0.1:9"
client_id = "x"
client_auth = "none"
"""
OAUTH2 = """
[id-test]
title = "Plain"
kind = "oauth2"
authorize_url = "{issuer}/auth"
token_url = "{issuer}/token"
userinfo_url = "{issuer}/me"
client_id = "{client_id}"
client_secret_file = "id.secret"
scopes = ["openid", "profile", "email"]
asks_each_time = true
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[ProviderServer]:
    """The provider; tests that change it put it right again."""
    with provider_server(ACCOUNTS, f"{PUBLIC_URL}/sign-in/with/id-test/back") as server:
        yield server


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    """A browser that the provider does not know yet."""
    with Visitor() as visitor:
        yield visitor


class Portal:
    """Identity as the gateway calls it for one browser."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stub = rpc.ProvidersServiceStub(world.channel("gateway"))

    async def begin(self, provider: str = "id-test", browser: str = BROWSER) -> str:
        request = pb.BeginProviderSignInRequest(
            provider=provider, browser=browser, language="uk", return_path="/petitions/7"
        )
        return (await self.stub.BeginProviderSignIn(request)).url

    async def back(self, came: dict[str, str], browser: str = BROWSER, **fields: Any) -> pb.FinishProviderVisitResponse:
        came = {name: value for name, value in came.items() if name in ("code", "state", "error")} | {
            "issuer": came.get("iss", "")
        }
        request = pb.FinishProviderVisitRequest(**({"provider": "id-test", "browser": browser} | came | fields))
        return await self.stub.FinishProviderVisit(request)

    async def sign_in(self, visitor: Visitor, login: str, **fields: Any) -> pb.FinishProviderVisitResponse:
        url = await self.begin()
        return await self.back(await asyncio.to_thread(visitor.visit, url, login), **fields)

    async def mine(self, session_token: str) -> rpc.ProvidersServiceStub:
        _, _, claims = await self.world.access(session_token)
        return rpc.ProvidersServiceStub(self.world.channel("gateway", read_person(claims)))

    async def visit_as(
        self, session_token: str, purpose: pb.VisitPurpose, visitor: Visitor, login: str
    ) -> pb.FinishProviderVisitResponse:
        request = pb.BeginMyProviderVisitRequest(purpose=purpose, provider="id-test", browser=BROWSER, language="uk")
        url = (await (await self.mine(session_token)).BeginMyProviderVisit(request)).url
        came = await asyncio.to_thread(visitor.visit, url, login)
        return await self.back(came, replaced_session_token=session_token)

    async def connect_and_take_off(self, email: str, visitor: Visitor, login: str) -> None:
        session = await self.world.session(email)
        await self.visit_as(session, pb.VISIT_PURPOSE_CONNECT, visitor, login)
        mine = await self.mine(session)
        held = (await mine.ListMyConnections(pb.ListMyConnectionsRequest())).connections
        await mine.DeleteMyConnection(pb.DeleteMyConnectionRequest(connection_id=held[0].id))

    async def use_mail(self, browser: str = BROWSER, session: str = "") -> str:
        request = identity_pb2.ConsumeSignInLinkRequest(
            token=(await self.world.mail()).token, browser=browser, replaced_session_token=session
        )
        return (await self.world.sign_in.ConsumeSignInLink(request)).session_token


@asynccontextmanager
async def open_portal(url: str, folder: Path, listed: str, issuer: str) -> AsyncIterator[Portal]:
    file = folder / "providers.toml"
    file.write_text(listed.format(issuer=issuer, client_id=CLIENT_ID), encoding="utf-8")
    (folder / "id.secret").write_text(f"{CLIENT_SECRET}\n", encoding="utf-8")
    async with open_world(url, folder, providers=str(file), public_url=PUBLIC_URL) as world:
        await world.put_region()
        yield Portal(world)


@pytest.fixture
async def portal(identity_url: str, tmp_path: Path, provider: ProviderServer) -> AsyncIterator[Portal]:
    """A portal with the provider, and one that is down."""
    async with open_portal(identity_url, tmp_path, OIDC, provider.issuer) as portal:
        yield portal


async def test_somebody_new_is_known_as_surely_as_the_provider_says(portal: Portal, visitor: Visitor) -> None:
    opened = await portal.sign_in(visitor, "ann", device="Firefox, Linux")
    person, access_token, claims = await portal.world.access(opened.session_token)
    assert opened.return_path == "/petitions/7"
    assert (person.email, person.name, person.residence_code) == ("ann@example.org", "Анна Коваль", "UA3204")
    assert (person.assurance, claims["assurance"]) == (identity_pb2.ASSURANCE_HIGH, "high")
    scoped = await portal.world.scope_tokens.BatchCreateScopeTokens(
        identity_pb2.BatchCreateScopeTokensRequest(
            items=[identity_pb2.ScopeTokenItem(access_token=access_token, audience="petitions", scope="petition:7")]
        )
    )
    token = scoped.results[0].scope_token
    assert portal.world.identity.verifier.verify(token, audience="petitions")["assurance"] == "high"


async def test_who_was_there_before_is_the_same_person(portal: Portal, visitor: Visitor) -> None:
    first = await portal.sign_in(visitor, "ann")
    second = await portal.sign_in(visitor, "ann", replaced_session_token=first.session_token)
    person, _, _ = await portal.world.access(second.session_token)
    assert person.email == "ann@example.org"
    assert await portal.world.sql("SELECT count(*) FROM persons") == [(1,)]
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await portal.world.access(first.session_token)


@pytest.mark.parametrize("login", ["ann", "eve"])
async def test_two_first_visits_at_once_make_one_person(portal: Portal, login: str) -> None:
    with Visitor() as one, Visitor() as other:
        came = []
        for visitor in (one, other):
            came.append(await asyncio.to_thread(visitor.visit, await portal.begin(), login))
    opened = await asyncio.gather(*(portal.back(each) for each in came))
    people = {(await portal.world.access(each.session_token))[0].id for each in opened}
    assert len(people) == 1
    assert await portal.world.sql("SELECT count(*) FROM persons") == [(1,)]


async def test_the_provider_is_asked_in_the_language_of_the_person(portal: Portal) -> None:
    assert "ui_locales=uk" in await portal.begin()


@pytest.mark.parametrize("state", ["", "x", "AAAA" * 16])
async def test_a_state_that_is_none_of_ours_is_refused(portal: Portal, visitor: Visitor, state: str) -> None:
    came = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    with pytest.raises(FakeRpcError, match="ATTEMPT_OVER" if state else "REQUIRED"):
        await portal.back(came, state=state)


async def test_another_browser_cannot_finish(portal: Portal, visitor: Visitor) -> None:
    came = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    for browser in ("", "another"):
        with pytest.raises(FakeRpcError, match="ATTEMPT_OVER"):
            await portal.back(came, browser=browser)
    assert (await portal.back(came)).session_token


async def test_a_visit_is_good_once(portal: Portal, visitor: Visitor) -> None:
    came = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    done = await asyncio.gather(*(portal.back(came) for _ in range(3)), return_exceptions=True)
    assert len([each for each in done if isinstance(each, FakeRpcError)]) == 2


async def test_a_visit_of_eleven_minutes_is_over(portal: Portal, visitor: Visitor) -> None:
    came = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    await portal.world.sql("UPDATE provider_visits SET expires_at = expires_at - interval '10 minutes 1 second'")
    with pytest.raises(FakeRpcError, match="ATTEMPT_OVER"):
        await portal.back(came)


async def test_a_code_that_was_used_or_made_for_another_visit_is_refused(portal: Portal, visitor: Visitor) -> None:
    came = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    await portal.back(came)
    again = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    with pytest.raises(FakeRpcError, match="PROVIDER_REFUSED"):
        await portal.back(again, code=came["code"])
    stolen = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    mine = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    with pytest.raises(FakeRpcError, match="PROVIDER_REFUSED"):  # its verifier is another one (RFC 7636)
        await portal.back(mine, code=stolen["code"])


async def test_an_answer_in_the_name_of_another_provider_is_refused(portal: Portal, visitor: Visitor) -> None:
    came = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    with pytest.raises(FakeRpcError, match="PROVIDER_REFUSED"):
        await portal.back(came, issuer="https://evil.example")
    came = await asyncio.to_thread(visitor.visit, await portal.begin(), "ann")
    with pytest.raises(FakeRpcError, match="ATTEMPT_OVER"):
        await portal.back(came, provider="down")


async def test_who_turns_back_is_told_so(portal: Portal, visitor: Visitor) -> None:
    url = await portal.begin()
    came = await asyncio.to_thread(lambda: visitor.visit(url, "ann", agrees=False))
    with pytest.raises(FakeRpcError, match="TURNED_BACK"):
        await portal.back(came)


async def test_keys_that_the_provider_has_changed_are_fetched_anew(
    portal: Portal, visitor: Visitor, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viche_identity.providers.metadata.ASK_AGAIN_S", 0.0)
    await portal.sign_in(visitor, "ann")
    provider.stop()
    provider.start()
    with Visitor() as later:
        assert (await portal.sign_in(later, "ann")).session_token


async def test_a_provider_that_is_down_or_unknown_is_named(portal: Portal) -> None:
    with pytest.raises(FakeRpcError, match="PROVIDER_UNAVAILABLE"):
        await portal.begin("down")
    with pytest.raises(FakeRpcError, match="PROVIDER_UNKNOWN"):
        await portal.begin("elsewhere")


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


async def test_officers_confirm_through_a_provider_that_asks_them_anew(portal: Portal, visitor: Visitor) -> None:
    await portal.world.grant("ann@example.org", "officer")
    await portal.sign_in(visitor, "ann")
    session = await portal.use_mail()
    await portal.world.sql("UPDATE sessions SET confirmed_at = now() - interval '1 day'")
    assert (await portal.world.access(session))[2]["grants"] == []
    confirmed = await portal.visit_as(session, pb.VISIT_PURPOSE_CONFIRM, visitor, "ann")
    assert (await portal.world.access(confirmed.session_token))[2]["grants"] != []


async def test_a_provider_that_knew_the_person_already_does_not_wake_roles(portal: Portal, visitor: Visitor) -> None:
    """Its session may be days old, and it says nothing of when it asked."""
    await portal.world.grant("ann@example.org", "officer")
    await portal.sign_in(visitor, "ann")
    await portal.use_mail()
    later = await portal.sign_in(visitor, "ann")
    person, _, claims = await portal.world.access(later.session_token)
    assert (len(person.grants), claims["grants"]) == (1, [])


async def test_another_person_confirms_nothing(portal: Portal, visitor: Visitor) -> None:
    await portal.sign_in(visitor, "ann")
    session = (await portal.sign_in(visitor, "ann")).session_token
    with Visitor() as other, pytest.raises(FakeRpcError, match="OTHER_PERSON"):
        await portal.visit_as(session, pb.VISIT_PURPOSE_CONFIRM, other, "eve")


async def test_connections_are_erased_with_the_person(portal: Portal, visitor: Visitor) -> None:
    await portal.connect_and_take_off("eve@example.org", visitor, "eve")
    session = await portal.world.session("eve@example.org")
    with Visitor() as other:
        await portal.visit_as(session, pb.VISIT_PURPOSE_CONNECT, other, "ann")
    _, _, claims = await portal.world.access(session)
    privacy = privacy_pb2_grpc.PrivacyServiceStub(portal.world.channel("gateway", read_person(claims)))
    await privacy.RequestErasure(privacy_pb2.RequestErasureRequest())
    await portal.world.sql("UPDATE erasure_requests SET due_at = now()")
    await portal.world.identity.erasing.erase_due()
    assert await portal.world.sql("SELECT count(*) FROM provider_connections") == [(0,)]
    assert await portal.world.sql("SELECT count(*) FROM persons") == [(0,)]


async def test_what_has_expired_is_swept(portal: Portal, visitor: Visitor) -> None:
    await portal.sign_in(visitor, "bob")
    await portal.begin()
    await Housekeeping(portal.world.pool).clean()
    count = "SELECT (SELECT count(*) FROM provider_visits) AS v, (SELECT count(*) FROM pending_connections) AS p"
    assert await portal.world.sql(count) == [(1, 1)]
    await portal.world.sql("UPDATE provider_visits SET expires_at = now() - interval '1 second'")
    await portal.world.sql("UPDATE sign_in_links SET expires_at = now() - interval '1 second'")
    await Housekeeping(portal.world.pool).clean()
    assert await portal.world.sql(count) == [(0, 0)]


async def test_plain_oauth2_is_read_from_the_userinfo(
    identity_url: str, tmp_path: Path, provider: ProviderServer, visitor: Visitor
) -> None:
    async with open_portal(identity_url, tmp_path, OAUTH2, provider.issuer) as portal:
        listed = (await portal.stub.ListProviders(pb.ListProvidersRequest())).providers
        opened = await portal.sign_in(visitor, "ann")
        person, _, _ = await portal.world.access(opened.session_token)
    assert [(each.id, each.can_confirm) for each in listed] == [("id-test", True)]
    assert (person.email, person.name, person.assurance) == (
        "ann@example.org", "Анна Коваль", identity_pb2.ASSURANCE_EMAIL,
    )  # fmt: skip


async def test_mail_goes_to_nobody_without_an_address(portal: Portal, visitor: Visitor) -> None:
    session = (await portal.sign_in(visitor, "eve")).session_token
    _, _, claims = await portal.world.access(session)
    author = base64url.decode(claims["authors"])
    found = await portal.world.audiences.ResolvePseudonyms(
        identity_pb2.ResolvePseudonymsRequest(scope="authors", pseudonyms=[author])
    )
    assert list(found.recipients) == []


def address(email: str) -> pb.RequestMyAddressLinkRequest:
    return pb.RequestMyAddressLinkRequest(request_id=str(uuid4()), email=email, language="uk", browser=BROWSER)


def test_check_says_what_is_wrong_with_each_provider(tmp_path: Path, provider: ProviderServer) -> None:
    file = tmp_path / "providers.toml"
    file.write_text(OIDC.format(issuer=provider.issuer, client_id=CLIENT_ID), encoding="utf-8")
    (tmp_path / "id.secret").write_text(CLIENT_SECRET, encoding="utf-8")
    found = {each.subject: each for each in check_providers(str(file), PUBLIC_URL)}
    assert (found["provider id-test"].level, found["provider id-test"].said) == ("ok", "answers, with keys (1)")
    assert (found["provider down"].level, "does not answer" in found["provider down"].said) == ("fail", True)


def test_check_says_all_faults_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "providers.toml"
    file.write_text('[a]\nkind = "x"\n', encoding="utf-8")
    assert {each.level for each in check_providers(str(file), PUBLIC_URL)} == {"fail"}
    assert list(check_providers("", PUBLIC_URL)) == []
