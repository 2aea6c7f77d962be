"""What social asks of notifications: mails to people who register for events."""

import grpc
from viche.notifications.v1 import event_mails_pb2 as pb
from viche.notifications.v1 import event_mails_pb2_grpc

from viche_chassis import links
from viche_chassis.messages import timestamp
from viche_chassis.status import from_rpc_error
from viche_social.domain.public_events import EventState
from viche_social.event_calendars import calendar_of, place_in
from viche_social.event_mailing import MailKind
from viche_social.store.event_mails import Mail
from viche_social.store.public_events import PublicEvent
from viche_social.visitors import Said

KINDS = {kind: pb.EventMailKind.Value(f"EVENT_MAIL_KIND_{kind.name}") for kind in MailKind}
WITH_SEATS = frozenset({MailKind.REGISTERED, MailKind.PROMOTED, MailKind.REMINDER, MailKind.CHANGED})
"""Kinds whose readers have seats, or wait for them while time or place change."""

WITH_CALENDAR = WITH_SEATS | {MailKind.CANCELLED}


class Notifications:
    """Hands mails over.

    Args:
        channel: to notifications.
        public_url: of the portal.
        host: of the portal.
    """

    def __init__(self, channel: grpc.aio.Channel, public_url: str, host: str) -> None:
        self._stub = event_mails_pb2_grpc.EventMailsServiceStub(channel)
        self._public_url = public_url
        self._host = host

    async def send(self, mail: Mail, said: Said, event: PublicEvent, token: str) -> None:
        """Hands one mail over; see :class:`viche_social.event_mailing.Office`.

        Raises:
            DomainError: it was not taken; Unavailable: it may be later.
        """
        try:
            await self._stub.SendEventMail(self._request(mail, said, event, token))
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error

    def _request(self, mail: Mail, said: Said, event: PublicEvent, token: str) -> pb.SendEventMailRequest:
        kind, content = MailKind(mail.kind), event.content
        languages = {*content.place.title, *content.place.address}
        reason = event.cancelled_because if kind is MailKind.CANCELLED else said.reason
        takes_place = kind not in (MailKind.CANCELLED, MailKind.REMOVED)
        has_seats = kind in WITH_SEATS and not said.position
        tells_url = takes_place and (has_seats or not content.online_for_registered)
        return pb.SendEventMailRequest(
            request_id=str(mail.id),
            kind=KINDS[kind],  # pyright: ignore[reportArgumentType]
            email=said.visitor.email,
            name=said.visitor.name,
            token=token,
            language=mail.language,
            number=event.number,
            authority_id=str(event.authority_id),
            title=content.title,
            starts_at=timestamp(event.times.starts_at),
            time_zone=content.time_zone,
            place={language: place_in(event, language) for language in sorted(languages)},
            online_url=content.online_url if tells_url else "",
            seats=said.seats,
            position=said.position,
            held_until=timestamp(said.until()),
            reason=reason,
            calendar=self._calendar(mail, said, event, kind),
        )

    def _calendar(self, mail: Mail, said: Said, event: PublicEvent, kind: MailKind) -> str:
        if kind not in WITH_CALENDAR or said.position or event.state is EventState.DRAFT:
            return ""
        url = self._public_url + links.event_path(event.number)
        return calendar_of(event, mail.language, url, self._host)
