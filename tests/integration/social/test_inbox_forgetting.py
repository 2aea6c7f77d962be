"""Conversations are forgotten when they have been over for long; counts and times stay."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from viche.social.v1 import inbox_pb2 as pb
from viche.social.v1 import inbox_pb2_grpc

from tests.integration.social import seeding
from tests.integration.social import world as worlds
from tests.integration.social.world import PRESS, World, request_id
from viche_sdk.connectors.types import Author, InboxItem, InboxKind
from viche_social.store.channels import Channel

ASKED, NOTE = "Коли відкриють міст на Зеленій?", "Подзвонити пані Олені"
ITEM = InboxItem(
    id="c1", kind=InboxKind.COMMENT, thread="p1/c1", text=ASKED, author=Author("a1", "Олена", "olena"),
    written_at=datetime(2026, 1, 2, tzinfo=UTC), on="p1",
)  # fmt: skip
MONTHS = 3
TABLES = ("threads", "items", "thread_events", "questions")


@pytest.fixture
async def world(migrated: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    async with worlds.world(migrated("social"), tmp_path, inbox_kept_months=MONTHS) as made:
        yield made


@pytest.fixture
async def channel(world: World) -> Channel:
    return await seeding.put_channel(world)


def inbox(world: World) -> Any:
    return world.stub(inbox_pb2_grpc.InboxServiceStub, PRESS)


async def thread_of(world: World) -> pb.GetThreadResponse:
    (thread,) = (await inbox(world).ListThreads(pb.ListThreadsRequest())).threads
    return await inbox(world).GetThread(pb.GetThreadRequest(thread_id=thread.id))


async def over(world: World, channel: Channel) -> pb.GetThreadResponse:
    """A conversation that was answered, and about which an officer wrote something down."""
    await seeding.take(world, channel, ITEM)
    thread = (await thread_of(world)).thread
    await inbox(world).AddThreadNote(pb.AddThreadNoteRequest(request_id=request_id(), thread_id=thread.id, text=NOTE))
    await seeding.reply_of(world, thread.id, "published")
    await world.rows("UPDATE threads SET state = 'answered', waiting_since = NULL, due_at = NULL")
    return await thread_of(world)


async def pass_by(world: World, months: int) -> None:
    """So many months go by."""
    for column in ("threads.last_at", "thread_events.at", "items.deleted_at", "items.received_at"):
        table, name = column.split(".")
        await world.rows(f"UPDATE {table} SET {name} = {name} - make_interval(months => %s)", months)


async def forget(world: World) -> pb.GetThreadResponse:
    await world.social.inbox.forgetting.look()
    return await thread_of(world)


async def contents(world: World) -> int:
    return (await world.rows("SELECT count(*) FROM item_contents"))[0][0]


async def test_words_are_forgotten_after_the_months_that_were_set(world: World, channel: Channel) -> None:
    await over(world, channel)
    counts = [await world.rows(f"SELECT count(*) FROM {name}") for name in TABLES]
    await pass_by(world, MONTHS)

    found = await forget(world)

    assert await contents(world) == 0
    assert [item.text for item in found.items] == [""]
    assert [reply.text for reply in found.replies] == [""]
    assert found.events[-1].what == "erased"
    assert not await world.rows("SELECT FROM thread_events WHERE note IS NOT NULL")
    assert not await world.rows("SELECT FROM items WHERE author_key IS NOT NULL OR platform_id = 'c1'")
    after = [await world.rows(f"SELECT count(*) FROM {name}") for name in TABLES if name != "thread_events"]
    assert after == [each for each, name in zip(counts, TABLES, strict=True) if name != "thread_events"]


async def test_what_is_forgotten_does_not_come_back(world: World, channel: Channel) -> None:
    await over(world, channel)
    await pass_by(world, MONTHS)
    await forget(world)

    await seeding.take(world, channel, ITEM)

    assert await contents(world) == 0
    assert (await thread_of(world)).thread.items == 1


async def test_it_is_forgotten_once(world: World, channel: Channel) -> None:
    await over(world, channel)
    await pass_by(world, MONTHS)
    first = await forget(world)

    again = await forget(world)

    assert list(again.events) == list(first.events)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE threads SET state = 'waiting', waiting_since = now(), due_at = now()",
        "UPDATE thread_events SET at = now() - interval '1 month'",
        "UPDATE threads SET last_at = now() - interval '1 month'",
        "UPDATE replies SET state = 'waiting', task = 'publish'",
    ],
)
async def test_what_is_not_over_is_kept(world: World, channel: Channel, change: str) -> None:
    await over(world, channel)
    await pass_by(world, MONTHS)
    await world.rows(change)

    found = await forget(world)

    assert [item.text for item in found.items] == [ASKED]


async def test_what_people_took_away_is_forgotten_a_month_later(world: World, channel: Channel) -> None:
    await seeding.take(world, channel, ITEM)
    await seeding.take(world, channel, replace(ITEM, is_deleted=True))
    soon = await forget(world)
    await world.rows("UPDATE items SET deleted_at = now() - interval '31 days'")

    late = await forget(world)

    assert [item.text for item in soon.items] == [ASKED]
    assert [item.text for item in late.items] == [""]
    assert late.items[0].HasField("deleted_at")
