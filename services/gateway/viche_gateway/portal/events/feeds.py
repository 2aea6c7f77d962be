"""Events as calendars to subscribe to (RFC 5545) and as feeds (RFC 4287), of an authority or of the whole place.

Addresses of what people learn with their registration alone are in none of them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext
from viche.identity.v1 import identity_pb2
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis import calendars
from viche_gateway import access, atom
from viche_gateway.branding.current import address_of, here, listed, site_name
from viche_gateway.clients.public_events import Wanted
from viche_gateway.context import services
from viche_gateway.formats import moment
from viche_gateway.languages import current_language
from viche_gateway.portal.events import saying
from viche_gateway.regions import authority_name, authority_slug, find_authority

_ENTRIES = 50
_LONGEST_SUMMARY = 1_000
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@access.public(max_age_s=60)
def event_calendar(number: int) -> Response:
    """One event, to be taken into a calendar."""
    found = services().public_events.by_number(number)
    response = _calendar(saying.words(found.title), [found])
    response.headers["Content-Disposition"] = f'attachment; filename="event-{number}.ics"'
    return response


@access.public(max_age_s=300)
def events_calendar() -> Response:
    """All events of this place."""
    return _calendar(site_name(), _all(_here()))


@access.public(max_age_s=300)
def authority_calendar(authority: str) -> Response:
    """All events of an authority."""
    found = _authority(authority)
    return _calendar(authority_name(found.id), _all([found.id]))


@access.public(max_age_s=60)
def events_feed() -> Response:
    """Events of this place, the latest first."""
    address, page = here().url + url_for("portal.events_feed"), here().url + url_for("portal.event_list")
    return _feed(address, page, site_name(), _latest(_here()))


@access.public(max_age_s=60)
def authority_events_feed(authority: str) -> Response:
    """Events of an authority, the latest first."""
    found = _authority(authority)
    home, slug = address_of(found.id), authority_slug(found.id)
    address = home + url_for("portal.authority_events_feed", authority=slug)
    page = home + url_for("portal.event_list", authority=slug)
    return _feed(address, page, authority_name(found.id), _latest([found.id]))


def _authority(authority: str) -> identity_pb2.Authority:
    return find_authority(authority) or abort(404)


def _all(authority_ids: Sequence[str]) -> Sequence[pb.PublicEvent]:
    """Events in the order in which they begin, what is over included: calendars keep it."""
    wanted = Wanted(authority_ids, latest_first=True, page_size=100)
    return list(services().public_events.all_public(wanted))[::-1]


def _latest(authority_ids: Sequence[str]) -> Sequence[pb.PublicEvent]:
    return services().public_events.public(Wanted(authority_ids, latest_first=True, page_size=_ENTRIES)).events


def _here() -> Sequence[str]:
    """The authorities of this place; none where it has all."""
    first, more = listed()
    return [first, *more] if first else []


def _calendar(name: str, events: Sequence[pb.PublicEvent]) -> Response:
    """The file; not found where there are none: a calendar needs an entry."""
    if not events:
        abort(404)
    text = calendars.calendar(name, [_entry(each) for each in events])
    return Response(text, content_type=f"{calendars.MEDIA_TYPE}; charset=utf-8")


def _entry(event: pb.PublicEvent) -> calendars.Entry:
    return calendars.Entry(
        uid=event.uid,
        day=saying.day(event),
        title=saying.words(event.title),
        text=_text(event),
        url=_page(event),
        changed_at=moment(event.changed_at) or _BEGINNING,
        starts_at=moment(event.starts_at),
        ends_at=moment(event.ends_at),
        place=saying.place(event),
        is_cancelled=saying.is_cancelled(event),
        sequence=event.sequence,
    )


def _text(event: pb.PublicEvent) -> str:
    if event.cancelled_because:
        return gettext("It does not take place: %(reason)s", reason=event.cancelled_because)
    accessibility = saying.words(event.place.accessibility)
    return "\n\n".join(filter(None, (saying.words(event.summary), accessibility, event.online_url, _page(event))))


def _page(event: pb.PublicEvent) -> str:
    return address_of(event.authority_id) + url_for("portal.event", number=event.number)


def _feed(address: str, page: str, name: str, events: Iterable[pb.PublicEvent]) -> Response:
    title = gettext("Events – %(name)s", name=name)
    feed = atom.Feed(address, page, title, name, current_language(), _BEGINNING)
    entries = [_line(each) for each in events]
    return Response(atom.document(feed, entries), content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")


def _line(event: pb.PublicEvent) -> atom.Entry:
    facts = ". ".join(filter(None, (saying.when(event), saying.place(event))))
    text = "\n".join(filter(None, (facts, _text(event))))[:_LONGEST_SUMMARY]
    return atom.Entry(
        id=_page(event), title=saying.words(event.title), at=moment(event.changed_at) or _BEGINNING, url=_page(event),
        text=text, author=authority_name(event.authority_id),
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the files."""
    blueprint.add_url_rule("/events/<int:number>/event.ics", view_func=event_calendar)
    blueprint.add_url_rule("/events.ics", view_func=events_calendar)
    blueprint.add_url_rule("/authorities/<authority>/events.ics", view_func=authority_calendar)
    blueprint.add_url_rule("/events.atom", view_func=events_feed)
    blueprint.add_url_rule("/authorities/<authority>/events.atom", view_func=authority_events_feed)
