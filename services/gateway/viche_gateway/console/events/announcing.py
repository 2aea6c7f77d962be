"""Posts about an event: one that announces it, and one that tells what mattered there; begun here, finished there."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.social.v1 import posts_pb2
from viche.social.v1 import public_events_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access, forms
from viche_gateway.branding.current import address_of
from viche_gateway.console.events import desk
from viche_gateway.console.events.desk import Desk
from viche_gateway.context import new_request_id, services
from viche_gateway.formats import full_day
from viche_gateway.languages import current_language
from viche_gateway.portal.events import saying
from viche_gateway.sessions import signed_in

_TRIES = 3


@access.officer
def announce_event(event_id: str) -> ResponseReturnValue:
    """Begins a post with title, day, place and link; the officer chooses where it goes."""
    found = desk.writable(event_id)
    if not found.is_coming:
        return _back(found)
    return _to(_begin(found, posts_pb2.POST_KIND_EVENT))


@access.officer
def write_moments(event_id: str) -> ResponseReturnValue:
    """Begins the post about what mattered there, to which the page of the event will lead; or goes on with it."""
    found = desk.writable(event_id)
    if not found.is_past:
        return _back(found)
    if found.content.moments_post_id:
        return redirect(url_for("console.post", post_id=found.content.moments_post_id), 303)
    post_id = _begin(found, posts_pb2.POST_KIND_MOMENTS)
    _lead_to(found, post_id)
    return _to(post_id)


def content_of(found: Desk, kind: "posts_pb2.PostKind.ValueType") -> posts_pb2.PostContent:
    """What the post begins with; day and place in the language of whoever writes, other languages by their texts."""
    event, content = found.public, found.content
    made = posts_pb2.PostContent(kind=kind, title=content.title)
    made.link = address_of(event.authority_id) + url_for("portal.event", number=event.number)
    language = current_language()
    facts = [saying.when(event), saying.place(event)]
    if kind == posts_pb2.POST_KIND_EVENT:
        for code, summary in content.summary.items():
            made.text[code] = summary
        made.text[language] = "\n\n".join(filter(None, ("\n".join(filter(None, facts)), content.summary[language])))
    else:
        made.text[language] = gettext("What mattered on %(day)s:", day=full_day(saying.day(event)))
    return made


def _begin(found: Desk, kind: "posts_pb2.PostKind.ValueType") -> str:
    token = signed_in().access_token
    content = content_of(found, kind)
    return services().posts.create(token, forms.request_id(), found.event.authority_id, content).id


def _lead_to(found: Desk, post_id: str) -> None:
    """Writes down which post tells of the event; a change that comes between is kept."""
    events, token = services().public_events, signed_in().access_token
    for _ in range(_TRIES):
        content = pb.EventContent()
        content.CopyFrom(found.content)
        content.moments_post_id = post_id
        try:
            events.update(token, new_request_id(), found.id, found.event.version, content)
            return
        except DomainError as error:
            if error.code != Code.ABORTED:
                raise
            found = desk.read(found.id)


def _to(post_id: str) -> ResponseReturnValue:
    return redirect(url_for("console.post_step", post_id=post_id, step="channels"), 303)


def _back(found: Desk) -> ResponseReturnValue:
    return redirect(url_for("console.event", event_id=found.id), 303)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the ways."""
    blueprint.add_url_rule("/events/<event_id>/announce", view_func=announce_event, methods=["POST"])
    blueprint.add_url_rule("/events/<event_id>/moments", view_func=write_moments, methods=["POST"])
