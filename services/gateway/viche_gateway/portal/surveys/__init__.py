"""Surveys for citizens: what is asked now, and answering it."""

from flask import Blueprint, Flask

from viche_gateway.embed.framing import PREFIX
from viche_gateway.portal.surveys import lists, places, routes, texts
from viche_gateway.portal.surveys.results import figure, wording
from viche_gateway.portal.surveys.way import FRAMED


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    routes.add_routes(blueprint)


def register(app: Flask) -> None:
    """Adds the pages inside the pages of partners, and gives templates the words around a survey."""
    framed = Blueprint(FRAMED, __name__, url_prefix=PREFIX.rstrip("/"))
    routes.add_framed_routes(framed)
    app.register_blueprint(framed)
    app.extensions["csrf"].exempt(framed)
    app.jinja_env.globals.update(
        survey_text=texts.text_of,
        language_name=texts.language_name,
        is_in_other_language=texts.is_in_other_language,
        who_may_answer=texts.who_may_answer,
        how_long_survey=texts.how_long,
        search_places=places.search,
        survey_privacy=texts.privacy_sentence,
        shows_results=lists.shows_results,
        surveys_closing_soon=lists.closing_soon,
        share_text=wording.share_text,
        interval_text=wording.interval_text,
        amount_text=wording.amount_text,
        interval_name=wording.interval_name,
        interval_note=wording.interval_note,
        mean_sentence=wording.mean_sentence,
        finding_of=wording.finding,
        value_text=figure.value_text,
    )
