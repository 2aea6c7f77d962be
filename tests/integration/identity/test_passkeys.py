"""Passkeys: added, listed, used, and who may."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from viche.identity.v1 import events_pb2, identity_pb2, passkeys_pb2_grpc
from viche.identity.v1 import identity_pb2_grpc as rpc
from viche.identity.v1 import passkeys_pb2 as pb

from tests.integration.identity.authenticator import Authenticator
from tests.integration.identity.holders import IVAN, OLENA, People
from tests.integration.identity.world import World, open_world, reasons
from viche_chassis.access import read_person
from viche_chassis.testing import FakeRpcError
from viche_identity.housekeeping import Housekeeping


@pytest.fixture
def people(world: World) -> People:
    return People(world)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
async def test_a_passkey_signs_in_without_a_mail(people: People, algorithm: str) -> None:
    authenticator = await people.with_passkey(algorithm=algorithm)
    session = await people.sign_in(authenticator, device="Firefox, Windows")
    person, _, _ = await people.world.access(session)
    assert person.email == OLENA
    listed = await rpc.SessionsServiceStub(
        people.world.channel("gateway", read_person((await people.world.access(session))[2]))
    ).ListMySessions(identity_pb2.ListMySessionsRequest())
    assert [(each.signed_in_by, each.device) for each in listed.sessions] == [
        ("passkey", "Firefox, Windows"), ("email", ""),
    ]  # fmt: skip


async def test_a_passkey_that_does_not_count_signs_in_again_and_again(people: People) -> None:
    authenticator = await people.with_passkey(counts=False)
    assert await people.sign_in(authenticator) != await people.sign_in(authenticator)


async def test_options_ask_for_a_passkey_that_needs_no_name(people: People) -> None:
    session = await people.world.session(OLENA)
    options = json.loads((await people.begin(session)).options)
    assert options["rp"] == {"name": "Viche", "id": "viche.example.org"}
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "preferred"
    assert options["user"]["name"] == OLENA
    assert {-7, -8} <= {each["alg"] for each in options["pubKeyCredParams"]}
    assert json.loads((await people.challenge()).options)["allowCredentials"] == []


async def test_the_handle_is_the_persons_alone_and_not_their_id(people: People) -> None:
    world = people.world
    olena, ivan = await world.session(OLENA), await world.session(IVAN)
    handles = [json.loads((await people.begin(who)).options)["user"]["id"] for who in (olena, olena, ivan)]
    assert handles[0] == handles[1] != handles[2]
    ((person_id, handle),) = await world.sql(
        "SELECT person_id, handle FROM passkey_handles WHERE person_id ="
        " (SELECT person_id FROM sessions ORDER BY created_at LIMIT 1)"
    )
    assert person_id.bytes not in bytes(handle)


async def test_passkeys_are_listed_and_removed(people: People) -> None:
    session, stranger = await people.world.session(OLENA), await people.world.session(IVAN)
    phone, key = Authenticator(), Authenticator()
    first = await people.register(session, phone)
    await people.register(session, key, "Key on my ring")
    assert await people.names(session) == ["My phone", "Key on my ring"]
    assert await people.names(stranger) == []
    for who in (stranger, session, session):
        await (await people.of(who)).DeleteMyPasskey(pb.DeleteMyPasskeyRequest(passkey_id=first.id))
        left = await people.names(session)
        assert left == (["My phone", "Key on my ring"] if who is stranger else ["Key on my ring"])
    with pytest.raises(FakeRpcError, match="PASSKEY_UNKNOWN"):
        await people.sign_in(phone)
    assert await people.sign_in(key)


async def test_names_are_sealed(people: People) -> None:
    await people.with_passkey()
    assert b"My phone" not in bytes((await people.world.sql("SELECT name FROM passkeys"))[0][0])


async def test_the_last_use_is_told(people: People) -> None:
    authenticator = await people.with_passkey()
    stub = await people.of(await people.sign_in(authenticator))
    ((passkey),) = (await stub.ListMyPasskeys(pb.ListMyPasskeysRequest())).passkeys
    assert passkey.last_used_at.seconds >= passkey.created_at.seconds > 0


@pytest.mark.parametrize(
    ("name", "reason"), [(" ", "REQUIRED"), ("n" * 61, "TOO_LONG"), ("a\u202eb", "CONTROL_CHARACTERS")]
)
async def test_a_name_that_cannot_be_taken_leaves_the_ceremony_open(people: People, name: str, reason: str) -> None:
    session, authenticator = await people.world.session(OLENA), Authenticator()
    begun = await people.begin(session)
    credential = authenticator.create(begun.options)
    with pytest.raises(FakeRpcError) as refused:
        await people.finish(session, begun.ceremony_token, credential, name)
    assert reasons(refused.value) == {"name": reason}
    assert await people.finish(session, begun.ceremony_token, credential)


async def test_housekeeping_forgets_challenges(people: People) -> None:
    await people.challenge()
    await people.challenge()
    await people.world.sql(
        "UPDATE passkey_challenges SET expires_at = now() WHERE token_hash ="
        " (SELECT token_hash FROM passkey_challenges LIMIT 1)"
    )
    await Housekeeping(people.world.pool).clean()
    assert await people.world.sql("SELECT count(*) FROM passkey_challenges") == [(1,)]


async def test_a_passkey_is_added_once(people: People) -> None:
    olena, ivan, authenticator = await people.world.session(OLENA), await people.world.session(IVAN), Authenticator()
    await people.register(olena, authenticator)
    for session in (olena, ivan):
        with pytest.raises(FakeRpcError, match="PASSKEY_TAKEN"):
            await people.register(session, authenticator)


async def test_of_two_who_add_the_same_at_once_one_gets_it(people: People) -> None:
    authenticator = Authenticator()
    persons = [await people.world.session(email) for email in (OLENA, IVAN)]
    said = await asyncio.gather(
        *(people.register(session, authenticator) for session in persons), return_exceptions=True
    )
    assert sum(isinstance(each, pb.Passkey) for each in said) == 1


async def test_browsers_are_told_which_passkeys_there_are_already(people: People) -> None:
    session, authenticator = await people.world.session(OLENA), Authenticator()
    await people.register(session, authenticator)
    excluded = json.loads((await people.begin(session)).options)["excludeCredentials"]
    assert [each["id"] for each in excluded] == [json.loads(authenticator.get('{"rpId": "", "challenge": ""}'))["id"]]


async def test_nobody_has_more_than_twenty(people: People) -> None:
    session = await people.world.session(OLENA)
    waiting = await people.begin(session)
    for _ in range(20):
        await people.register(session, Authenticator())
    with pytest.raises(FakeRpcError, match="TOO_MANY_PASSKEYS"):
        await people.begin(session)
    with pytest.raises(FakeRpcError, match="TOO_MANY_PASSKEYS"):
        await people.finish(session, waiting.ceremony_token, Authenticator().create(waiting.options))


async def test_who_signed_in_long_ago_confirms_before_adding(people: People) -> None:
    authenticator = await people.with_passkey()
    session = await people.world.session(OLENA)
    await people.world.sql("UPDATE sessions SET confirmed_at = now() - interval '61 minutes'")
    with pytest.raises(FakeRpcError, match="CONFIRM_FIRST"):
        await people.begin(session)
    begun = await people.challenge(session)
    fresh = await people.answer(begun.ceremony_token, authenticator.get(begun.options), replaced_session_token=session)
    assert await people.register(fresh, Authenticator())
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await people.world.access(session)


async def test_an_officer_confirms_with_a_passkey_that_has_checked_who_they_are(people: People) -> None:
    authenticator = await people.with_passkey()
    await people.world.grant(OLENA, "officer", "east")
    session = await people.world.session(OLENA)
    await people.world.sql("UPDATE sessions SET confirmed_at = now() - interval '13 hours'")
    begun = await people.challenge(session)
    options = json.loads(begun.options)
    assert options["userVerification"] == "required"
    assert len(options["allowCredentials"]) == 1
    authenticator.verifies = False
    with pytest.raises(FakeRpcError, match="PASSKEY_UNVERIFIED"):
        await people.answer(begun.ceremony_token, authenticator.get(begun.options))
    authenticator.verifies = True
    begun = await people.challenge(session)
    fresh = await people.answer(begun.ceremony_token, authenticator.get(begun.options), replaced_session_token=session)
    assert len((await people.world.access(fresh))[2]["grants"]) == 1


async def test_officers_sign_in_and_add_only_where_they_were_checked(people: People) -> None:
    authenticator = await people.with_passkey(verifies=False)
    assert await people.sign_in(authenticator)
    session = await people.world.session(OLENA)
    await people.world.grant(OLENA, "moderator", "east")
    with pytest.raises(FakeRpcError, match="PASSKEY_UNVERIFIED"):
        await people.sign_in(authenticator)
    with pytest.raises(FakeRpcError, match="PASSKEY_UNVERIFIED"):
        await people.register(session, Authenticator(verifies=False))
    assert await people.register(session, Authenticator())


async def test_confirming_needs_a_session_and_a_passkey(people: People) -> None:
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await people.challenge("no-such-session")
    with pytest.raises(FakeRpcError, match="NO_PASSKEY"):
        await people.challenge(await people.world.session(OLENA))


async def test_a_session_of_somebody_else_goes_on(people: People) -> None:
    ivan = await people.world.session(IVAN)
    authenticator = await people.with_passkey(OLENA)
    await people.sign_in(authenticator, replaced_session_token=ivan)
    assert (await people.world.access(ivan))[0].email == IVAN


async def test_a_network_that_asks_too_often_is_told(people: People) -> None:
    await people.challenge(network="192.0.2.7")
    await people.world.sql("UPDATE rate_uses SET uses = 300")
    with pytest.raises(FakeRpcError, match="TOO_MANY_REQUESTS"):
        await people.challenge(network="192.0.2.7")
    assert await people.challenge(network="192.0.2.8")


async def test_an_address_without_a_domain_has_no_passkeys(identity_url: str, tmp_path: Path) -> None:
    async with open_world(identity_url, tmp_path, public_url="http://192.0.2.7") as world:
        people = People(world)
        with pytest.raises(FakeRpcError, match="PASSKEYS_OFF"):
            await people.challenge()
        with pytest.raises(FakeRpcError, match="PASSKEYS_OFF"):
            await people.begin(await world.session(OLENA))


@pytest.mark.parametrize("is_officer", [False, True])
async def test_passkeys_are_erased_with_the_person(people: People, is_officer: bool) -> None:
    authenticator = await people.with_passkey()
    await people.challenge(await people.world.session(OLENA))
    if is_officer:
        await people.world.grant(OLENA, "officer", "east")
    await people.world.sql("INSERT INTO erasure_requests SELECT id, now(), now(), false FROM persons")
    await people.world.identity.erasing.erase_due()
    for table in ("passkeys", "passkey_handles", "passkey_challenges"):
        assert await people.world.sql(f"SELECT count(*) FROM {table}") == [(0,)]
    with pytest.raises(FakeRpcError, match="PASSKEY_UNKNOWN"):
        await people.sign_in(authenticator)


async def test_the_person_is_told_of_a_new_passkey_while_it_is_there(people: People) -> None:
    session = await people.world.session(OLENA)
    added = await people.register(session, Authenticator())
    name = events_pb2.PasskeyAdded.DESCRIPTOR.full_name
    rows = await people.world.sql("SELECT payload FROM outbox WHERE type = %(name)s", name=name)
    assert [events_pb2.PasskeyAdded.FromString(row[0]).passkey_id for row in rows] == [added.id]
    office = passkeys_pb2_grpc.PasskeysServiceStub(people.world.channel("notifications"))
    request = pb.GetPasskeyMailRequest(passkey_id=added.id)
    assert (await office.GetPasskeyMail(request)).email == OLENA
    await (await people.of(session)).DeleteMyPasskey(pb.DeleteMyPasskeyRequest(passkey_id=added.id))
    with pytest.raises(FakeRpcError, match="NOT_FOUND"):
        await office.GetPasskeyMail(request)
