"""In which tone people wrote, as it was known on a day; and who is on a conversation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from viche.social.v1 import inbox_pb2, inbox_pb2_grpc
from viche.social.v1 import presence_pb2 as pb

from tests.integration.social import letterbox, seeding
from tests.integration.social.world import CITY, CLI, GATEWAY, PRESS, VILLAGE, World, person, request_id
from viche_chassis.access import Caller
from viche_chassis.errors import DomainError
from viche_social.domain.tones import LEAST_PEOPLE
from viche_social.store.channels import Channel


def inbox(world: World, caller: Any = PRESS) -> Any:
    return world.stub(inbox_pb2_grpc.InboxServiceStub, caller)


async def known_since(world: World, day: str) -> None:
    """The authorities are in the register since a day."""
    await world.social.own_bodies.keep()
    await world.rows("UPDATE standings SET from_on = %s", day)


async def write(world: World, channel: Channel, people: int, at: str) -> list[str]:
    """People write; ids of the conversations."""
    for place in range(people):
        name = f"{at}-{place}"
        await seeding.take(world, channel, letterbox.item(str(uuid4()), "Why?", author=name, at=at))
    rows = await world.rows(
        "SELECT t.id FROM threads t JOIN items i ON i.id = t.first_item WHERE i.written_at = %s ORDER BY t.number", at
    )
    return [str(row[0]) for row in rows]


async def say(world: World, thread_id: str, tone: Any, at: str) -> None:
    request = inbox_pb2.LabelThreadRequest(request_id=request_id(), thread_id=thread_id, tone=tone)
    await inbox(world).LabelThread(request)
    await world.rows("UPDATE labels SET at = %s WHERE at > now() - interval '1 minute'", at)


async def tones(world: World, on: str) -> list[tuple[str, int, int, tuple[int, int, int] | None]]:
    found = (await world.presence(CLI).GetReport(pb.GetReportRequest(on=on))).tones
    return [
        (
            row.month, row.conversations, row.labelled,
            (row.shares.friendly, row.shares.neutral, row.shares.angry) if row.HasField("shares") else None,
        )
        for row in found
    ]  # fmt: skip


async def test_tones_are_those_that_were_known_on_the_day(world: World) -> None:
    await known_since(world, "2026-01-01")
    channel = await seeding.put_channel(world)
    january = await write(world, channel, LEAST_PEOPLE, "2026-01-10T12:00:00+00:00")
    february = await write(world, channel, 3, "2026-02-10T12:00:00+00:00")
    for place, id in enumerate(january):
        tone = inbox_pb2.TONE_ANGRY if place < 4 else inbox_pb2.TONE_NEUTRAL
        await say(world, id, tone, "2026-01-11T12:00:00+00:00" if place < 5 else "2026-02-11T12:00:00+00:00")
    await say(world, february[0], inbox_pb2.TONE_FRIENDLY, "2026-02-12T12:00:00+00:00")

    assert await tones(world, "2026-01-10") == []
    assert await tones(world, "2026-01-31") == [("2026-01", 10, 5, None)]
    assert await tones(world, "2026-02-28") == [("2026-01", 10, 10, (0, 60, 40)), ("2026-02", 3, 1, None)]
    await say(world, january[0], inbox_pb2.TONE_FRIENDLY, "2026-03-01T12:00:00+00:00")
    assert (await tones(world, "2026-02-28"))[0] == ("2026-01", 10, 10, (0, 60, 40))
    assert (await tones(world, "2026-03-31"))[0] == ("2026-01", 10, 10, (10, 60, 30))


async def test_words_of_few_people_are_no_shares_however_much_they_write(world: World) -> None:
    await known_since(world, "2026-01-01")
    channel = await seeding.put_channel(world)
    for _ in range(LEAST_PEOPLE + 2):
        await seeding.take(world, channel, letterbox.item(str(uuid4()), "Why?", at="2026-01-10T12:00:00+00:00"))
    for (id,) in await world.rows("SELECT id FROM threads"):
        await say(world, str(id), inbox_pb2.TONE_ANGRY, "2026-01-11T12:00:00+00:00")
    assert await tones(world, "2026-01-31") == [("2026-01", 12, 12, None)]


async def test_the_report_for_everybody_tells_neither_tones_nor_rankings(world: World) -> None:
    await known_since(world, "2026-01-01")
    channel = await seeding.put_channel(world)
    (id,) = await write(world, channel, 1, "2026-01-10T12:00:00+00:00")
    await say(world, id, inbox_pb2.TONE_ANGRY, "2026-01-11T12:00:00+00:00")
    whole = (await world.presence(CLI).GetReport(pb.GetReportRequest(on="2026-01-31"))).dialogues
    found = (await world.presence(GATEWAY).GetPublicReport(pb.GetPublicReportRequest(on="2026-01-31"))).report
    assert found.dialogues == whole
    assert [each.asked for each in whole] == [1]
    assert [len(each) for each in (found.tones, found.ranking, found.persons, found.subjects)] == [0, 0, 0, 0]


async def test_an_answer_that_came_later_changes_no_day_before(world: World) -> None:
    await known_since(world, "2026-01-01")
    channel = await seeding.put_channel(world)
    await write(world, channel, 2, "2026-01-10T12:00:00+00:00")
    await world.rows(
        "UPDATE questions SET answered_at = '2026-01-12T12:00:00Z' WHERE id = (SELECT min(id) FROM questions)"
    )

    async def answered(on: str) -> tuple[int, int]:
        asked = pb.GetReportRequest(on=on)
        (row,) = (await world.presence(CLI).GetReport(asked)).dialogues
        return row.asked, row.answered

    assert await answered("2026-01-11") == (2, 0)
    assert await answered("2026-01-12") == (2, 1)
    assert await answered((date(2026, 1, 10) + timedelta(days=89)).isoformat()) == (2, 1)


async def test_a_conversation_is_given_to_who_may_answer_and_to_nobody_else(world: World) -> None:
    channel = await seeding.put_channel(world)
    (id,) = await write(world, channel, 1, "2026-01-10T12:00:00+00:00")
    named = {"thread_id": id, "assignee": b"colleague"}
    given = await inbox(world).AssignThread(inbox_pb2.AssignThreadRequest(request_id=request_id(), **named))
    assert given.thread.assignee == b"colleague"
    mine = await inbox(world).ListThreads(inbox_pb2.ListThreadsRequest(assignee=b"colleague"))
    assert [each.id for each in mine.threads] == [id]
    whole = await inbox(world).GetThread(inbox_pb2.GetThreadRequest(thread_id=id))
    assert [event.what for event in whole.events] == ["came", "assigned"]

    world.identity.roles = ["operator"]
    with pytest.raises(DomainError, match="NOT_A_COLLEAGUE"):
        await inbox(world).AssignThread(inbox_pb2.AssignThreadRequest(request_id=request_id(), **named))
    with pytest.raises(DomainError, match="NOT_YOUR_AUTHORITY"):
        stranger = inbox(world, person("stranger", at=VILLAGE))
        await stranger.AssignThread(inbox_pb2.AssignThreadRequest(request_id=request_id(), **named))


async def test_officers_are_told_in_the_morning_what_waits_for_whom(world: World) -> None:
    channel = await seeding.put_channel(world)
    ids = await write(world, channel, 3, "2026-01-10T12:00:00+00:00")
    given = inbox_pb2.AssignThreadRequest(request_id=request_id(), thread_id=ids[0], assignee=b"colleague")
    await inbox(world).AssignThread(given)
    await world.rows("UPDATE threads SET due_at = now() + interval '1 day' WHERE id = %s", ids[0])
    told = await inbox(world, Caller("notifications")).GetInboxSummary(inbox_pb2.GetInboxSummaryRequest())
    found = {(each.authority_id, each.assignee): (each.waiting, each.overdue) for each in told.summaries}
    assert found == {(str(CITY), b"colleague"): (1, 0), (str(CITY), b""): (2, 2)}


async def test_a_draft_is_noted_on_its_conversation(world: World) -> None:
    channel = await seeding.put_channel(world)
    (id,) = await write(world, channel, 1, "2026-01-10T12:00:00+00:00")
    request = inbox_pb2.NoteDraftFromThreadRequest(request_id=request_id(), thread_id=id)
    await inbox(world).NoteDraftFromThread(request)
    await inbox(world).NoteDraftFromThread(request)
    whole = await inbox(world).GetThread(inbox_pb2.GetThreadRequest(thread_id=id))
    assert [event.what for event in whole.events] == ["came", "drafted"]
