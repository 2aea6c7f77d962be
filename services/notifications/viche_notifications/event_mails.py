"""EventMailsService: mails to people who register for public events."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from viche.notifications.v1 import event_mails_pb2 as pb
from viche.notifications.v1 import event_mails_pb2_grpc

from viche_chassis import links
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.messages import aware
from viche_chassis.outbox import seen
from viche_notifications.domain.messages import (
    EVENT_CANCELLED,
    EVENT_CHANGED,
    EVENT_CONFIRM,
    EVENT_PROMOTED,
    EVENT_REGISTERED,
    EVENT_REMINDER,
    EVENT_REMOVED,
    EVENT_WAITING,
    Kind,
    Lane,
    language_for,
    text_in,
)
from viche_notifications.mail import CALENDAR
from viche_notifications.sealing import Contact, Contacts
from viche_notifications.sites import Sites
from viche_notifications.store import messages
from viche_notifications.waking import Bell

REPEATS = "event_mails"
"""Under this name the inbox keeps the ids of requests."""

KINDS: Mapping[int, Kind] = {
    pb.EVENT_MAIL_KIND_CONFIRM: EVENT_CONFIRM,
    pb.EVENT_MAIL_KIND_REGISTERED: EVENT_REGISTERED,
    pb.EVENT_MAIL_KIND_WAITING: EVENT_WAITING,
    pb.EVENT_MAIL_KIND_PROMOTED: EVENT_PROMOTED,
    pb.EVENT_MAIL_KIND_REMINDER: EVENT_REMINDER,
    pb.EVENT_MAIL_KIND_CHANGED: EVENT_CHANGED,
    pb.EVENT_MAIL_KIND_CANCELLED: EVENT_CANCELLED,
    pb.EVENT_MAIL_KIND_REMOVED: EVENT_REMOVED,
}


class EventMailsServicer(event_mails_pb2_grpc.EventMailsServiceServicer):
    """Puts one mail into the queue for each request.

    Args:
        sites: says at which host an event of an authority is.
        bells: one for each lane, rung when there is a mail.
    """

    def __init__(
        self, pool: Pool, contacts: Contacts, sites: Sites, languages: Sequence[str], bells: Mapping[Lane, Bell]
    ) -> None:
        self._pool = pool
        self._contacts = contacts
        self._sites = sites
        self._languages = languages
        self._bells = bells

    async def SendEventMail(self, request: pb.SendEventMailRequest, context: Any) -> pb.SendEventMailResponse:
        kind = KINDS.get(request.kind)
        if kind is None:
            raise InvalidFields(invalid("kind", "REQUIRED"))
        message = self._message(request, kind)
        site = await self._sites.of_authority(request.authority_id)
        async with transaction(self._pool) as conn:
            if not await seen(conn, REPEATS, UUID(request.request_id)):
                await messages.add(conn, replace(message, params={**message.params, **site}))
        self._bells[kind.lane].ring()
        return pb.SendEventMailResponse()

    def _message(self, request: pb.SendEventMailRequest, kind: Kind) -> messages.NewMessage:
        message_id, language = new_id(), language_for(request.language, self._languages)
        to_event = kind in (EVENT_CANCELLED, EVENT_REMOVED)
        private = {
            "path": links.event_path(request.number) if to_event else links.registration_path(request.token),
            "reason": request.reason,
            "online_url": request.online_url,
            CALENDAR: request.calendar,
        }
        contact = Contact(request.email, request.name, private=private)
        return messages.NewMessage(
            id=message_id,
            template=kind.name,
            lane=kind.lane,
            language=language,
            sealed=self._contacts.seal(message_id, contact),
            address_index=self._contacts.index(request.email),
            expires_at=_expires_at(request, kind),
            params=_params(request, language),
        )


def _expires_at(request: pb.SendEventMailRequest, kind: Kind) -> datetime | None:
    """From when on a mail is of no use: a link that is not to be used any more, an event that has begun."""
    if kind is EVENT_CONFIRM:
        return aware(request.held_until) if request.HasField("held_until") else None
    return None if kind is EVENT_REMOVED else aware(request.starts_at)


def _params(request: pb.SendEventMailRequest, language: str) -> dict[str, Any]:
    """What the texts say: the event, in the language of its reader, and its time as clocks there show it."""
    title, title_language = text_in(request.title, language)
    place, place_language = text_in(request.place, language)
    local = aware(request.starts_at).astimezone(_zone(request.time_zone))
    return {
        "number": request.number,
        "title": title,
        "title_language": title_language,
        "place": place,
        "place_language": place_language,
        "day": local.date().isoformat(),
        "clock": local.time().isoformat("minutes"),
        "zone": request.time_zone or "UTC",
        "seats": request.seats,
        "position": request.position,
        "held_until": aware(request.held_until).isoformat() if request.HasField("held_until") else "",
    }


def _zone(name: str) -> Any:
    try:
        return ZoneInfo(name) if name else UTC
    except (ValueError, ZoneInfoNotFoundError, OSError) as error:
        raise InvalidFields(invalid("time_zone", "UNKNOWN_TIME_ZONE")) from error
