"""Coming back later: the private link of an answer that was begun, to be copied or mailed to oneself.

Surveys never learn an address: the link goes from here to notifications.
"""

from datetime import UTC

from flask import abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from viche.notifications.v1 import draft_links_pb2
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2

from viche_chassis.errors import DomainError, InvalidFields
from viche_gateway import forms
from viche_gateway.context import services
from viche_gateway.forms import Form
from viche_gateway.languages import current_language
from viche_gateway.limits import Counter, Rule
from viche_gateway.portal.surveys import refusing
from viche_gateway.portal.surveys.way import Way

MAILED = Rule("mails with the link of one answer", 5, 3600)
_EMAIL = "email"


def saved(way: Way, number: int, token: str) -> ResponseReturnValue:
    """Shows the link."""
    survey = services().surveys.known(number)
    if refusal := refusing.before(way, survey, token):
        return refusal
    session = way.session
    return _page(way, survey, token, Form({_EMAIL: session.person.email} if session else {}))


def mail(way: Way, number: int, token: str) -> ResponseReturnValue:
    """Sends the link to whom the form names; whatever becomes of the mail, the answer is the same."""
    survey = services().surveys.known(number)
    if refusal := refusing.before(way, survey, token):
        return refusal
    form = forms.read(_EMAIL)
    if missing := forms.missing(form, _EMAIL):
        return _page(way, survey, token, Form(form.values, missing), 400)
    try:
        page = _draft(way, survey, token)
        counter: Counter = current_app.extensions["viche.limits"]
        counter.hit(MAILED, token)
        services().notifications.send_draft_link(_mail_of(survey, page, form.value(_EMAIL)))
    except InvalidFields as error:
        return _page(way, survey, token, forms.refused(form, error), 400)
    except DomainError as error:
        return refusing.after(way, survey, error, token)
    return redirect(way.saved(number, token, mailed=True), 303)


def _page(way: Way, survey: surveys_pb2.Survey, token: str, form: Form, status: int = 200) -> ResponseReturnValue:
    try:
        page = _draft(way, survey, token)
    except DomainError as error:
        return refusing.after(way, survey, error)
    expires_at = page.expires_at.ToDatetime(tzinfo=UTC) if page.HasField("expires_at") else None
    shown = {"way": way, "survey": survey, "token": token, "page": page, "expires_at": expires_at, "form": form}
    return render_template("portal/surveys/saved.html", is_mailed=request.args.get("mailed") == "1", **shown), status


def _draft(way: Way, survey: surveys_pb2.Survey, token: str) -> pb.AnswerPage:
    """The page of the draft that comes next, if the draft is one of this survey."""
    respondent = way.respondent(survey.id, is_person=refusing.is_personal(survey))
    asked = pb.GetAnswerPageRequest(token=token, language=way.language, respondent=respondent)
    page = services().answering.page(asked)
    if page.number != survey.number:
        abort(404)
    return page


def _mail_of(survey: surveys_pb2.Survey, page: pb.AnswerPage, email: str) -> draft_links_pb2.SendDraftLinkRequest:
    return draft_links_pb2.SendDraftLinkRequest(
        request_id=forms.request_id(), email=email, token=page.token, number=survey.number, title=survey.title,
        authority_id=survey.authority_id, language=current_language(), expires_at=page.expires_at,
    )  # fmt: skip
