"""Why somebody cannot answer a survey, or why an answer was not taken: a page each, with the next step.

What was written comes along in the page, so that the next press sends it once more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from viche.surveys.v1 import surveys_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import errors, sentences
from viche_gateway.formats import instant_text, moment
from viche_gateway.portal.surveys import humans
from viche_gateway.portal.surveys.way import Way
from viche_gateway.regions import territory_name
from viche_gateway.sentences import N_

SENTENCES: Mapping[str, str] = {
    "NOT_OPEN": N_("This survey takes no answers now."),
    "ALREADY_ANSWERED": N_("You have answered this survey already. Your answer counts once."),
    "ASSURANCE_TOO_LOW": N_("To answer this survey you must show who you are by a stronger means than e-mail."),
    "OTHER_TERRITORY": N_("Only people who live here may answer this survey: %(territory)s."),
}
"""Reasons that other parts of the portal know, too, as they are said of surveys."""
RETRIED = frozenset({"TOO_MANY_REQUESTS", "UNAVAILABLE", "REQUEST_MISMATCH", "OUTDATED_VERSION", "INTERNAL"})
"""What another press may mend; the answers come along."""
SIGN_IN = frozenset({"SIGN_IN_NEEDED", "TOKEN_REFUSED", "SESSION_ENDED", "UNAUTHENTICATED"})
_LEFT_OUT = {"UNAVAILABLE": ("-altcha",), "TOO_MANY_REQUESTS": ("-altcha",)}
_ANEW = ("-altcha", "-version", "-shown", "-request", "-seed")
_SHOWN_ANEW = frozenset({"OUTDATED_VERSION", "REQUEST_MISMATCH"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is told.

    Args:
        carried: form fields that are sent once more.
    """

    reason: str
    sentence: str
    carried: Sequence[tuple[str, str]] = ()


def is_personal(survey: pb.Survey) -> bool:
    """Whether the survey counts persons, so that they must be signed in."""
    return survey.settings.admission == pb.ADMISSION_PERSON


def before(way: Way, survey: pb.Survey, token: str = "") -> ResponseReturnValue | None:
    """Why a survey cannot be answered here and now; None when it can, as far as this process knows."""
    if survey.state != pb.SURVEY_STATE_OPEN:
        return _page(way, survey, Refusal("NOT_OPEN", _not_open(survey)), 409)
    if not is_personal(survey) or way.session is not None:
        return None
    if way.frame is None and request.method == "GET":
        return redirect(url_for("portal.sign_in", next=request.full_path.rstrip("?")), 303)
    return _page(way, survey, Refusal("SIGN_IN_NEEDED", sentences.sentence("SIGN_IN_NEEDED")), 401, token)


def after(way: Way, survey: pb.Survey, error: DomainError, token: str = "") -> ResponseReturnValue:
    """What a service said no with; what cannot be told here is raised."""
    if error.reason == "SURVEY_NOT_FOUND":
        raise error
    carried = _carried(way, error.reason) if error.reason in RETRIED and request.method == "POST" else ()
    refusal = Refusal(error.reason, sentence_of(survey, error), carried)
    return _page(way, survey, refusal, errors.status_of(error), token)


def too_large(way: Way, survey: pb.Survey, token: str = "") -> ResponseReturnValue:
    """Why a page was not even read. It is still in the browser, and pages before it are kept."""
    reason = "FILES_TOO_LARGE" if survey.takes_files else "BODY_TOO_LARGE"
    return _page(way, survey, Refusal(reason, sentences.sentence(reason)), 413, token)


def sentence_of(survey: pb.Survey, error: DomainError) -> str:
    """The sentence for an error, as it is said of surveys."""
    if error.reason == "QUOTA_FULL" and error.values.get("message"):
        return error.values["message"]
    if error.reason not in SENTENCES:
        return sentences.of(error)
    territory = {"territory_code": survey.settings.territory_code, **error.values}
    return _said(SENTENCES[error.reason], territory)


def _said(text: str, values: Mapping[str, str]) -> str:
    return gettext(text) % {"territory": territory_name(values["territory_code"])} if "%(" in text else gettext(text)


def _not_open(survey: pb.Survey) -> str:
    opens_at = moment(survey.settings.opens_at)
    if survey.state == pb.SURVEY_STATE_SCHEDULED and opens_at is not None:
        return gettext("This survey opens on %(when)s.", when=instant_text(opens_at))
    if survey.state == pb.SURVEY_STATE_CLOSED:
        return gettext("This survey has closed. It takes no more answers.")
    closed = SENTENCES["NOT_OPEN"]
    return gettext(closed)


def _page(way: Way, survey: pb.Survey, refusal: Refusal, status: int, token: str = "") -> ResponseReturnValue:
    page = render_template(
        "portal/surveys/refused.html",
        survey=survey,
        way=way,
        refusal=refusal,
        token=token,
        needs_sign_in=refusal.reason in SIGN_IN,
        is_checked=not token and humans.is_asked(way, survey),
    )
    response = make_response(page, status)
    response.cache_control.no_store = True
    return response


def _carried(way: Way, reason: str) -> Sequence[tuple[str, str]]:
    """The form as it was sent, without its guard; where the questions have changed, so that they are shown again."""
    out = _ANEW if reason in _SHOWN_ANEW else _LEFT_OUT.get(reason, ())
    return [
        (name, value)
        for name, values in request.form.lists()
        for value in (values[1:] if name == way.guard else values)
        if name not in out
    ]
