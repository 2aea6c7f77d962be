"""The deadlines of a petition as a calendar file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis import calendars
from viche_gateway import access
from viche_gateway.branding.current import address_of
from viche_gateway.context import services, settings
from viche_gateway.formats import moment
from viche_gateway.portal.answers import hearings_of
from viche_gateway.portal.deadlines import Stage, stages_of
from viche_gateway.regions import localized
from viche_gateway.wording import basis_text


@access.public(max_age_s=60)
def deadlines(number: int) -> Response:
    """Public deadlines whose day is known, and hearings; not found where there are none: a calendar needs an entry."""
    petition = services().petitions.by_number(number)
    entries = [*_entries(petition), *_hearings(petition)]
    if not entries:
        abort(404)
    text = calendars.calendar(gettext("Petition %(number)s", number=petition.number), entries)
    response = Response(text, content_type=f"{calendars.MEDIA_TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="petition-{petition.number}.ics"'
    return response


def _entries(petition: pb.Petition) -> Iterator[calendars.Entry]:
    address = address_of(petition.authority_id) + url_for("portal.petition", number=petition.number)
    for stage in stages_of(petition):
        if stage.last_day:
            yield calendars.Entry(
                uid=f"petition-{petition.number}-{stage.name}@{urlsplit(settings().public_url).hostname}",
                day=stage.last_day,
                title=f"{stage.title}: {petition.title}",
                text=_text(stage),
                url=address,
                changed_at=moment(petition.updated_at) or datetime.now(UTC),
            )


def _hearings(petition: pb.Petition) -> Iterator[calendars.Entry]:
    """Each hearing with its hour; one that was cancelled is taken out of calendars that have it."""
    address = address_of(petition.authority_id) + url_for("portal.petition", number=petition.number)
    for held in hearings_of(petition):
        if held.held_at:
            yield calendars.Entry(
                uid=f"petition-{petition.number}-hearing-{held.now.hearing}@{urlsplit(settings().public_url).hostname}",
                day=held.held_at.date(),
                title=f"{localized(held.now.title.texts)}: {petition.title}",
                text=localized(held.now.note.texts) or petition.title,
                url=address,
                changed_at=moment(held.now.published_at) or datetime.now(UTC),
                starts_at=held.held_at,
                place=localized(held.now.place.texts),
                is_cancelled=held.now.is_cancelled,
            )


def _text(stage: Stage) -> str:
    lines = [f"{fact.name}: {fact.value}" for fact in stage.facts]
    if rule := basis_text(stage.basis):
        lines.append(f"{gettext('The rule')}: {rule}")
    return "\n".join(lines)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the file."""
    blueprint.add_url_rule("/petitions/<int:number>/deadlines.ics", view_func=deadlines)
