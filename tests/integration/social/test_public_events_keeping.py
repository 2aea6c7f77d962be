"""What time does to public events, and mails that are on their way."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from viche.identity.v1 import events_pb2
from viche.social.v1 import public_events_pb2 as pb

from tests.integration.social.events import (
    asked_for,
    confirmed,
    content,
    local,
    mails,
    own,
    people,
    published,
    shown,
    told,
    wish,
)
from tests.integration.social.world import GATEWAY, World, request_id
from viche_chassis import base64url
from viche_chassis.consuming import Event
from viche_chassis.outbox import body_hash
from viche_social.event_mailing import MOST_TRIES

SECRETS = "SELECT count(*) FROM registrations WHERE sealed IS NOT NULL OR email_key IS NOT NULL OR person IS NOT NULL"


def erased(world: World, who: str) -> Event:
    claims = world.tokens.verify(world.scope_token(who), audience="social")
    return Event(uuid4(), events_pb2.PersonErased(registrations=base64url.decode(str(claims["sub"]))))


async def test_people_with_seats_are_reminded_once_whatever_restarts(world: World) -> None:
    event = await published(world, starts=local(hours=20), ends="", registration={"capacity": 1, "most_seats": 1})
    await confirmed(world, event.number, "olena")
    await confirmed(world, event.number, "ivan")

    again = world.renewed()
    await asyncio.gather(*(each.social.events.keeping.look() for each in (world, again, world)))
    await again.social.events.keeping.look()

    assert (await told(world, "olena"), await told(world, "ivan")) == (
        ["confirm", "registered", "reminder"],
        ["confirm", "waiting"],
    )


async def test_what_is_further_off_or_wants_no_reminder_has_none(world: World) -> None:
    later = await published(world, starts=local(hours=30), ends="")
    silent = await published(world, starts=local(hours=20), ends="", reminder_hours=0)
    for event in (later, silent):
        await confirmed(world, event.number)

    await world.social.events.keeping.look()

    assert "reminder" not in await told(world)


async def test_what_has_moved_is_reminded_of_again(world: World) -> None:
    event = await published(world, starts=local(hours=20), ends="")
    await confirmed(world, event.number)
    await world.social.events.keeping.look()
    moved = content(starts=local(hours=10), ends="")
    asked = pb.UpdateEventRequest(request_id=request_id(), event_id=event.id, version=event.version, content=moved)
    await world.public_events().UpdateEvent(asked)

    await world.social.events.keeping.look()

    assert await told(world) == ["confirm", "registered", "reminder", "changed", "reminder"]


async def test_names_and_addresses_go_some_days_after_the_event_and_counts_stay(world: World) -> None:
    event = await published(world)
    token = await confirmed(world, event.number, seats=2)
    times = (
        "UPDATE public_events SET starts_at = now() - %s * interval '1 day', over_at = now() - %s * interval '1 day'"
    )

    await world.rows(times, 29, 29)
    await world.social.events.keeping.look()
    before = await world.rows(SECRETS)
    await world.rows(times, 31, 31)
    await world.social.events.keeping.look()

    assert (before, await world.rows(SECRETS)) == ([(1,)], [(0,)])
    listed = await people(world, event.id)
    assert [(each.name, each.email, each.seats) for each in listed.registrations] == [("", "", 2)]
    assert listed.counts.registered == 2
    kept = (await world.public_events().GetEvent(pb.GetEventRequest(event_id=event.id))).event
    assert kept.people_are_deleted
    assert (await own(world, token)).registration.email == ""


async def test_whoever_is_erased_is_forgotten_and_their_seat_is_free(world: World) -> None:
    event = await published(world, registration={"capacity": 1, "most_seats": 1})
    await asked_for(world, event.number, "olena", scope_token=world.scope_token("olena"))
    await confirmed(world, event.number, "ivan")
    said = erased(world, "olena")

    await world.social.events.keeping.erased(said)
    await world.social.events.keeping.erased(said)

    assert await told(world, "ivan") == ["confirm", "waiting", "promoted"]
    assert await told(world, "olena") == ["registered"]
    assert await world.rows(SECRETS) == [(1,)]


async def test_a_registration_that_was_on_its_way_is_forgotten_too(world: World) -> None:
    event = await published(world)
    await world.social.events.keeping.erased(erased(world, "olena"))
    await asked_for(world, event.number, scope_token=world.scope_token("olena"))

    await world.social.events.keeping.look()

    assert await world.rows(SECRETS) == [(0,)]
    assert (await shown(world, event.number)).places_left == 2


async def test_who_registered_cannot_be_guessed_back_from_what_is_remembered_of_requests(world: World) -> None:
    event = await published(world)
    asked = wish(event.number)
    door = pb.AddRegistrationRequest(request_id=request_id(), event_id=event.id, name="Aunt Ada")
    for _ in range(2):
        await world.public_events(GATEWAY).Register(asked)
        await world.public_events().AddRegistration(door)

    kept = {bytes(row[0]) for row in await world.rows("SELECT body_hash FROM requests")}

    assert len(kept) == 4
    assert not kept & {body_hash(asked), body_hash(door)}


async def test_mails_wait_while_notifications_are_down(world: World) -> None:
    event = await published(world)
    world.mailroom.is_down = True
    await asked_for(world, event.number)
    while_down = await mails(world)
    world.mailroom.is_down = False
    await world.rows("UPDATE event_mails SET next_at = now()")

    assert (while_down, await told(world)) == ([], ["confirm"])
    assert await world.rows("SELECT 1 FROM event_mails") == []


async def test_a_mail_that_can_never_be_sent_keeps_no_other(world: World) -> None:
    event = await published(world)
    await asked_for(world, event.number, "olena")
    await asked_for(world, event.number, "ivan")
    await world.rows("UPDATE event_mails SET sealed = '\\x01' WHERE id = (SELECT min(id::text)::uuid FROM event_mails)")

    assert [await told(world, who) for who in ("olena", "ivan")] == [[], ["confirm"]]
    assert await world.rows("SELECT 1 FROM event_mails") == []


async def test_a_mail_is_given_up_after_many_tries(world: World) -> None:
    event = await published(world)
    world.mailroom.is_down = True
    await asked_for(world, event.number)
    await world.rows("UPDATE event_mails SET tries = %s", MOST_TRIES)

    assert await mails(world) == []
    assert await world.rows("SELECT 1 FROM event_mails") == []


async def test_who_registers_for_a_past_event_that_is_ahead_again_is_forgotten_after_it(world: World) -> None:
    event = await published(world)
    await world.rows("UPDATE public_events SET starts_at = now() - interval '99 days'")
    await world.rows("UPDATE public_events SET over_at = starts_at")
    await world.social.events.keeping.look()
    again = content(starts=local(days=3), ends="")
    asked = pb.UpdateEventRequest(request_id=request_id(), event_id=event.id, version=event.version, content=again)

    moved = (await world.public_events().UpdateEvent(asked)).event

    assert not moved.people_are_deleted
    await confirmed(world, event.number)
    await world.rows("UPDATE public_events SET over_at = now() - interval '99 days'")
    await world.social.events.keeping.look()
    assert await world.rows(SECRETS) == [(0,)]
