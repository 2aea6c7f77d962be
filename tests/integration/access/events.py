"""Public events that calls are about: one whose time to be changed, shown or cancelled has come, and who comes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from viche.social.v1 import public_events_pb2 as pb

from tests.integration.social.events import asked_for, content, drafted, people, published
from tests.integration.social.world import World

OF_DRAFTS = frozenset({"UpdateEvent", "PublishEvent", "DeleteEvent", "GetEvent"})
OF_PUBLISHED = frozenset({"CancelEvent", "ListRegistrations", "AddRegistration", "GetPublicEvent", "Register"})
OF_REGISTRATIONS = frozenset({
    "NoteArrival", "UndoArrival", "RemoveRegistration", "GetRegistration", "CancelRegistration", "ConfirmRegistration",
    "ListMyRegistrations",
})  # fmt: skip


async def of_events(world: World, method: str) -> dict[str, Any]:
    """Values of fields by name, for one RPC about events; none for others."""
    if method == "CreateEvent":
        return {"content": content()}
    if method in OF_DRAFTS:
        event = await drafted(world)
        return {"event_id": event.id, "version": event.version, "content": content()}
    if method in OF_PUBLISHED:
        event = await published(world)
        return {"event_id": event.id, "number": event.number, "email": f"{uuid4()}@example.org", "name": "Olena"}
    return await _registered(world) if method in OF_REGISTRATIONS else {}


async def _registered(world: World) -> dict[str, Any]:
    event, who = await published(world), world.scope_token("olena")
    made = await asked_for(world, event.number, scope_token=who)
    await world.social.events.postman.look()
    token = next(mail.token for mail in world.mailroom.mails.values() if mail.number == event.number)
    (held,) = (await people(world, event.id, state=pb.REGISTRATION_STATE_REGISTERED)).registrations
    assert held.id == made.registration_id
    return {"registration_id": held.id, "token": token, "scope_token": who}
