"""Texts of a survey in one of its languages beside those in the first, page by page of the survey."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from viche_chassis.errors import DomainError
from viche_gateway import access, forms
from viche_gateway.console.surveys import editing, office
from viche_gateway.console.surveys.editing import Document
from viche_gateway.console.surveys.office import Written
from viche_gateway.console.surveys.shapes import BY_NAME
from viche_gateway.forms import Form
from viche_gateway.portal.surveys.texts import language_name

_LONG = 80


@dataclass(frozen=True, slots=True)
class Line:
    """A text in two languages.

    Attributes:
        key: of its input: what it belongs to, which text of it, and the code of an option.
        words: what kind of text it is.
    """

    key: str
    words: str
    original: str
    translated: str

    @property
    def is_long(self) -> bool:
        """Whether it needs several lines."""
        return len(self.original) > _LONG or "\n" in self.original


@access.officer
def survey_translation(survey_id: str, language: str) -> str:
    """All texts that the first language has, with a field for each beside it."""
    written = _translated(survey_id, language)
    return _page(written, language, {})


@access.officer
def save_survey_translation(survey_id: str, language: str) -> ResponseReturnValue:
    """Saves what was written; texts that somebody else has changed meanwhile stay beside it."""
    written = _translated(survey_id, language)
    keys = [line.key for line in lines(written.document, language)]
    values = forms.read(*keys).values
    sent = {key: value for key, value in values.items() if key in request.form}
    try:
        office.save(survey_id, lambda document: put(document, language, sent))
    except DomainError as error:
        said = office.refused(error, "", {}, written.document)
        return _page(written, language, values, Form(values, said)), 400
    return redirect(url_for("console.written_survey", survey_id=survey_id, done="saved"), 303)


def lines(document: Document, language: str) -> Iterator[Line]:
    """The texts of the first language, with those of another."""
    first = document["languages"][0]
    for key, name, texts in _texts(document):
        if texts.get(first):
            yield Line(key, gettext(BY_NAME[name].label), texts[first], texts.get(language, ""))


def put(document: Document, language: str, written: Mapping[str, str]) -> Document:
    """The document with texts in a language; those of which nothing is said stay as they are."""
    changed = deepcopy(dict(document))
    for key, _, texts in _texts(changed):
        if key in written:
            if written[key]:
                texts[language] = written[key]  # pyright: ignore[reportIndexIssue] (the copy is of dicts)
            else:
                texts.pop(language, None)  # pyright: ignore[reportAttributeAccessIssue]
    return changed


def _texts(document: Document) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Key, name of the field, and texts by language."""
    yield from _of("", document)
    for found in editing.walk(document):
        yield from _of(str(found.item.get("name", "")), found.item)
    for quota in document.get("quotas", ()):
        yield from _of(str(quota.get("name", "")), quota)


def _of(owner: str, item: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    for name, code, texts in editing.texts_of(item):
        yield f"{owner}.{name}.{code}" if code else f"{owner}.{name}", name, texts


def _translated(survey_id: str, language: str) -> Written:
    written = office.changeable(survey_id)
    return written if language in written.languages[1:] else abort(404)


def _page(written: Written, language: str, values: Mapping[str, str], form: Form | None = None) -> str:
    return render_template(
        "console/surveys/translation.html", written=written, language=language, form=form or Form(), values=values,
        lines=list(lines(written.document, language)), name=language_name(language),
    )  # fmt: skip


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    path = "/surveys/<survey_id>/languages/<language>"
    blueprint.add_url_rule(path, view_func=survey_translation)
    blueprint.add_url_rule(path, view_func=save_survey_translation, methods=["POST"])
