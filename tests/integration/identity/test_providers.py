"""Signing in through a real, certified OpenID provider, and through the same one as plain OAuth 2.0."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from viche.identity.v1 import identity_pb2, privacy_pb2, privacy_pb2_grpc
from viche.identity.v1 import providers_pb2 as pb

from tests.integration.identity.visiting import OAUTH2, OIDC, PUBLIC_URL, Portal, open_portal
from tests.providers.server import CLIENT_ID, CLIENT_SECRET, ProviderServer, Visitor
from viche_chassis import base64url
from viche_chassis.access import read_person
from viche_chassis.testing import FakeRpcError
from viche_cli.check.providers import check_providers
from viche_identity.housekeeping import Housekeeping


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
