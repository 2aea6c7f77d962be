"""The list of those who signed, for petitions whose rules make it public."""

from datetime import date

from flask import Blueprint, Response, make_response, render_template, request
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import Code, DomainError
from viche_gateway import access
from viche_gateway.context import services

PAGE_SIZE = 50
AGE_S = 15
_MOST_TOKEN_CHARS = 500


class NamesNotPublic(DomainError):
    """The rules of the petition do not publish the names of its signers."""

    code = Code.NOT_FOUND
    reason = "NAMES_NOT_PUBLIC"


@access.public(max_age_s=AGE_S)
def signers(number: int) -> Response:
    """A page of the list, which search engines are asked not to keep: a name must be able to vanish."""
    petition = services().petitions.by_number(number)
    if petition.terms.signers_shown != "names":
        raise NamesNotPublic()
    day = _day(request.args.get("from", ""))
    found = services().signers.page(petition.id, PAGE_SIZE, request.args.get("page", "")[:_MOST_TOKEN_CHARS], day)
    lines = [(each.name, date.fromisoformat(each.day)) for each in found.names]
    page = render_template("signers/page.html", petition=petition, lines=lines, found=found, **_days(petition, day))
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _days(petition: pb.Petition, day: str) -> dict[str, str]:
    """What the field for a day holds, and the first day that it can hold."""
    opened_on = petition.opened_at.ToDatetime().date().isoformat() if petition.opened_at.seconds else ""
    return {"from_day": day, "first_day": opened_on}


def _day(text: str) -> str:
    """A day as it stands in the address; what is none counts as not said."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def add_routes(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/petitions/<int:number>/signatures", view_func=signers)
