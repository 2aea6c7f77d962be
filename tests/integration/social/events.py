"""Events and registrations as tests want them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.notifications.v1 import event_mails_pb2
from viche.social.v1 import public_events_pb2 as pb

from tests.integration.social.world import CITY, GATEWAY, PRESS, World, request_id
from viche_chassis.access import Caller
from viche_social.notifications import KINDS

ZONE = "Europe/Kyiv"
Mail = event_mails_pb2.SendEventMailRequest


def local(**ahead: float) -> str:
    """So far from now, as officers write it."""
    return (datetime.now(UTC) + timedelta(**ahead)).astimezone(ZoneInfo(ZONE)).strftime("%Y-%m-%dT%H:%M")


def content(**differences: Any) -> pb.EventContent:
    """A hearing next week with two seats and a waiting list."""
    rules = {"is_needed": True, "capacity": 2, "has_waiting_list": True, "most_seats": 2}
    rules.update(differences.pop("registration", {}))
    given: dict[str, Any] = {
        "kind": pb.EVENT_KIND_HEARING,
        "title": {"en": "A new school", "uk": "Нова школа"},
        "summary": {"en": "Where shall it stand?"},
        "starts": local(days=7),
        "ends": local(days=7, hours=2),
        "time_zone": ZONE,
        "place": pb.EventPlace(title={"en": "Town hall"}, address={"en": "Main square 1"}),
        **differences,
    }
    return pb.EventContent(registration=pb.EventRegistration(**rules), **given)


async def drafted(world: World, caller: Caller = PRESS, at: UUID = CITY, **differences: Any) -> pb.Event:
    """A draft."""
    asked = pb.CreateEventRequest(request_id=request_id(), authority_id=str(at), content=content(**differences))
    return (await world.public_events(caller).CreateEvent(asked)).event


async def published(world: World, caller: Caller = PRESS, **differences: Any) -> pb.Event:
    """An event that everybody sees."""
    draft = await drafted(world, caller, **differences)
    asked = pb.PublishEventRequest(request_id=request_id(), event_id=draft.id, version=draft.version)
    return (await world.public_events(caller).PublishEvent(asked)).event


def wish(number: int, who: str = "olena", **differences: Any) -> pb.RegisterRequest:
    """Somebody wants to come."""
    given = {"request_id": request_id(), "name": who.title(), "email": f"{who}@example.org", "language": "en"}
    return pb.RegisterRequest(**{**given, "number": number, **differences})


async def asked_for(world: World, number: int, who: str = "olena", **differences: Any) -> pb.RegisterResponse:
    """What somebody who wants to come is told."""
    return await world.public_events(GATEWAY).Register(wish(number, who, **differences))


async def mails(world: World, who: str = "olena") -> list[Mail]:
    """All that somebody has got, oldest first, after everything has left."""
    await world.social.events.postman.look()
    return [mail for mail in world.mailroom.mails.values() if mail.email == f"{who}@example.org"]


async def told(world: World, who: str = "olena") -> list[str]:
    """Kinds of the mails that somebody has got."""
    names = {number: str(kind) for kind, number in KINDS.items()}
    return [names[mail.kind] for mail in await mails(world, who)]


async def confirmed(world: World, number: int, who: str = "olena", **differences: Any) -> str:
    """Somebody registers and uses the link; their secret."""
    await asked_for(world, number, who, **differences)
    token = (await mails(world, who))[-1].token
    asked = pb.ConfirmRegistrationRequest(request_id=request_id(), token=token)
    await world.public_events(GATEWAY).ConfirmRegistration(asked)
    return token


async def own(world: World, token: str) -> pb.OwnRegistration:
    """A registration as its secret shows it."""
    return (await world.public_events(GATEWAY).GetRegistration(pb.GetRegistrationRequest(token=token))).registration


async def give_back(world: World, token: str) -> None:
    """Somebody gives their registration back."""
    asked = pb.CancelRegistrationRequest(request_id=request_id(), token=token)
    await world.public_events(GATEWAY).CancelRegistration(asked)


async def shown(world: World, number: int) -> pb.PublicEvent:
    """The event as everybody sees it."""
    return (await world.public_events(GATEWAY).GetPublicEvent(pb.GetPublicEventRequest(number=number))).event


async def people(world: World, event_id: str, **asked: Any) -> pb.ListRegistrationsResponse:
    """Who comes, as officers see it."""
    return await world.public_events().ListRegistrations(pb.ListRegistrationsRequest(event_id=event_id, **asked))
