"""Sessions: who is behind a cookie, and what the access token says."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from viche.identity.v1 import identity_pb2
from viche.identity.v1 import identity_pb2_grpc as rpc

from tests.integration.identity.world import World
from viche_chassis.access import read_person
from viche_chassis.testing import FakeRpcError
from viche_identity.housekeeping import Housekeeping

EMAIL = "olena@example.org"


async def test_an_access_token_says_what_services_need(world: World) -> None:
    token = await world.session(EMAIL)
    await (await world.me(token)).UpdateMe(
        identity_pb2.UpdateMeRequest(request_id="018f5c1e-7a54-7d7e-9b6c-2f6f6d0d5a11", residence_code="UA320401")
    )
    person, _, claims = await world.access(token)
    assert claims["iss"] == "identity"
    assert claims["sub"] == person.id
    assert claims["assurance"] == "email"
    assert claims["residence"] == ["UA32", "UA3204", "UA320401"]
    assert len(claims["authors"]) == 43
    assert claims["grants"] == []
    assert claims["exp"] - time.time() <= 300
    assert "example" not in str(claims)


async def test_the_newest_key_signs(world: World) -> None:
    _, _, claims = await world.access(await world.session(EMAIL))
    assert claims["kid"] == "2026-02"


async def test_the_end_of_an_access_token_is_told(world: World) -> None:
    session = await world.session(EMAIL)
    got = await world.sessions.GetSession(identity_pb2.GetSessionRequest(session_token=session))
    claims = world.identity.verifier.verify(got.access_token, audience="viche")
    assert 0 <= claims["exp"] - got.access_token_expires_at.seconds <= 1


async def test_a_session_lasts_thirty_days(world: World) -> None:
    await world.ask(EMAIL)
    opened = await world.consume((await world.mail()).token)
    left = opened.expires_at.ToDatetime(UTC) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)


@pytest.mark.parametrize(
    "ending",
    ["UPDATE sessions SET expires_at = now()", "UPDATE sessions SET ended_at = now()", "DELETE FROM sessions"],
)
async def test_a_session_that_is_over_has_ended(world: World, ending: str) -> None:
    token = await world.session(EMAIL)
    await world.sql(ending)
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await world.access(token)


async def test_ending_a_session_twice_is_no_error(world: World) -> None:
    token = await world.session(EMAIL)
    for _ in range(2):
        await world.sessions.EndSession(identity_pb2.EndSessionRequest(session_token=token))
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await world.access(token)


async def test_ending_one_session_leaves_the_others(world: World) -> None:
    first, second = await world.session(EMAIL), await world.session(EMAIL)
    await world.sessions.EndSession(identity_pb2.EndSessionRequest(session_token=first))
    assert (await world.access(second))[0].email == EMAIL


async def test_the_last_use_is_noted_by_the_hour(world: World) -> None:
    token = await world.session(EMAIL)
    await world.sql("UPDATE sessions SET last_used_at = now() - interval '2 hours'")
    await world.access(token)
    assert await world.sql("SELECT last_used_at > now() - interval '1 minute' FROM sessions") == [(True,)]


async def test_housekeeping_forgets_addresses_of_expired_links_and_old_sessions(world: World) -> None:
    await world.session(EMAIL)
    await world.ask(EMAIL)
    await world.ask("ivan@example.org")
    await world.sql("UPDATE sign_in_links SET expires_at = now() - interval '1 day' WHERE used_at IS NULL")
    await world.sql("UPDATE sign_in_links SET created_at = now() - interval '8 days' WHERE used_at IS NOT NULL")
    await world.sql("UPDATE sessions SET expires_at = now() - interval '2 days'")
    await Housekeeping(world.pool).clean()
    assert await world.sql("SELECT * FROM sign_in_link_details") == []
    assert await world.sql("SELECT count(*) FROM sign_in_links") == [(2,)]
    assert await world.sql("SELECT count(*) FROM sessions") == [(0,)]


async def test_sessions_asked_for_at_once_are_told_apart(world: World) -> None:
    tokens = [await world.session(f"citizen{number}@example.org") for number in range(3)]
    ended = "no-such-session"

    answers = await asyncio.gather(
        *(
            world.sessions.GetSession(identity_pb2.GetSessionRequest(session_token=token))
            for token in (tokens[0], ended, tokens[1], tokens[2], tokens[0])
        ),
        return_exceptions=True,
    )

    emails = [each.person.email if isinstance(each, identity_pb2.GetSessionResponse) else "" for each in answers]
    assert emails == [
        "citizen0@example.org",
        "",
        "citizen1@example.org",
        "citizen2@example.org",
        "citizen0@example.org",
    ]


async def consume(world: World, email: str = EMAIL, **fields: str) -> str:
    """Signs in by mail; gives the session's token."""
    await world.ask(email)
    request = identity_pb2.ConsumeSignInLinkRequest(token=(await world.mail()).token, **fields)
    return (await world.sign_in.ConsumeSignInLink(request)).session_token


