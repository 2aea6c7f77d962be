"""An event on the desk of an officer: fetched, shown as everybody will see it, and who may do what with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import abort
from viche.social.v1 import public_events_pb2 as pb

from viche_gateway.console.channels import office
from viche_gateway.console.events import pieces
from viche_gateway.context import services, settings
from viche_gateway.portal.surveys.texts import language_name
from viche_gateway.regions import localized
from viche_gateway.sessions import signed_in

WRITE = frozenset({"press", "officer"})
SEE = frozenset({"press", "officer", "operator"})


@dataclass(frozen=True)
class Desk:
    """An event, for the officer who asks."""

    event: pb.Event

    @property
    def id(self) -> str:
        """Of the event."""
        return self.event.id

    @property
    def content(self) -> pb.EventContent:
        """What it says."""
        return self.event.content

    @property
    def title(self) -> str:
        """What lists call it; empty where nothing is written."""
        return localized(self.content.title)

    @property
    def steps(self) -> Sequence[str]:
        """Of writing it."""
        return pieces.STEPS

    @property
    def is_draft(self) -> bool:
        """Whether officers alone see it."""
        return self.event.state == pb.EVENT_STATE_DRAFT

    @property
    def is_coming(self) -> bool:
        """Whether everybody sees it, and it is not over."""
        return self.event.phase == pb.EVENT_PHASE_COMING

    @property
    def is_past(self) -> bool:
        """Whether it has taken place."""
        return self.event.phase == pb.EVENT_PHASE_PAST

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.event.state == pb.EVENT_STATE_CANCELLED

    @property
    def is_editable(self) -> bool:
        """Whether the officer may change it."""
        return not self.is_cancelled and self.may_write

    @property
    def may_write(self) -> bool:
        """Whether the officer may change events of its authority, and see who comes."""
        return office.may(WRITE, self.event.authority_id)

    @property
    def has_people(self) -> bool:
        """Whether there is a list of those who come."""
        return not self.is_draft and self.content.registration.is_needed

    @property
    def time_zone(self) -> str:
        """Of its hours."""
        return self.content.time_zone or settings().timezone

    @property
    def languages(self) -> Sequence[tuple[str, str]]:
        """Codes and names of the languages to write in."""
        texts: tuple[Mapping[str, str], ...] = (self.content.title, self.content.summary, self.content.agenda)
        written = sorted({code for each in texts for code in each})
        codes = dict.fromkeys((*settings().languages, *written))
        return [(code, language_name(code)) for code in codes]

    @property
    def public(self) -> pb.PublicEvent:
        """The event as everybody sees it, or will."""
        event, content = self.event, self.content
        shown = pb.PublicEvent(
            number=event.number, authority_id=event.authority_id, kind=content.kind, title=content.title,
            summary=content.summary, agenda=content.agenda, starts_at=event.starts_at, time_zone=self.time_zone,
            materials=content.materials, contact=content.contact, phase=event.phase,
            registration_status=event.registration_status, capacity=content.registration.capacity,
            is_online=bool(content.online_url), cancelled_because=event.cancelled_because,
            online_url="" if content.online_for_registered else content.online_url,
        )  # fmt: skip
        if event.HasField("ends_at"):
            shown.ends_at.CopyFrom(event.ends_at)
        if content.place.title or content.place.address:
            shown.place.CopyFrom(content.place)
        return shown


def read(event_id: str) -> Desk:
    """The event as it is now; 404 for what is no id. Raises DomainError."""
    return Desk(services().public_events.get(signed_in().access_token, office.checked_id(event_id)))


def writable(event_id: str) -> Desk:
    """The event, for those who may change it; 403 for others. Raises DomainError."""
    found = read(event_id)
    return found if found.may_write else abort(403)
