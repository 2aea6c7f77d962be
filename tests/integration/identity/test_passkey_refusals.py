"""Answers of authenticators that are refused: late, twice, elsewhere, by others, or copied."""

from __future__ import annotations

import asyncio
import json
import logging
from copy import copy
from datetime import timedelta

import pytest
from viche.identity.v1 import events_pb2

from tests.integration.identity.authenticator import Authenticator
from tests.integration.identity.holders import IVAN, OLENA, People
from tests.integration.identity.world import World
from viche_chassis.testing import FakeRpcError


@pytest.fixture
def people(world: World) -> People:
    return People(world)


@pytest.mark.parametrize(
    "differences",
    [{"origin": "https://viche.example.com"}, {"origin": "http://viche.example.org"}, {"rp_id": "example.com"}],
)
async def test_answers_for_another_portal_are_refused(people: People, differences: dict[str, str]) -> None:
    session = await people.world.session(OLENA)
    with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
        await people.register(session, Authenticator(**differences))  # pyright: ignore[reportArgumentType]
    authenticator = await people.with_passkey()
    for name, value in differences.items():
        setattr(authenticator, name, value)
    with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
        await people.sign_in(authenticator)


async def test_an_answer_is_good_once(people: People) -> None:
    authenticator = await people.with_passkey(counts=False)
    begun = await people.challenge()
    credential = authenticator.get(begun.options)
    assert await people.answer(begun.ceremony_token, credential)
    with pytest.raises(FakeRpcError, match="CEREMONY_OVER"):
        await people.answer(begun.ceremony_token, credential)


