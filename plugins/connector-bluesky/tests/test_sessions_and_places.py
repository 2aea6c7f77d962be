"""What the kit does not ask: sessions that are kept, places that keys lead to, busy days, and what facets mark."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from viche_connector_bluesky.connector import BlueskyConnector
from viche_connector_bluesky.fake import NOTIFICATIONS_MOST, BlueskyFake
from viche_connector_bluesky.inbox import PAGES
from viche_connector_bluesky.places import rkey_of
from viche_connector_bluesky.spec import BLUESKY
from viche_connector_bluesky.text import facets
from viche_sdk.connectors.kit.stage import Kit, Stage
from viche_sdk.connectors.types import InboxKind, Post

KEY = "018f3c1e-7a51-7c3e-9d02-6f1f0c5b2a{:02d}"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")


def staged(act: Callable[[Stage, BlueskyFake], Awaitable[None]]) -> None:
    """Runs something with a fake."""

    async def run() -> None:
        async with Kit(BLUESKY, BlueskyFake).stage() as stage:
            assert isinstance(stage.fake, BlueskyFake)
            await act(stage, stage.fake)

    asyncio.run(run())


def sign_ins(fake: BlueskyFake) -> int:
    """How often somebody has signed in."""
    return sum("createSession" in each.path for each in fake.requests)


def test_one_session_serves_many_calls_until_it_ends() -> None:
    async def act(stage: Stage, fake: BlueskyFake) -> None:
        # each call by a process of its own
        before = sign_ins(fake)
        for number in range(3):
            await BlueskyConnector().publish(stage.context(), Post("Ще", "uk"), KEY.format(number))
        assert sign_ins(fake) == before
        stage.clock.advance(timedelta(days=2).total_seconds())
        await BlueskyConnector().publish(stage.context(), Post("Ще", "uk"), KEY.format(4))
        assert sign_ins(fake) == before + 1

    staged(act)


@pytest.mark.parametrize("kept", ["", "no token", "a.b.c", "a.bm8.c", "e30.e30.e30"])
def test_what_is_no_session_is_not_used(kept: str) -> None:
    async def act(stage: Stage, fake: BlueskyFake) -> None:
        before = sign_ins(fake)
        stage.session.put(kept)
        await BlueskyConnector().publish(stage.context(), Post("Ще", "uk"), KEY.format(1))
        assert sign_ins(fake) == before + 1
        assert stage.session.get() == fake.token()

    staged(act)


def test_session_that_ends_before_its_time_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(stage: Stage, fake: BlueskyFake) -> None:
        connector = BlueskyConnector()
        await connector.publish(stage.context(), Post("Перше", "uk"), KEY.format(1))
        token = fake.token()
        monkeypatch.setattr(fake, "token", lambda: f"{token}anew")
        await connector.publish(stage.context(), Post("Друге", "uk"), KEY.format(2))
        assert [each.text for each in fake.shown()] == ["Перше", "Друге"]

    staged(act)


def test_probe_signs_in_each_time() -> None:
    async def act(stage: Stage, fake: BlueskyFake) -> None:
        connector, before = BlueskyConnector(), sign_ins(fake)
        await connector.probe(stage.context())
        await connector.probe(stage.context())
        assert sign_ins(fake) == before + 2

    staged(act)


def test_busy_day_is_read_in_parts_and_nothing_twice() -> None:
    many = NOTIFICATIONS_MOST * PAGES + 60

    async def act(stage: Stage, fake: BlueskyFake) -> None:
        _, cursor = await stage.inbox()
        for number in range(many):
            stage.clock.advance(1)
            fake.receive(InboxKind.MENTION, str(number), None)
        items, cursor = await stage.inbox(cursor)
        assert sorted(int(each.text) for each in items) == list(range(many))
        # from a clock that is two hours late
        stage.clock.advance(-7_200)
        fake.receive(InboxKind.MENTION, "Спізнилося", None)
        stage.clock.advance(7_200)
        items, cursor = await stage.inbox(cursor)
        assert [each.text for each in items] == ["Спізнилося"]
        assert (await stage.inbox(cursor))[0] == []

    staged(act)


def test_place_of_a_key_is_a_tid_of_its_own() -> None:
    keys = [*(KEY.format(number) for number in range(100)), "no uuid", "0b1c7d8e-3a55-4c3e-9d02-6f1f0c5b2a10"]
    places = [rkey_of(key) for key in keys]
    assert all(TID.fullmatch(place) for place in places)
    assert len(set(places)) == len(keys)
    # kept for ever: another place would be another post
    assert rkey_of(KEY.format(1)) == "3krkffkvnsw5v"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Їжа: https://a.example/є?q=1.", ["https://a.example/є?q=1"]),
        ("(див. https://a.example/b) і (https://a.example/c_(d))", ["https://a.example/b", "https://a.example/c_(d)"]),
        ("«https://a.example»", ["https://a.example"]),
        ("👩‍👩‍👧‍👦 #місто, #2026 a#b ## #", ["#місто"]),
        ("@olena.test, mail@olena.test @nobody.test", ["@olena.test"]),
        ("https://olena.test/@olena.test", ["https://olena.test/@olena.test"]),
        ("", []),
    ],
)
def test_facets_mark_bytes(text: str, marked: list[str]) -> None:
    found: list[dict[str, Any]] = facets(text, {"olena.test": "did:plc:olena"})
    places = [each["index"] for each in found]
    assert [text.encode()[each["byteStart"] : each["byteEnd"]].decode() for each in places] == marked
