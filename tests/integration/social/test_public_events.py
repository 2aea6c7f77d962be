"""Public events, by those who invite and for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from viche.social.v1 import posts_pb2
from viche.social.v1 import public_events_pb2 as pb

from tests.integration.social.events import (
    asked_for,
    confirmed,
    content,
    drafted,
    local,
    mails,
    people,
    published,
    shown,
    told,
    wish,
)
from tests.integration.social.world import CITY, CLI, GATEWAY, VILLAGE, World, person, request_id
from viche_chassis.testing import FakeRpcError


def update(event: pb.Event, **differences: Any) -> pb.UpdateEventRequest:
    """A change of an event that leaves its time as it is."""
    same = {"starts": event.content.starts, "ends": event.content.ends, **differences}
    return pb.UpdateEventRequest(
        request_id=request_id(), event_id=event.id, version=event.version, content=content(**same)
    )


async def listed(world: World, **asked: Any) -> list[int]:
    answer = await world.public_events(GATEWAY).ListPublicEvents(pb.ListPublicEventsRequest(**asked))
    return [event.number for event in answer.events]


async def test_a_draft_is_seen_by_its_officers_alone_until_it_is_published(world: World) -> None:
    draft = await drafted(world)
    with pytest.raises(FakeRpcError) as hidden:
        await shown(world, draft.number)
    with pytest.raises(FakeRpcError) as others:
        stranger = world.public_events(person("other", at=VILLAGE))
        await stranger.GetEvent(pb.GetEventRequest(event_id=draft.id))

    asked = pb.PublishEventRequest(request_id=request_id(), event_id=draft.id, version=draft.version)
    await world.public_events().PublishEvent(asked)

    assert (hidden.value.reason, others.value.reason) == ("EVENT_NOT_FOUND", "NOT_YOUR_AUTHORITY")
    event = await shown(world, draft.number)
    assert event.title["uk"] == "Нова школа"
    assert (event.capacity, event.places_left, event.phase) == (2, 2, pb.EVENT_PHASE_COMING)
    assert event.registration_status == pb.REGISTRATION_STATUS_OPEN


async def test_what_is_missing_keeps_an_event_from_being_published(world: World) -> None:
    draft = await drafted(world, title={}, starts=local(days=-1), ends="")
    asked = pb.PublishEventRequest(request_id=request_id(), event_id=draft.id, version=draft.version)

    with pytest.raises(FakeRpcError) as refused:
        await world.public_events().PublishEvent(asked)

    assert [(each.field, each.reason) for each in draft.problems] == [("title", "REQUIRED"), ("starts", "IN_THE_PAST")]
    assert refused.value.reason == "EVENT_HAS_PROBLEMS"


async def test_a_change_names_the_version_that_it_changes(world: World) -> None:
    draft = await drafted(world)
    await world.public_events().UpdateEvent(update(draft))

    with pytest.raises(FakeRpcError) as late:
        await world.public_events().UpdateEvent(update(draft))

    assert late.value.reason == "STALE_VERSION"


async def test_whoever_is_registered_is_told_that_time_or_place_change_and_of_nothing_else(world: World) -> None:
    one = {"capacity": 1, "most_seats": 1}
    event = await published(world, registration=one)
    await confirmed(world, event.number, "olena")
    await confirmed(world, event.number, "ivan")

    other = update(event, contact="hall@example.org", registration=one)
    same = (await world.public_events().UpdateEvent(other)).event
    later = update(same, starts=local(days=8), ends=local(days=8, hours=1), registration=one)
    moved = await world.public_events().UpdateEvent(later)

    assert (same.sequence, moved.event.sequence, moved.told) == (0, 1, 2)
    assert (await told(world, "olena"))[-2:] == ["registered", "changed"]
    assert (await told(world, "ivan"))[-2:] == ["waiting", "changed"]
    changed = (await mails(world, "olena"))[-1]
    assert "SEQUENCE:1" in changed.calendar
    assert changed.starts_at == moved.event.starts_at


async def test_whoever_is_registered_is_told_that_what_was_over_takes_place_later(world: World) -> None:
    event = await published(world)
    await confirmed(world, event.number)
    await world.rows("UPDATE public_events SET starts_at = now() - interval '1 day', over_at = now()")

    moved = await world.public_events().UpdateEvent(update(event, starts=local(days=9), ends=""))

    assert (moved.told, (await told(world))[-1]) == (1, "changed")


async def test_an_address_that_no_mail_could_carry_is_refused(world: World) -> None:
    long = "https://meet.example/" + "x" * 2_000
    with pytest.raises(FakeRpcError) as online:
        await drafted(world, online_url=long)
    with pytest.raises(FakeRpcError) as material:
        await drafted(world, materials=[pb.EventMaterial(title={"en": "Plan"}, url=long)])

    assert [online.value.reason, material.value.reason] == ["INVALID_FIELDS"] * 2


async def test_no_seats_are_taken_away_and_new_ones_go_to_whoever_waits(world: World) -> None:
    event = await published(world, registration={"capacity": 2, "most_seats": 1})
    for who in ("olena", "ivan", "petro"):
        await confirmed(world, event.number, who)

    with pytest.raises(FakeRpcError) as fewer:
        await world.public_events().UpdateEvent(update(event, registration={"capacity": 1, "most_seats": 1}))
    await world.public_events().UpdateEvent(update(event, registration={"capacity": 3, "most_seats": 1}))

    assert fewer.value.reason == "SEATS_ARE_TAKEN"
    assert await told(world, "petro") == ["confirm", "waiting", "promoted"]
    assert (await shown(world, event.number)).places_left == 0


async def test_an_event_is_cancelled_with_a_reason_that_everybody_reads(world: World) -> None:
    event = await published(world)
    await confirmed(world, event.number)
    await asked_for(world, event.number, "ivan")

    asked = pb.CancelEventRequest(request_id=request_id(), event_id=event.id, reason="The hall is flooded.")
    answer = await world.public_events().CancelEvent(asked)

    assert (answer.told, answer.event.phase) == (1, pb.EVENT_PHASE_CANCELLED)
    public = await shown(world, event.number)
    assert public.cancelled_because == "The hall is flooded."
    assert public.registration_status == pb.REGISTRATION_STATUS_CANCELLED
    mail = (await mails(world))[-1]
    assert mail.reason == "The hall is flooded."
    assert {"STATUS:CANCELLED", "SEQUENCE:1"} <= set(mail.calendar.split("\r\n"))
    with pytest.raises(FakeRpcError) as late:
        await world.public_events(GATEWAY).Register(wish(event.number, "petro"))
    assert late.value.reason == "EVENT_CANCELLED"


async def test_what_waited_to_be_mailed_is_not_said_of_an_event_that_is_cancelled(world: World) -> None:
    event = await published(world, starts=local(hours=20), ends="")
    for who in ("olena", "ivan"):
        await confirmed(world, event.number, who)
    await mails(world)
    world.mailroom.is_down = True
    await world.social.events.keeping.look()
    (held,) = (await people(world, event.id, query="ivan")).registrations
    removed = pb.RemoveRegistrationRequest(request_id=request_id(), registration_id=held.id, reason="You asked for it.")
    await world.public_events().RemoveRegistration(removed)

    asked = pb.CancelEventRequest(request_id=request_id(), event_id=event.id, reason="The hall is flooded.")
    await world.public_events().CancelEvent(asked)

    world.mailroom.is_down = False
    await world.rows("UPDATE event_mails SET next_at = now()")
    assert await told(world) == ["confirm", "registered", "cancelled"]
    assert await told(world, "ivan") == ["confirm", "registered", "removed"]


async def test_a_draft_can_be_deleted_and_nothing_else(world: World) -> None:
    draft, event = await drafted(world), await published(world)
    await world.public_events().DeleteEvent(pb.DeleteEventRequest(request_id=request_id(), event_id=draft.id))

    with pytest.raises(FakeRpcError) as refused:
        await world.public_events().DeleteEvent(pb.DeleteEventRequest(request_id=request_id(), event_id=event.id))

    assert refused.value.reason == "EVENT_NOT_EDITABLE"
    assert [row[0] for row in await world.rows("SELECT number FROM public_events")] == [event.number]


async def test_lists_go_by_the_beginning_and_over_pages(world: World) -> None:
    past = await published(world, CLI, starts=local(days=-3), ends=local(days=-3, hours=1))
    later, sooner = await published(world, starts=local(days=9), ends=""), await published(world)
    now = Timestamp()
    now.GetCurrentTime()

    asked: Any = {"from": now, "page_size": 1}
    first = await world.public_events(GATEWAY).ListPublicEvents(pb.ListPublicEventsRequest(**asked))
    second = await listed(world, **{"from": now}, page_token=first.next_page_token)

    assert ([event.number for event in first.events], second) == ([sooner.number], [later.number])
    assert await listed(world, past=True, latest_first=True) == [past.number]
    assert await listed(world, authority_ids=[str(VILLAGE)]) == []
    answer = await world.public_events().ListEvents(pb.ListEventsRequest(page_size=2))
    rest = await world.public_events().ListEvents(pb.ListEventsRequest(page_token=answer.next_page_token))
    assert [event.number for event in answer.events] == [sooner.number, later.number]
    assert [event.number for event in rest.events] == [past.number]
    assert {each.phase: each.events for each in answer.counts}[pb.EVENT_PHASE_COMING] == 2


async def test_officers_publish_nothing_that_has_begun(world: World) -> None:
    with pytest.raises(FakeRpcError) as refused:
        await published(world, starts=local(days=-3), ends=local(days=-3, hours=1))

    assert refused.value.reason == "EVENT_HAS_PROBLEMS"


async def test_main_moments_are_shown_once_their_post_is_out(world: World) -> None:
    text = posts_pb2.PostContent(kind=posts_pb2.POST_KIND_MOMENTS, text={"en": "It was good."})
    asked = posts_pb2.CreatePostRequest(request_id=request_id(), authority_id=str(CITY), content=text)
    post = (await world.posts().CreatePost(asked)).post
    event = await published(world, moments_post_id=post.id)
    before = (await shown(world, event.number)).moments_post
    await world.rows("UPDATE posts SET state = 'out', out_at = now()")

    assert (before, (await shown(world, event.number)).moments_post) == (0, post.number)


async def test_the_online_address_is_told_to_whoever_is_registered(world: World) -> None:
    event = await published(world, online_url="https://meet.example.org/1", online_for_registered=True)
    await confirmed(world, event.number)

    public = await shown(world, event.number)
    kinds = [bool(mail.online_url) for mail in await mails(world)]

    assert (public.is_online, public.online_url) == (True, "")
    assert kinds == [False, True]
