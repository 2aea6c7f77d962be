"""Texts that officers write in several languages: a field for each, the petition's own language first."""

from collections.abc import Mapping

from flask import request
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import forms
from viche_gateway.context import settings
from viche_gateway.forms import Form
from viche_gateway.languages import NAMES

SEPARATOR = "__"


def languages_of(petition: pb.Petition) -> tuple[tuple[str, str], ...]:
    """Codes and names of the languages to write in, that of the petition first."""
    codes = dict.fromkeys((petition.language, *settings().languages))
    return tuple((code, NAMES.get(code, code)) for code in codes)


def field(name: str, language: str) -> str:
    """The name of the field for a text in a language."""
    return f"{name}{SEPARATOR}{language}"


def fields_of(name: str, petition: pb.Petition) -> tuple[str, ...]:
    """The names of the fields for a text."""
    return tuple(field(name, code) for code, _ in languages_of(petition))


def values_of(name: str, text: pb.LocalizedText, petition: pb.Petition) -> dict[str, str]:
    """A text as values of its fields."""
    return {field(name, code): text.texts.get(code, "") for code, _ in languages_of(petition)}


def texts_in(form: Form, name: str) -> dict[str, str]:
    """The text that was written, by language."""
    prefix = f"{name}{SEPARATOR}"
    return {
        each.removeprefix(prefix): value for each, value in form.values.items() if each.startswith(prefix) and value
    }


def refused(form: Form, error: DomainError, names: Mapping[str, str] | None = None) -> Form:
    """The form with what a service said of it; "summary.uk" is about the field of that text in that language."""
    own = {each.replace(SEPARATOR, "."): each for each in form.values}
    return forms.refused(form, error, {**own, **(names or {})})


def was_sent(name: str) -> bool:
    """Whether the button of this name was pressed."""
    return name in request.form
