"""Registers taken over, figures, and the report of any day."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import register_pb2

from tests.integration.social.world import CITY, CLI, COUNCIL, GATEWAY, VILLAGE, World, person, request_id
from viche_chassis.errors import DomainError

HOLDER = register_pb2.BODY_KIND_HOLDER


def member(key: str, kind: str = "house", **fields: Any) -> register_pb2.RegisterBody:
    return register_pb2.RegisterBody(key=key, kind=HOLDER, authority_kind=kind, title=f"Member {key}", **fields)


def held(key: str, platform: str = "twitter", handle: str = "", **fields: Any) -> register_pb2.RegisterAccount:
    return register_pb2.RegisterAccount(body_key=key, platform=platform, handle=handle or f"rep-{key}", **fields)


async def take(
    world: World, bodies: list[Any] | None = None, accounts: list[Any] | None = None, on: str = "",
    register: str = "members",
) -> register_pb2.ImportRegisterResponse:  # fmt: skip
    request = register_pb2.ImportRegisterRequest(
        request_id=request_id(), register=register, on=on, has_bodies=bodies is not None, bodies=bodies or [],
        has_accounts=accounts is not None, accounts=accounts or [],
    )  # fmt: skip
    return await world.register(CLI).ImportRegister(request)


async def count(world: World, on: str, followers: dict[str, int], platform: str = "x", **fields: Any) -> Any:
    figures = [
        pb.Figure(platform=platform, handle=handle, metric="followers", value=value, **fields)
        for handle, value in followers.items()
    ]
    request = pb.ImportFiguresRequest(request_id=request_id(), on=on, source="test", figures=figures)
    return await world.presence(CLI).ImportFigures(request)


async def report(world: World, on: str = "", **asked: Any) -> pb.GetReportResponse:
    return await world.presence(CLI).GetReport(pb.GetReportRequest(on=on, **asked))


async def shares(world: World, on: str = "") -> list[tuple[str, str, int, int, int]]:
    rows = (await report(world, on)).rows
    return [(row.authority_kind, row.platform, row.accounts, row.of, row.percent) for row in rows]


async def test_a_register_is_taken_over_once_however_often(world: World) -> None:
    bodies, accounts = [member("1"), member("2")], [held("1"), held("1", "facebook"), held("3")]
    first = await take(world, bodies, accounts, on="2026-01-01")
    assert (first.bodies_added, first.accounts_added, list(first.unknown)) == (2, 2, [2])
    again = await take(world, bodies, accounts, on="2026-01-02")
    assert (again.bodies_added, again.bodies_ended, again.accounts_added, again.accounts_ended) == (0, 0, 0, 0)
    assert again.accounts_kept == 2
    assert await shares(world, "2026-01-01") == [("house", "facebook", 1, 2, 50), ("house", "x", 1, 2, 50)]


async def test_what_vanishes_ends_on_that_day_and_the_days_before_stay(world: World) -> None:
    await take(world, [member("1"), member("2")], [held("1"), held("2")], on="2026-01-01")
    done = await take(world, [member("1"), member("2", "senate")], [held("2")], on="2026-02-01")
    assert (done.accounts_ended, done.bodies_ended) == (1, 0)
    await take(world, [member("1")], on="2026-03-01")
    assert await shares(world, "2025-12-31") == []
    assert await shares(world, "2026-01-31") == [("house", "x", 2, 2, 100)]
    assert await shares(world, "2026-02-01") == [("house", "x", 0, 1, 0), ("senate", "x", 1, 1, 100)]
    assert await shares(world, "2026-03-01") == []
    back = await take(world, [member("1"), member("2")], [held("1"), held("2")], on="2026-03-02")
    assert (back.bodies_added, back.accounts_added, back.accounts_kept) == (1, 1, 1)
    assert await shares(world, "2026-03-02") == [("house", "x", 2, 2, 100)]


async def test_an_older_state_is_not_put_under_a_newer_one(world: World) -> None:
    await take(world, [member("1")], on="2026-02-01")
    with pytest.raises(DomainError, match="REGISTER_IS_NEWER"):
        await take(world, [member("1")], on="2026-01-31")
    await take(world, accounts=[held("1")], on="2026-01-31")  # of accounts nothing was read yet
    with pytest.raises(DomainError, match="on: IN_THE_FUTURE"):
        await take(world, [member("1")], on="2999-01-01")


async def test_an_account_with_a_new_name_goes_on(world: World) -> None:
    await take(world, [member("1")], [held("1", handle="old", external_id="7")], on="2026-01-01")
    await count(world, "2026-01-01", {"old": 10})
    done = await take(world, accounts=[held("1", handle="new", external_id="7")], on="2026-01-15")
    assert (done.accounts_added, done.accounts_ended, done.accounts_kept) == (0, 0, 1)
    (row,) = (await report(world, "2026-01-20")).ranking
    assert (row.handle, row.followers, row.url) == ("new", 10, "https://x.com/new")


async def test_authorities_of_the_instance_are_found_by_their_short_names(world: World) -> None:
    bodies = [register_pb2.RegisterBody(key="city", authority_kind="town", title="Verbiv", field="roads")]
    done = await take(world, bodies, [held("city")], register="own")
    assert (done.bodies_added, done.accounts_added) == (0, 1)
    found = (await world.register(GATEWAY).ListBodies(register_pb2.ListBodiesRequest())).bodies
    assert [(each.id, each.field) for each in found if each.field] == [(str(CITY), "roads")]
    assert await shares(world) == [("municipality", "x", 1, 2, 50), ("region", "x", 0, 1, 0)]


async def test_an_account_that_an_officer_entered_stays_that_of_the_officer(world: World) -> None:
    mine = await world.put_account(platform="x", handle="Verbiv")
    done = await take(world, accounts=[held("city", handle="verbiv")], register="own")
    assert (done.accounts_added, done.accounts_kept) == (0, 1)
    await take(world, accounts=[], register="own")
    listed = await world.register(GATEWAY).ListAccounts(register_pb2.ListAccountsRequest())
    assert [each.id for each in listed.accounts] == [mine.id]


async def test_what_cannot_be_taken_is_named_with_its_place(world: World) -> None:
    with pytest.raises(DomainError, match=r"bodies\[1\].title: REQUIRED, accounts\[0\].handle: BAD_HANDLE"):
        await take(
            world, [member("1"), register_pb2.RegisterBody(key="2", authority_kind="x")], [held("1", handle="a b")]
        )
    with pytest.raises(DomainError, match="register: BAD_SHORT_NAME"):
        await take(world, [], register="Members of the House")


async def test_growth_and_ranking_of_any_day(world: World) -> None:
    shop = register_pb2.RegisterBody(key="shop", kind=register_pb2.BODY_KIND_COMPANY, title="Shop")
    await take(world, [member("1"), member("2"), shop], [held("1"), held("2"), held("shop", handle="shop")])
    await count(world, "2026-01-01", {"rep-1": 100, "rep-2": 90, "shop": 1})
    done = await count(world, "2026-02-01", {"rep-1": 110, "@REP-2": 200, "nobody": 5})
    assert (done.taken, list(done.unknown)) == (2, [2])
    found = await report(world, "2026-02-03", since="2026-01-05")
    rows = [(row.rank, row.handle, row.followers, row.followers_before, row.day) for row in found.ranking]
    assert rows == [(1, "rep-2", 200, 90, "2026-02-01"), (2, "rep-1", 110, 100, "2026-02-01")]
    early = await report(world, "2026-01-15")
    assert [(row.rank, row.handle) for row in early.ranking] == [(1, "rep-1"), (2, "rep-2"), (0, "shop")]
    assert not early.ranking[0].HasField("followers_before")
    assert not early.rows  # the register does not reach back so far
    assert not (await report(world, "2026-06-01")).ranking  # figures that old speak for no day


async def test_figures_of_a_day_are_corrected_and_say_why_they_are_missing(world: World) -> None:
    await take(world, [member("1")], [held("1", external_id="42")])
    await count(world, "2026-01-01", {"rep-1": 10})
    await count(world, "2026-01-01", {"somebody": 12}, external_id="42")
    assert [row.followers for row in (await report(world, "2026-01-01")).ranking] == [12]
    missing = pb.Figure(platform="x", handle="rep-1", metric="followers", reason="retired")
    request = pb.ImportFiguresRequest(request_id=request_id(), on="2026-01-01", figures=[missing])
    await world.presence(CLI).ImportFigures(request)
    assert not (await report(world, "2026-01-01")).ranking
    with pytest.raises(DomainError, match=r"figures\[0\].value: VALUE_OR_REASON"):
        await count(world, "2026-01-01", {"rep-1": 1}, reason="both")


async def test_only_who_operates_everything_changes_registers(world: World) -> None:
    operator = person("operator", role="operator", at=CITY)
    with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
        await world.register(operator).ImportRegister(
            register_pb2.ImportRegisterRequest(request_id=request_id(), register="members")
        )


async def test_an_empty_register_says_that_nothing_is_known(world: World) -> None:
    found = await report(world)
    assert (found.known_since, list(found.rows), list(found.dialogues)) == ("", [], [])


async def test_the_ladder_says_where_an_authority_stands_and_why(world: World) -> None:
    await world.social.own_bodies.keep()
    await asked(world, CITY, answered=1, unanswered=9)
    await asked(world, VILLAGE, answered=4, unanswered=1)
    found = {row.body.id: row for row in (await report(world)).dialogues}
    city, village = found[str(CITY)], found[str(VILLAGE)]
    assert (city.asked, city.answered, city.median_s, city.rung, city.rule) == (
        10, 1, 7200, pb.RUNG_INFORMING, "ANSWERS_FEW",
    )  # fmt: skip
    assert (village.rung, village.rule) == (pb.RUNG_SERVICING, "ASKS_NOTHING")
    assert str(COUNCIL) not in found
    assert not (await report(world, "2001-01-01")).dialogues


async def asked(world: World, authority: UUID, *, answered: int, unanswered: int) -> None:
    """What people asked three hours ago; some of it was answered after two hours."""
    for place in range(answered + unanswered):
        thread, channel = uuid4(), uuid4()
        await world.rows(
            "INSERT INTO channels (id, authority_id, connector, platform, platform_id, language, state, asked_at,"
            " ask_at, connected_at) VALUES (%s, %s, 'mastodon', 'mastodon', %s, 'uk', 'good', now(), now(), now())",
            channel, authority, str(channel),
        )  # fmt: skip
        await world.rows(
            "INSERT INTO threads (id, channel_id, authority_id, kind, platform_thread, state, first_item, last_item,"
            " last_at) VALUES (%s, %s, %s, 'message', 'one', 'answered', %s, %s, now())",
            thread, channel, authority, uuid4(), uuid4(),
        )  # fmt: skip
        await world.rows(
            "INSERT INTO questions (thread_id, authority_id, asked_at, answered_at) VALUES (%s, %s,"
            " now() - interval '3 hours', CASE WHEN %s THEN now() - interval '1 hour' END)",
            thread, authority, place < answered,
        )  # fmt: skip
