"""Seats of public events: taken once, waited for, given back."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from viche.social.v1 import public_events_pb2 as pb

from tests.integration.social.events import (
    asked_for,
    confirmed,
    give_back,
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
from viche_chassis.testing import FakeRpcError
from viche_social.domain.public_events import RegistrationState


async def states(world: World) -> list[str]:
    return [row[0] for row in await world.rows("SELECT state FROM registrations ORDER BY state, id")]


async def test_a_registration_holds_when_the_link_in_the_mail_is_used(world: World) -> None:
    event = await published(world)
    answer = await asked_for(world, event.number, seats=2)
    (mail,) = await mails(world)
    before = await own(world, mail.token)

    asked = pb.ConfirmRegistrationRequest(request_id=request_id(), token=mail.token)
    after = await world.public_events(GATEWAY).ConfirmRegistration(asked)

    assert (answer.state, answer.waits, answer.registration_id) == (pb.REGISTRATION_STATE_PENDING, False, "")
    assert before.registration.state == pb.REGISTRATION_STATE_PENDING
    assert (after.state, await told(world)) == (pb.REGISTRATION_STATE_REGISTERED, ["confirm", "registered"])
    assert (await mails(world))[-1].calendar.startswith("BEGIN:VCALENDAR")
    held = (await own(world, mail.token)).registration
    assert (held.name, held.email, held.seats) == ("Olena", "olena@example.org", 2)


async def test_fifty_at_once_take_ten_seats_and_no_more(world: World) -> None:
    event = await published(world, registration={"capacity": 10, "most_seats": 1})
    everybody = [f"visitor{index}" for index in range(50)]

    answers = await asyncio.gather(*(asked_for(world, event.number, who) for who in everybody))
    while await world.social.events.postman.look():
        pass
    tokens = [mail.token for mail in world.mailroom.mails.values()]
    stub = world.public_events(GATEWAY)
    await asyncio.gather(
        *(
            stub.ConfirmRegistration(pb.ConfirmRegistrationRequest(request_id=request_id(), token=token))
            for token in tokens
        )
    )

    assert sum(answer.waits for answer in answers) == 40
    assert await states(world) == ["registered"] * 10 + ["waiting"] * 40
    assert await world.rows("SELECT taken FROM public_events") == [(10,)]


async def test_a_repeat_of_a_request_is_the_same_registration(world: World) -> None:
    event = await published(world)
    asked = wish(event.number)
    answers = [await world.public_events(GATEWAY).Register(asked) for _ in range(2)]

    assert answers[0] == answers[1]
    assert await told(world) == ["confirm"]


async def test_a_repeat_with_another_token_of_the_same_person_is_the_same_request(world: World) -> None:
    event = await published(world)
    asked = wish(event.number, scope_token=world.scope_token("olena"))
    first = await world.public_events(GATEWAY).Register(asked)
    asked.scope_token = world.signer.sign({**world.tokens.verify(asked.scope_token, audience="social"), "nonce": "2"})

    assert await world.public_events(GATEWAY).Register(asked) == first


async def test_nobody_learns_whether_an_address_is_registered(world: World) -> None:
    event = await published(world, registration={"capacity": 9})
    await confirmed(world, event.number, "olena")

    known = await asked_for(world, event.number, "olena")
    unknown = await asked_for(world, event.number, "ivan")

    assert (known.state, known.waits) == (unknown.state, unknown.waits)
    assert abs(known.held_until.seconds - unknown.held_until.seconds) < 60
    assert await told(world, "olena") == ["confirm", "registered", "registered"]
    assert await states(world) == ["pending", "registered"]


async def test_other_spellings_of_a_mailbox_are_the_same_registration(world: World) -> None:
    event = await published(world)
    await asked_for(world, event.number, seats=1)
    await asked_for(world, event.number, email="Olena+events@Example.org", seats=2)

    assert await world.rows("SELECT seats FROM registrations") == [(2,)]
    assert await world.rows("SELECT taken FROM public_events") == [(2,)]


async def test_a_person_who_is_signed_in_is_registered_at_once(world: World) -> None:
    event = await published(world)
    token = world.scope_token("olena")
    answer = await asked_for(world, event.number, scope_token=token)
    stub = world.public_events(GATEWAY)

    mine = (await stub.ListMyRegistrations(pb.ListMyRegistrationsRequest(scope_token=token))).registrations
    same = pb.GetRegistrationRequest(scope_token=token, number=event.number)
    found = (await stub.GetRegistration(same)).registration
    other = pb.GetRegistrationRequest(scope_token=world.scope_token("ivan"), registration_id=answer.registration_id)
    with pytest.raises(FakeRpcError) as refused:
        await stub.GetRegistration(other)

    assert answer.state == pb.REGISTRATION_STATE_REGISTERED
    assert [each.registration.id for each in mine] == [answer.registration_id] == [found.registration.id]
    assert (refused.value.reason, await told(world)) == ("REGISTRATION_NOT_FOUND", ["registered"])


async def test_a_person_takes_over_what_was_registered_with_their_address(world: World) -> None:
    event = await published(world)
    await asked_for(world, event.number, name="Somebody else")
    token = world.scope_token("olena")
    answer = await asked_for(world, event.number, scope_token=token)

    held = await world.public_events(GATEWAY).GetRegistration(
        pb.GetRegistrationRequest(scope_token=token, registration_id=answer.registration_id)
    )

    assert answer.state == pb.REGISTRATION_STATE_REGISTERED
    assert held.registration.registration.name == "Olena"
    assert await states(world) == ["registered"]


async def test_a_token_of_another_scope_is_refused(world: World) -> None:
    event = await published(world)
    with pytest.raises(FakeRpcError) as refused:
        await asked_for(world, event.number, scope_token=world.scope_token("olena", "answers"))

    assert refused.value.reason == "TOKEN_REFUSED"


async def test_who_waits_moves_up_by_themselves_in_their_order_where_they_have_room(world: World) -> None:
    event = await published(world, registration={"capacity": 2})
    first = await confirmed(world, event.number, "olena", seats=1)
    await confirmed(world, event.number, "ivan", seats=1)
    pair = await confirmed(world, event.number, "petro", seats=2)
    single = await confirmed(world, event.number, "hanna", seats=1)
    before = [(await own(world, token)).registration.position for token in (pair, single)]

    await give_back(world, first)

    assert before == [1, 2]
    assert await told(world, "hanna") == ["confirm", "waiting", "promoted"]
    assert (await own(world, pair)).registration.position == 1
    assert (await shown(world, event.number)).registration_status == pb.REGISTRATION_STATUS_WAITING_LIST


async def test_who_moves_up_past_others_is_mailed_all_that_people_with_seats_are_told(world: World) -> None:
    online = {"online_url": "https://meet.example/1", "online_for_registered": True}
    event = await published(world, registration={"capacity": 2}, **online)
    first = await confirmed(world, event.number, "olena", seats=1)
    await confirmed(world, event.number, "ivan", seats=1)
    await confirmed(world, event.number, "petro", seats=2)
    await confirmed(world, event.number, "hanna", seats=1)

    await give_back(world, first)

    mail = (await mails(world, "hanna"))[-1]
    assert (mail.position, mail.online_url) == (0, "https://meet.example/1")
    assert mail.calendar.startswith("BEGIN:VCALENDAR")


async def test_what_is_given_back_is_forgotten(world: World) -> None:
    event = await published(world)
    token = await confirmed(world, event.number)
    await give_back(world, token)
    await give_back(world, token)

    assert (await own(world, token)).registration.state == pb.REGISTRATION_STATE_CANCELLED
    assert await world.rows("SELECT sealed, email_key, person FROM registrations") == [(None, None, None)]
    assert (await shown(world, event.number)).places_left == 2


async def test_a_full_event_without_a_waiting_list_takes_nobody(world: World) -> None:
    event = await published(world, registration={"capacity": 1, "most_seats": 1, "has_waiting_list": False})
    await confirmed(world, event.number, "olena")

    reasons: list[str] = []
    for who in ("olena", "ivan"):
        with pytest.raises(FakeRpcError) as refused:
            await asked_for(world, event.number, who)
        reasons.append(refused.value.reason)

    assert reasons == ["EVENT_FULL"] * 2
    assert (await shown(world, event.number)).registration_status == pb.REGISTRATION_STATUS_FULL


@pytest.mark.parametrize(
    ("rules", "wanted", "reason"),
    [
        ({"most_seats": 1}, {"seats": 2}, "TOO_MANY_SEATS"),
        ({"is_needed": False}, {}, "REGISTRATION_NOT_NEEDED"),
        ({"until": local(days=-1)}, {}, "REGISTRATION_CLOSED"),
        ({}, {"email": "nowhere"}, "INVALID_FIELDS"),
        ({}, {"name": "  "}, "INVALID_FIELDS"),
    ],
    ids=["seats", "not-needed", "closed", "email", "name"],
)
async def test_why_nobody_is_registered(
    world: World, rules: dict[str, Any], wanted: dict[str, Any], reason: str
) -> None:
    event = await published(world, registration=rules)
    with pytest.raises(FakeRpcError) as refused:
        await asked_for(world, event.number, **wanted)

    assert refused.value.reason == reason
    assert await states(world) == []


async def test_seats_that_nobody_confirms_are_free_again(world: World) -> None:
    event = await published(world, registration={"capacity": 1, "most_seats": 1})
    await asked_for(world, event.number, "olena")
    (mail,) = await mails(world, "olena")
    await confirmed(world, event.number, "ivan")
    await world.rows("UPDATE registrations SET held_until = now() WHERE state = 'pending'")

    await world.social.events.keeping.look()

    assert await told(world, "ivan") == ["confirm", "waiting", "promoted"]
    with pytest.raises(FakeRpcError) as late:
        asked = pb.ConfirmRegistrationRequest(request_id=request_id(), token=mail.token)
        await world.public_events(GATEWAY).ConfirmRegistration(asked)
    assert late.value.reason == "REGISTRATION_EXPIRED"


async def test_a_secret_of_somebody_else_leads_nowhere(world: World) -> None:
    for token in ("", "nonsense", "A" * 64):
        with pytest.raises(FakeRpcError) as refused:
            await own(world, token)
        assert refused.value.reason == ("REGISTRATION_NOT_FOUND" if token else "TOKEN_REFUSED")


async def test_the_list_at_the_door(world: World) -> None:
    event = await published(world, registration={"capacity": 3})
    await confirmed(world, event.number, "olena")
    stub = world.public_events()
    (held,) = (await people(world, event.id)).registrations
    ids = {"registration_id": held.id}

    arrived = await stub.NoteArrival(pb.NoteArrivalRequest(request_id=request_id(), **ids))
    undone = await stub.UndoArrival(pb.UndoArrivalRequest(request_id=request_id(), **ids))
    door = pb.AddRegistrationRequest(request_id=request_id(), event_id=event.id, name="Aunt  Ada", seats=2)
    added = await stub.AddRegistration(door)
    with pytest.raises(FakeRpcError) as full:
        await stub.AddRegistration(pb.AddRegistrationRequest(request_id=request_id(), event_id=event.id, name="Bo"))

    assert (arrived.counts.checked_in, undone.counts.checked_in) == (1, 0)
    assert (added.counts.checked_in, added.counts.registered, full.value.reason) == (2, 3, "EVENT_FULL")
    assert [each.name for each in (await people(world, event.id)).registrations] == ["Aunt Ada", "Olena"]
    assert [each.name for each in (await people(world, event.id, query="OLENA@")).registrations] == ["Olena"]


async def test_whoever_is_removed_is_told_why_and_the_next_one_moves_up(world: World) -> None:
    event = await published(world, registration={"capacity": 1, "most_seats": 1})
    await confirmed(world, event.number, "olena")
    await confirmed(world, event.number, "ivan")
    held = (await people(world, event.id)).registrations[0]

    asked = pb.RemoveRegistrationRequest(request_id=request_id(), registration_id=held.id, reason="You asked for it.")
    await world.public_events().RemoveRegistration(asked)

    assert (await mails(world, "olena"))[-1].reason == "You asked for it."
    assert (await told(world, "ivan"))[-1] == "promoted"
    assert await states(world) == [RegistrationState.REGISTERED, RegistrationState.REMOVED]


async def test_names_and_addresses_lie_sealed(world: World) -> None:
    event = await published(world)
    await confirmed(world, event.number)
    await asked_for(world, event.number, "ivan")

    kept = [
        str(row)
        for table in ("registrations", "event_mails", "requests")
        for row in await world.rows(f"SELECT row_to_json(t)::text FROM {table} t")
    ]

    assert len(kept) > 4
    for secret in ("Olena", "olena@", "Ivan", "ivan@"):
        assert not any(secret in row or secret.encode().hex() in row for row in kept)