async def test_of_two_answers_at_once_one_opens_a_session(people: People) -> None:
    authenticator = await people.with_passkey(counts=False)
    begun = await people.challenge()
    credential = authenticator.get(begun.options)
    said = await asyncio.gather(
        *(people.answer(begun.ceremony_token, credential) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(each, str) for each in said) == 1
    assert await people.world.sql("SELECT count(*) FROM sessions WHERE signed_in_by = 'passkey'") == [(1,)]


async def test_a_challenge_is_gone_once_a_wrong_answer_was_given(people: People) -> None:
    authenticator = await people.with_passkey()
    begun = await people.challenge()
    with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
        await people.answer(begun.ceremony_token, authenticator.get(begun.options, signature=b"no signature"))
    with pytest.raises(FakeRpcError, match="CEREMONY_OVER"):
        await people.answer(begun.ceremony_token, authenticator.get(begun.options))


async def test_an_answer_in_another_browser_is_refused(people: People) -> None:
    authenticator = await people.with_passkey()
    mine, foreign = await people.challenge(), await people.challenge()
    with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
        await people.answer(mine.ceremony_token, authenticator.get(foreign.options))
    with pytest.raises(FakeRpcError, match="CEREMONY_OVER"):
        await people.answer("made-up", authenticator.get(foreign.options))
    assert await people.answer(foreign.ceremony_token, authenticator.get(foreign.options))


async def test_an_answer_that_comes_too_late_is_refused(people: People) -> None:
    authenticator = await people.with_passkey()
    ((before,),) = await people.world.sql("SELECT now()")
    begun = await people.challenge()
    lives = "SELECT expires_at - %(before)s AS longest, expires_at - now() AS shortest FROM passkey_challenges"
    ((longest, shortest),) = await people.world.sql(lives, before=before)
    assert shortest <= timedelta(minutes=5) <= longest
    await people.world.sql("UPDATE passkey_challenges SET expires_at = now()")
    with pytest.raises(FakeRpcError, match="CEREMONY_OVER"):
        await people.answer(begun.ceremony_token, authenticator.get(begun.options))


async def test_a_ceremony_of_one_kind_is_none_of_the_other(people: People) -> None:
    session, authenticator = await people.world.session(OLENA), Authenticator()
    begun = await people.begin(session)
    authenticator.create(begun.options)
    sign_in = json.dumps({"rpId": "viche.example.org", "challenge": json.loads(begun.options)["challenge"]})
    with pytest.raises(FakeRpcError, match="CEREMONY_OVER"):
        await people.answer(begun.ceremony_token, authenticator.get(sign_in))


async def test_a_ceremony_that_somebody_else_began_is_refused(people: People) -> None:
    olena, ivan, authenticator = await people.world.session(OLENA), await people.world.session(IVAN), Authenticator()
    begun = await people.begin(olena)
    with pytest.raises(FakeRpcError, match="CEREMONY_OVER"):
        await people.finish(ivan, begun.ceremony_token, authenticator.create(begun.options))
    assert await people.names(ivan) == []


async def test_a_passkey_that_nobody_has_is_unknown(people: People) -> None:
    await people.with_passkey()
    stray = Authenticator(handle=b"h" * 32)
    with pytest.raises(FakeRpcError, match="PASSKEY_UNKNOWN"):
        await people.sign_in(stray)


async def test_a_passkey_under_the_handle_of_another_is_refused(people: People) -> None:
    olena, ivan = await people.with_passkey(OLENA), await people.with_passkey(IVAN)
    for handle in (ivan.handle, b""):
        olena.handle = handle
        with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
            await people.sign_in(olena)


async def test_the_key_of_another_does_not_open_an_account(people: People) -> None:
    olena, ivan = await people.with_passkey(OLENA), await people.with_passkey(IVAN)
    ivan.credential_id, ivan.handle = olena.credential_id, olena.handle
    with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
        await people.sign_in(ivan)


async def test_a_copy_is_refused_and_logged(people: People, caplog: pytest.LogCaptureFixture) -> None:
    original = await people.with_passkey()
    copied = copy(original)
    await people.sign_in(original)
    with caplog.at_level(logging.WARNING), pytest.raises(FakeRpcError, match="PASSKEY_COPIED"):
        await people.sign_in(copied)
    ((passkey_id, count),) = await people.world.sql("SELECT id, sign_count FROM passkeys")
    assert [vars(each)["passkey_id"] for each in caplog.records if each.name.endswith("passkeys")] == [str(passkey_id)]
    assert count == 1
    name = events_pb2.PasskeyCopied.DESCRIPTOR.full_name
    ((payload,),) = await people.world.sql("SELECT payload FROM outbox WHERE type = %(name)s", name=name)
    assert events_pb2.PasskeyCopied.FromString(payload).passkey_id == str(passkey_id)
    assert await people.world.sql("SELECT count(*) FROM sessions WHERE signed_in_by = 'passkey'") == [(1,)]
    assert await people.sign_in(original)


async def test_of_two_that_count_alike_at_once_one_is_refused(people: People) -> None:
    original = await people.with_passkey()
    said = await asyncio.gather(
        *(people.sign_in(authenticator) for authenticator in (original, copy(original))), return_exceptions=True
    )
    assert sum(isinstance(each, str) for each in said) == 1


async def test_whoever_has_no_key_cannot_make_a_passkey_look_copied(people: People) -> None:
    authenticator = await people.with_passkey()
    await people.sign_in(authenticator)
    forged = copy(authenticator)
    forged.count, forged.key = 0, Authenticator().key
    with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
        await people.sign_in(forged)


async def test_nobody_confirms_with_the_passkey_of_another(people: People) -> None:
    ivan = await people.with_passkey(IVAN)
    await people.with_passkey(OLENA)
    begun = await people.challenge(await people.world.session(OLENA))
    with pytest.raises(FakeRpcError, match="PASSKEY_UNKNOWN"):
        await people.answer(begun.ceremony_token, ivan.get(begun.options))


@pytest.mark.parametrize(
    "credential",
    [
        "x", "[]", "null", "{}", '{"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {}}',
        "[" * 9_000, '{"id": "A", "rawId": "A", "type": "public-key", "response": {"clientDataJSON": "A",'
        ' "authenticatorData": "A", "signature": "A", "userHandle": "A"}}',
    ],
)  # fmt: skip
async def test_what_is_no_answer_is_refused(people: People, credential: str) -> None:
    session = await people.world.session(OLENA)
    begun = await people.challenge()
    with pytest.raises(FakeRpcError, match=r"PASSKEY_(REFUSED|UNKNOWN)"):
        await people.answer(begun.ceremony_token, credential)
    registering = await people.begin(session)
    with pytest.raises(FakeRpcError, match="PASSKEY_REFUSED"):
        await people.finish(session, registering.ceremony_token, credential)
