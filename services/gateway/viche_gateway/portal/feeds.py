"""Feeds: what happens to one petition, and the newest petitions of a list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext, ngettext
from google.protobuf.timestamp_pb2 import Timestamp
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway import access, atom
from viche_gateway.branding.current import address_of, here, site_name
from viche_gateway.context import services
from viche_gateway.counting import reason_text
from viche_gateway.formats import format_number, instant_text, moment
from viche_gateway.languages import current_language
from viche_gateway.portal.answers import decision_text
from viche_gateway.portal.happened import TITLES
from viche_gateway.portal.life import COLLECTING, title_of
from viche_gateway.portal.petitions import find, read_filter
from viche_gateway.regions import localized

STEPS = frozenset({"handed_over", "verified", "consideration_started", "taken_as_appeal"})
_LONGEST_SUMMARY = 500
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Line = tuple[str, Timestamp, str, str]
"""Name that stays the same, instant, title, text."""


@access.public(max_age_s=60)
def petition_feed(number: int) -> Response:
    """What happened to a petition that opened here, newest first."""
    petition = services().petitions.by_number(number)
    if petition.is_archived or not petition.HasField("opened_at"):
        abort(404)
    page = _page_of(petition)
    lines = sorted(_lines(petition), key=lambda line: (line[1].ToNanoseconds(), line[0]), reverse=True)
    entries = [
        atom.Entry(id=f"{page}#{name}", title=title, at=at.ToDatetime(tzinfo=UTC), url=page, text=text)
        for name, at, title, text in lines
    ]
    feed = _feed(f"{page}/feed.atom", page, petition.title)
    return _answer(feed, entries)


@access.public(max_age_s=60)
def list_feed() -> Response:
    """The petitions of a list, filtered as its page is."""
    wanted = replace(read_filter(), page=1)
    feed = _feed(_absolute(wanted.link("portal.list_feed")), _absolute(wanted.link()), gettext("Petitions"))
    return _answer(feed, [_summary(petition) for petition in find(wanted).petitions])


def _summary(petition: pb.Petition) -> atom.Entry:
    page = _page_of(petition)
    times = (petition.opened_at, petition.imported_at, petition.created_at)
    return atom.Entry(
        id=page,
        title=title_of(petition),
        at=next(filter(None, map(moment, times)), _BEGINNING),
        url=page,
        text=petition.background[:_LONGEST_SUMMARY],
        author=petition.author_name,
    )


def _lines(petition: pb.Petition) -> Iterator[Line]:
    yield "opened", petition.opened_at, gettext("Opened for signatures"), petition.background[:_LONGEST_SUMMARY]
    yield from _counts(petition)
    for each in petition.happenings:
        if each.event in STEPS:
            note = gettext("Register number %(number)s", number=each.detail) if each.detail else ""
            yield each.event, each.at, gettext(TITLES[each.event]), note
    yield from _terms(petition)
    yield from _answers(petition)
    yield from _hearings(petition)
    closed = [each.at for each in petition.happenings if each.event == "closed"]
    if petition.state not in COLLECTING:
        yield "closed", (closed or [petition.closes_at])[0], gettext("Closed"), ""


def _counts(petition: pb.Petition) -> Iterator[Line]:
    for each in petition.terms.thresholds:
        if each.HasField("reached_at"):
            name = f"threshold-{each.name}-{each.reached_at.seconds}"
            yield name, each.reached_at, _signatures(each.signatures), localized(each.effect.texts)
    for each in petition.removals.reversals:
        title = gettext("Below the threshold again")
        name = f"reversed-{each.threshold}-{each.reversed_at.seconds}"
        yield name, each.reversed_at, title, _signatures(each.signatures)
    for each in petition.removals.items:
        title = gettext("Signatures count again") if each.is_restored else gettext("Signatures taken out of the count")
        text = ". ".join(filter(None, (_signatures(each.signatures), reason_text(each.reason))))
        yield f"removed-{each.at.ToNanoseconds()}", each.at, title, text


def _signatures(number: int) -> str:
    return ngettext("%(count)s signature", "%(count)s signatures", number, count=format_number(number))


def _terms(petition: pb.Petition) -> Iterator[Line]:
    for each in petition.deadlines:
        if each.HasField("extended_at"):
            title = gettext("More time: %(term)s", term=localized(each.title.texts))
            name = f"extended-{each.clock}-{each.extended_at.seconds}"
            yield name, each.extended_at, title, localized(each.extension_reason.texts)


def _answers(petition: pb.Petition) -> Iterator[Line]:
    for each in petition.answers:
        title = gettext("Answered: %(decision)s", decision=decision_text(each))
        if each.version > 1:
            title = gettext("Answer corrected")
        yield f"answer-{each.version}", each.published_at, title, localized(each.summary.texts)


def _hearings(petition: pb.Petition) -> Iterator[Line]:
    for each in petition.hearings:
        held_at, outcome = moment(each.held_at), localized(each.outcome.texts)
        parts = (instant_text(held_at) if held_at else "", localized(each.place.texts))
        text = outcome or ", ".join(filter(None, parts))
        if each.is_cancelled:
            text = gettext("It does not take place.")
        yield f"hearing-{each.version}", each.published_at, localized(each.title.texts), text


def _feed(address: str, page: str, title: str) -> atom.Feed:
    name = site_name()
    return atom.Feed(address, page, f"{title} – {name}", name, current_language(), _BEGINNING)


def _answer(feed: atom.Feed, entries: list[atom.Entry]) -> Response:
    return Response(atom.document(feed, entries), content_type=f"{atom.MEDIA_TYPE}; charset=utf-8")


def _page_of(petition: pb.Petition) -> str:
    return address_of(petition.authority_id) + url_for("portal.petition", number=petition.number)


def _absolute(path: str) -> str:
    return here().url + path


def add_routes(blueprint: Blueprint) -> None:
    """Adds the feeds."""
    blueprint.add_url_rule("/petitions/<int:number>/feed.atom", view_func=petition_feed)
    blueprint.add_url_rule("/petitions.atom", view_func=list_feed)
