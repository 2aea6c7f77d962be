"""Cards: the picture that networks and messengers show beside a link to a page of ours."""

from flask import Blueprint, Response, abort
from flask_babel import gettext

from viche_gateway import access
from viche_gateway.branding.current import site_name
from viche_gateway.context import services
from viche_gateway.languages import current_language
from viche_gateway.pictures.canvas import HEIGHT, INSIDE, MARGIN, QUIET, broken, canvas, foot
from viche_gateway.pictures.png import png
from viche_gateway.portal import rejected
from viche_gateway.portal.events import saying
from viche_gateway.portal.posts import pages
from viche_gateway.portal.posts.kinds import kind_words
from viche_gateway.portal.surveys.texts import text_of
from viche_gateway.regions import authority_name

AGE_S = 3_600
_SIZE, _LINE = 64, 78
_MOST_LINES = 5


def card(title: str, above: str, name: str) -> str:
    """The picture as SVG.

    Args:
        title: of what the page is about.
        above: what that is, for instance "Petition".
        name: of the authority that it belongs to; may be empty.
    """
    drawn = canvas()
    lines = broken(title, _SIZE, INSIDE, _MOST_LINES, bold=True)
    drawn.text(MARGIN, 100, above, 30, colour=QUIET)
    y = max(190.0, (HEIGHT - len(lines) * _LINE) / 2 + 30)
    for line in lines:
        drawn.text(MARGIN, y, line, _SIZE, bold=True)
        y += _LINE
    foot(drawn, name or site_name(), site_name() if name else "")
    return drawn.whole(title, above)


@access.public(max_age_s=AGE_S)
def petition_card(number: int) -> Response:
    """The card of a petition that everybody may see."""
    found = services().petitions.by_number(number)
    if found.state in rejected.SHOWN_HERE and not found.is_archived:
        abort(404)
    return _answer(found.title, gettext("Petition"), authority_name(found.authority_id))


@access.public(max_age_s=AGE_S)
def survey_card(number: int) -> Response:
    """The card of a survey."""
    found = services().surveys.by_number(number)
    title = text_of(found.title, [current_language(), *found.languages])[1]
    return _answer(title, gettext("Survey"), authority_name(found.authority_id))


@access.public(max_age_s=AGE_S)
def post_card(number: int) -> Response:
    """The card of a post."""
    found = services().posts.by_number(number) or abort(404)
    return _answer(pages.said(found)["title"], kind_words(found.kind), authority_name(found.authority_id))


@access.public(max_age_s=AGE_S)
def event_card(number: int) -> Response:
    """The card of a public event, with its day."""
    found = services().public_events.by_number(number)
    above = f"{saying.kind(found)} · {saying.day_words(saying.day(found))}"
    return _answer(saying.words(found.title), above, authority_name(found.authority_id))


def _answer(title: str, above: str, name: str) -> Response:
    return Response(png(card(title, above, name)), mimetype="image/png")


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pictures."""
    blueprint.add_url_rule("/petitions/<int:number>/card.png", view_func=petition_card)
    blueprint.add_url_rule("/surveys/<int:number>/card.png", view_func=survey_card)
    blueprint.add_url_rule("/posts/<int:number>/card.png", view_func=post_card)
    blueprint.add_url_rule("/events/<int:number>/card.png", view_func=event_card)
