"""What the pages of a case share: the petition with its file, the way back, faults beside their fields."""

from collections.abc import Callable
from typing import NoReturn

from flask import abort, redirect, request, url_for
from viche.petitions.v1 import moderation_pb2, petitions_pb2
from werkzeug.wrappers import Response

from viche_chassis.errors import Code, DomainError
from viche_gateway import forms
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.languages import alternates
from viche_gateway.sessions import signed_in

TEXT_LIMIT = 3000


def read(petition_id: str) -> tuple[petitions_pb2.Petition, moderation_pb2.CaseFile]:
    """The petition and its file, if a role of the officer holds for its authority, which the service decides."""
    token = signed_in().access_token
    return services().petitions.case(token, petition_id), services().moderation.file(token, petition_id)


def back(petition_id: str, done: str = "") -> Response:
    """To the page of the case, saying what was done."""
    return redirect(url_for("console.case", petition_id=petition_id, done=done or None), 303)


def faults_of(form: Form, act: Callable[[], None]) -> dict[str, str]:
    """What a service has against what was sent, by field; refusals that concern no field go to the error page."""
    try:
        act()
    except DomainError as error:
        if error.code != Code.INVALID_ARGUMENT:
            raise
        return dict(forms.refused(form, error).errors)
    return {}


def too_late(petition_id: str) -> NoReturn:
    """Leads back to a case that does not wait for this any more; who sent a form is told."""
    abort(back(petition_id, "too_late" if request.method == "POST" else ""))


def languages() -> list[tuple[str, str]]:
    """Languages of a text, with their names."""
    return [(code, name) for code, name, _ in alternates()]
