"""The addresses of answering: on the portal with a session, inside the pages of partners without one."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from viche_gateway import access, errors
from viche_gateway.context import services
from viche_gateway.embed.framing import framed
from viche_gateway.portal.surveys import answering, lists, places, refusing, saving, uploading
from viche_gateway.portal.surveys.results import routes as results
from viche_gateway.portal.surveys.way import way_here

Guard = Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]
_ANSWERS = frozenset({"send_survey", "send_survey_page"})


def survey_answer(number: int) -> ResponseReturnValue:
    """The first page of a new answer."""
    return answering.first_page(way_here(), number)


def send_survey(number: int) -> ResponseReturnValue:
    """Takes the first page, which may be the whole answer."""
    return answering.send(way_here(), number)


def survey_draft(number: int, token: str) -> ResponseReturnValue:
    """Goes on with an answer that was begun."""
    return answering.draft_page(way_here(), number, token)


def survey_draft_page(number: int, token: str, page: str) -> ResponseReturnValue:
    """A page of an answer that was begun."""
    return answering.draft_page(way_here(), number, token, page)


def send_survey_page(number: int, token: str, page: str) -> ResponseReturnValue:
    """Takes a page of an answer that was begun."""
    return answering.send(way_here(), number, token, page)


def survey_saved(number: int, token: str) -> ResponseReturnValue:
    """The private link of an answer that was begun."""
    return saving.saved(way_here(), number, token)


def mail_survey_draft(number: int, token: str) -> ResponseReturnValue:
    """Mails that link to whoever asks for it."""
    return saving.mail(way_here(), number, token)


def survey_thanks(number: int) -> ResponseReturnValue:
    """Thanks."""
    return answering.thanks(way_here(), number)


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages of the portal."""
    blueprint.add_url_rule("/surveys", view_func=lists.survey_list)
    blueprint.add_url_rule("/surveys/<int:number>", view_func=lists.survey)
    blueprint.add_url_rule("/surveys/places", view_func=places.survey_places)
    results.add_routes(blueprint)
    _add_answering(blueprint, access.form)


def add_framed_routes(blueprint: Blueprint) -> None:
    """Adds the pages inside the pages of partners, to a blueprint whose addresses begin with /embed.

    There a survey begins with its first question: what it is about, the page around it says.
    """
    blueprint.add_url_rule("/surveys/<int:number>", "survey", framed(survey_answer))
    _add_answering(blueprint, framed)


def _add_answering(blueprint: Blueprint, guarded: Guard) -> None:
    blueprint.url_value_preprocessor(_let_files_through)
    blueprint.register_error_handler(413, _too_large)
    path = "/surveys/<int:number>"
    draft = f"{path}/answers/<token>"
    for rule, view, method in (
        (f"{path}/answer", survey_answer, "GET"),
        (f"{path}/answer", send_survey, "POST"),
        (draft, survey_draft, "GET"),
        (f"{draft}/pages/<page>", survey_draft_page, "GET"),
        (f"{draft}/pages/<page>", send_survey_page, "POST"),
        (f"{draft}/saved", survey_saved, "GET"),
        (f"{draft}/saved", mail_survey_draft, "POST"),
        (f"{path}/thanks", survey_thanks, "GET"),
    ):
        blueprint.add_url_rule(rule, view_func=guarded(view), methods=[method])


def _takes_answers(endpoint: str | None) -> bool:
    return bool(endpoint) and str(endpoint).rpartition(".")[2] in _ANSWERS


def _let_files_through(endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and _takes_answers(endpoint):
        uploading.let_files_through(values["number"])


def _too_large(error: HTTPException) -> ResponseReturnValue:
    """A page sent with too much is refused before it is read; other pages say so as ever."""
    if not _takes_answers(request.endpoint):
        return errors.of_http(error)
    values = request.view_args or {}
    return refusing.too_large(way_here(), services().surveys.known(values["number"]), values.get("token", ""))
