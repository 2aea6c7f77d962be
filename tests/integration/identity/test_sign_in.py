"""Signing in: one mail, one use, the same for known and unknown addresses."""

import asyncio
from uuid import uuid4

import pytest
from viche.identity.v1 import events_pb2, identity_pb2

from tests.integration.identity.world import World, reasons
from viche_chassis.testing import FakeRpcError

EMAIL = "Olena.K@Example.org"


async def test_a_link_opens_a_session_for_the_person_who_asked(world: World) -> None:
    await world.ask(EMAIL, return_path="/petitions/7")
    mail = await world.mail()
    opened = await world.consume(mail.token)
    person, _, _ = await world.access(opened.session_token)
    assert (mail.email, mail.language) == ("Olena.K@example.org", "uk")
    assert opened.return_path == "/petitions/7"
    assert (person.email, person.language, person.assurance) == (EMAIL, "uk", identity_pb2.ASSURANCE_EMAIL)


async def test_all_spellings_of_an_address_are_one_person(world: World) -> None:
    first, _, _ = await world.access(await world.session(EMAIL))
    second, _, _ = await world.access(await world.session("olena.k+petitions@EXAMPLE.org"))
    assert first.id == second.id


async def test_known_and_unknown_addresses_leave_the_same_traces(world: World) -> None:
    await world.session(EMAIL)
    tables = ("sign_in_links", "sign_in_link_details", "outbox", "requests")
    count = " UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in tables)
    traces = []
    for email in (EMAIL, "unknown@example.org"):
        before = await world.sql(count)
        await world.ask(email)
        traces.append([after[0] - former[0] for after, former in zip(await world.sql(count), before, strict=True)])
    assert traces == [[1, 1, 1, 1], [1, 1, 1, 1]]


async def test_mail_is_told_at_whose_host_it_was_asked_for(world: World) -> None:
    for site in ("soniachne", ""):
        await world.ask(EMAIL, site=site)
    rows = await world.sql("SELECT payload FROM outbox ORDER BY id")
    assert [events_pb2.SignInLinkRequested.FromString(row[0]).site for row in rows] == ["soniachne", ""]


async def test_a_repeated_request_sends_one_mail(world: World) -> None:
    request = await world.ask(EMAIL)
    await world.sign_in.RequestSignInLink(request)
    assert len(await world.link_ids()) == 1


async def test_two_at_once_with_one_request_id_send_one_mail(world: World) -> None:
    request_id = str(uuid4())
    await asyncio.gather(*(world.ask(EMAIL, request_id=request_id) for _ in range(6)))
    assert len(await world.link_ids()) == 1


async def test_a_request_id_with_another_address_is_a_mismatch(world: World) -> None:
    request = await world.ask(EMAIL)
    with pytest.raises(FakeRpcError, match="REQUEST_MISMATCH"):
        await world.ask("ivan@example.org", request_id=request.request_id)


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("email", "olena", "BAD_EMAIL"),
        ("language", "xx", "UNKNOWN_LANGUAGE"),
        ("return_path", "//evil.example", "BAD_PATH"),
        ("request_id", "7", "NOT_A_UUID"),
    ],
)
async def test_bad_fields_are_named(world: World, field: str, value: str, reason: str) -> None:
    with pytest.raises(FakeRpcError) as caught:
        await world.ask(**{"email": EMAIL, field: value})
    assert reasons(caught.value) == {field: reason}
    assert await world.link_ids() == []


async def test_an_address_over_its_limit_gets_no_more_mail_and_nobody_is_told(world: World) -> None:
    await asyncio.gather(*(world.ask(EMAIL) for _ in range(8)))
    await world.ask("ivan@example.org")
    assert len(await world.link_ids()) == 5 + 1


async def test_an_address_may_ask_again_after_an_hour(world: World) -> None:
    for _ in range(5):
        await world.ask(EMAIL)
    await world.sql("UPDATE rate_uses SET ends_at = ends_at - interval '61 minutes'")
    await world.ask(EMAIL)
    assert len(await world.link_ids()) == 6


async def test_a_network_over_its_limit_is_told_when_to_try_again(world: World) -> None:
    for number in range(60):
        await world.ask(f"person{number}@example.org", network="2001:db8:1:2::/64")
    with pytest.raises(FakeRpcError) as caught:
        await world.ask("last@example.org", network="2001:db8:1:2::/64")
    await world.ask("last@example.org", network="192.0.2.1")
    assert caught.value.reason == "TOO_MANY_REQUESTS"
    assert 3000 < int(caught.value.values["retry_after_s"]) <= 3600


async def test_a_factor_moves_the_limits(bench_world: World) -> None:
    for _ in range(7):
        await bench_world.ask(EMAIL, network="192.0.2.1")
    assert len(await bench_world.link_ids()) == 7


async def test_a_link_works_once_even_when_pressed_many_times_at_once(world: World) -> None:
    await world.ask(EMAIL)
    token = (await world.mail()).token
    answers = await asyncio.gather(*(world.consume(token) for _ in range(12)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, FakeRpcError)]
    assert len(refused) == 11
    assert {answer.reason for answer in refused} == {"LINK_USED"}


async def test_two_links_used_at_once_make_one_person(world: World) -> None:
    tokens = []
    for _ in range(4):
        await world.ask(EMAIL)
        tokens.append((await world.mail()).token)
    opened = await asyncio.gather(*(world.consume(token) for token in tokens))
    people = {(await world.access(each.session_token))[0].id for each in opened}
    assert len(people) == 1
    assert await world.sql("SELECT count(*) FROM persons") == [(1,)]


async def test_an_expired_link_says_so(world: World) -> None:
    await world.ask(EMAIL)
    token = (await world.mail()).token
    await world.sql("UPDATE sign_in_links SET expires_at = now() - interval '1 second'")
    with pytest.raises(FakeRpcError, match="LINK_EXPIRED"):
        await world.consume(token)


@pytest.mark.parametrize("token", ["x", "кирилиця", "A" * 64, "A" * 200, "=" * 8])
async def test_a_token_that_we_did_not_make_is_unknown(world: World, token: str) -> None:
    with pytest.raises(FakeRpcError, match="LINK_UNKNOWN"):
        await world.consume(token)


async def test_the_mail_of_a_used_link_is_gone_with_its_address(world: World) -> None:
    await world.session(EMAIL)
    with pytest.raises(FakeRpcError, match="NOT_FOUND"):
        await world.mail()
    assert await world.sql("SELECT * FROM sign_in_link_details") == []


async def test_an_address_in_cyrillic_is_sent_to_as_smtp_takes_it(world: World) -> None:
    await world.ask("Олена@приклад.укр")
    assert (await world.mail()).email == "Олена@xn--80aikifvh.xn--j1amh"