async def mine(world: World, token: str) -> rpc.SessionsServiceStub:
    """The RPCs on sessions for the person of a session."""
    _, _, claims = await world.access(token)
    return rpc.SessionsServiceStub(world.channel("gateway", read_person(claims)))


async def test_people_see_where_they_are_signed_in(world: World) -> None:
    await consume(world, "ivan@example.org", device="Safari, macOS")
    await consume(world, device="Chrome, Android")
    token = await consume(world, device="Firefox, Windows")
    listed = (await (await mine(world, token)).ListMySessions(identity_pb2.ListMySessionsRequest())).sessions
    assert [(each.device, each.is_current) for each in listed] == [
        ("Firefox, Windows", True),
        ("Chrome, Android", False),
    ]
    assert all(each.created_at.seconds and each.last_used_at.seconds for each in listed)


async def test_a_person_ends_one_session_and_nobody_elses(world: World) -> None:
    stranger = await consume(world, "ivan@example.org")
    other, token = await consume(world), await consume(world)
    sessions = await mine(world, token)
    for victim in (other, stranger):
        _, _, claims = await world.access(victim)
        await sessions.EndMySession(identity_pb2.EndMySessionRequest(session_id=claims["sid"]))
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await world.access(other)
    assert (await world.access(token))[0].email == EMAIL
    assert (await world.access(stranger))[0].email == "ivan@example.org"


async def test_a_person_ends_all_other_sessions(world: World) -> None:
    stranger = await consume(world, "ivan@example.org")
    others, token = [await consume(world), await consume(world)], await consume(world)
    await (await mine(world, token)).EndOtherSessions(identity_pb2.EndOtherSessionsRequest())
    for other in others:
        with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
            await world.access(other)
    assert (await world.access(token))[0].email == EMAIL
    assert (await world.access(stranger))[0].email == "ivan@example.org"


async def test_roles_stop_working_until_the_officer_confirms(world: World) -> None:
    await world.grant(EMAIL, "officer", "east")
    token = await consume(world)
    got = await world.sessions.GetSession(identity_pb2.GetSessionRequest(session_token=token))
    left = got.roles_until.ToDatetime(UTC) - datetime.now(UTC)
    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12)
    await world.sql("UPDATE sessions SET confirmed_at = now() - interval '13 hours'")
    person, _, claims = await world.access(token)
    assert (len(person.grants), claims["grants"]) == (1, [])
    fresh = await consume(world, replaced_session_token=token)
    assert len((await world.access(fresh))[2]["grants"]) == 1


async def test_citizens_need_not_confirm(world: World) -> None:
    got = await world.sessions.GetSession(identity_pb2.GetSessionRequest(session_token=await consume(world)))
    assert not got.HasField("roles_until")


async def test_a_session_that_is_replaced_ends_if_it_is_the_same_persons(world: World) -> None:
    before, stranger = await consume(world), await consume(world, "ivan@example.org")
    await consume(world, replaced_session_token=before)
    with pytest.raises(FakeRpcError, match="SESSION_ENDED"):
        await world.access(before)
    await consume(world, replaced_session_token=stranger)
    assert (await world.access(stranger))[0].email == "ivan@example.org"
