"""What comes in the whole region, day by day, and the page of one event."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from urllib.parse import quote

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.branding.current import address_of, authorities_here, belongs_here, listed
from viche_gateway.clients.public_events import Wanted
from viche_gateway.context import services
from viche_gateway.formats import now
from viche_gateway.portal.events import saying, structured
from viche_gateway.regions import find_authority, localized

PAGE_SIZE = 40
_ON_HOME = 2
_COMING_OF_AUTHORITY = 20
_PAST_OF_AUTHORITY = 5
_MOST_TOKEN = 200
_LONGEST_DESCRIPTION = 200


@access.public(max_age_s=30)
def event_list() -> str:
    """Events of this place by day, the next first; or what is over, the latest first."""
    chosen = find_authority(request.args.get("authority", ""))
    if chosen is not None and not belongs_here(chosen.id):
        chosen = None
    past = request.args.get("past") == "1"
    token = request.args.get("after", "")[:_MOST_TOKEN]
    since = None if past else now()
    found = services().public_events.public(
        Wanted(_authorities(chosen.id if chosen else ""), since, past=past, page_size=PAGE_SIZE, page_token=token)
    )
    return render_template(
        "portal/events/list.html", days=by_day(found.events), next=found.next_page_token, past=past, chosen=chosen,
        authorities=_names(), is_first=not token,
    )  # fmt: skip


@access.public(max_age_s=10)
def event(number: int) -> ResponseReturnValue:
    """One event: what, when, where, and how to come."""
    found = services().public_events.by_number(number)
    if not belongs_here(found.authority_id):
        return redirect(f"{address_of(found.authority_id)}{request.script_root}{quote(request.path)}")
    return render_template("portal/events/event.html", event=found, data=structured.of(found), **said(found))


def said(found: pb.PublicEvent) -> Mapping[str, str]:
    """Title and description of an event for the reader, with the title's language."""
    language, title = saying.text(found.title)
    about = found.cancelled_because or saying.words(found.summary) or saying.when(found)
    return {"title": title, "title_language": language, "description": " ".join(about.split())[:_LONGEST_DESCRIPTION]}


def by_day(events: Iterable[pb.PublicEvent]) -> Sequence[tuple[date, Sequence[pb.PublicEvent]]]:
    """Events in their order, by the days on which they begin."""
    return [(day, list(group)) for day, group in groupby(events, saying.day)]


def next_events() -> Sequence[pb.PublicEvent]:
    """The next events of this place for the home page; none while the service does not answer."""
    try:
        found = services().public_events.public(Wanted(_authorities(), now(), page_size=_ON_HOME + 1)).events
    except DomainError:
        return ()
    return [each for each in found if not saying.is_cancelled(each)][:_ON_HOME]


def of_authority(authority_id: str) -> Mapping[str, Sequence[pb.PublicEvent]]:
    """What comes and what was, for the page of an authority; none while the service does not answer."""
    events = services().public_events
    try:
        coming = events.public(Wanted([authority_id], now(), page_size=_COMING_OF_AUTHORITY)).events
        past = events.public(Wanted([authority_id], past=True, page_size=_PAST_OF_AUTHORITY)).events
    except DomainError:
        return {"coming": (), "past": ()}
    return {"coming": coming, "past": past}


def known(number: int) -> pb.PublicEvent:
    """An event that this place shows; 404 for those of others. Raises DomainError."""
    found = services().public_events.by_number(number)
    return found if belongs_here(found.authority_id) else abort(404)


def _authorities(wanted: str = "") -> Sequence[str]:
    first, more = listed(wanted)
    return [first, *more] if first else []


def _names() -> Sequence[tuple[str, str]]:
    """Slugs and names of the authorities of this place, by name."""
    named = [(each.slug or each.id, localized(each.name.texts)) for each in authorities_here()]
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/events", view_func=event_list)
    blueprint.add_url_rule("/events/<int:number>", view_func=event)
