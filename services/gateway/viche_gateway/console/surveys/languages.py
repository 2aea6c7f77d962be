"""Languages of a survey: one more, one less, and the one that texts fall back to."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from viche_gateway import access, sentences
from viche_gateway.console.surveys import editing, office, overview
from viche_gateway.console.surveys.editing import Document
from viche_gateway.console.surveys.office import Written
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import NAMES_OF_OTHERS

_CHANGES = {
    "add": editing.add_language, "remove": editing.remove_language, "first": editing.put_language_first,
}  # fmt: skip


@access.officer
def survey_languages(survey_id: str) -> str:
    """The languages, and the form for one more."""
    return _page(office.changeable(survey_id), Form())


@access.officer
def change_survey_languages(survey_id: str) -> ResponseReturnValue:
    """Adds a language, takes one away with all its texts, or puts one first."""
    written = office.changeable(survey_id)
    act, language = request.form.get("act", ""), request.form.get("language", "")
    known = dict(_choices(written)) if act == "add" else dict(written.named_languages)
    if act not in _CHANGES or language not in known or (act == "remove" and len(written.languages) < 2):
        return _page(written, Form({}, {"language": sentences.sentence("BAD_LANGUAGE")})), 400

    def change(document: Document) -> Document:
        return _CHANGES[act](document, language)

    return overview.applied(survey_id, change, "saved", "")


def _choices(written: Written) -> Sequence[tuple[str, str]]:
    own = written.languages
    return [each for each in office.choices_of_languages(*NAMES_OF_OTHERS) if each[0] not in own]


def _page(written: Written, form: Form) -> str:
    return render_template("console/surveys/languages.html", written=written, form=form, choices=_choices(written))


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/surveys/<survey_id>/languages"
    blueprint.add_url_rule(path, view_func=survey_languages)
    blueprint.add_url_rule(path, view_func=change_survey_languages, methods=["POST"])
