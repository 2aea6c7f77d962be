"""Answering: page after page, the same on the portal and inside the pages of partners."""

from dataclasses import replace

from flask import abort, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import surveys_pb2

from viche_chassis.errors import DomainError
from viche_chassis.telemetry import current_traceparent
from viche_gateway.clients.answering import Whole
from viche_gateway.context import services
from viche_gateway.formats import clock_time, now
from viche_gateway.portal.surveys import humans, places, refusing, uploading
from viche_gateway.portal.surveys.sent import HONEYPOT, Move, Sent, read
from viche_gateway.portal.surveys.showing import shown
from viche_gateway.portal.surveys.way import Way

_LOCATING = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"


def first_page(way: Way, number: int) -> ResponseReturnValue:
    """The first page of a new answer."""
    survey = services().surveys.known(number)
    if refusal := refusing.before(way, survey):
        return refusal
    request_page = pb.GetAnswerPageRequest(number=number, language=way.language)
    return _asked(way, survey, request_page)


def draft_page(way: Way, number: int, token: str, page: str = "") -> ResponseReturnValue:
    """A page of an answer that is under way."""
    survey = services().surveys.known(number)
    if refusal := refusing.before(way, survey, token):
        return refusal
    request_page = pb.GetAnswerPageRequest(token=token, page=page, language=way.language)
    return _asked(way, survey, request_page)


def send(way: Way, number: int, token: str = "", page: str = "") -> ResponseReturnValue:
    """Takes a page: keeps it and shows the next, or sends the whole answer."""
    survey = services().surveys.known(number)
    if refusal := refusing.before(way, survey, token):
        return refusal
    sent = read(way.guard)
    is_sought = places.is_sought()
    if is_sought:
        sent = replace(sent, move=Move.MOVE_KEEP)
    if not token and request.form.get(HONEYPOT):  # people do not see this field; programs fill it in
        return redirect(way.thanks(number), 303)
    try:
        if not token:
            humans.check(way, survey)
        fields, faults = uploading.taken(way, survey, sent.fields)
        sent = replace(sent, fields=fields, page=page or sent.page)
        if survey.pages == 1 and not token and sent.goes_on and not faults:
            return _send_whole(way, survey, sent)
        sent = replace(sent, move=Move.MOVE_KEEP) if faults else sent
        return _save(way, survey, token, sent, faults, is_sought=is_sought)
    except DomainError as error:
        return refusing.after(way, survey, error, token)


def thanks(way: Way, number: int) -> ResponseReturnValue:
    """Says thank you, and where the results are."""
    survey = services().surveys.known(number)
    return render_template("portal/surveys/thanks.html", survey=survey, way=way, answered=True)


def show(
    way: Way, survey: surveys_pb2.Survey, page: pb.AnswerPage, faults: uploading.Faults = (), status: int = 200
) -> ResponseReturnValue:
    """A page, as it is to be answered."""
    view = shown(page, faults)
    response = make_response(
        render_template(
            "portal/surveys/answer.html",
            survey=survey,
            way=way,
            shown=view,
            page=page,
            is_checked=humans.is_asked(way, survey) and not page.token,
            is_kept=page.count > 1 or bool(page.token) or not page.is_last,
            today=now(),
        ),
        status,
    )
    if view.has_location and way.frame is None:
        response.headers["Permissions-Policy"] = _LOCATING
    return response


def _asked(way: Way, survey: surveys_pb2.Survey, asked: pb.GetAnswerPageRequest) -> ResponseReturnValue:
    try:
        asked.respondent.CopyFrom(_respondent(way, survey))
        page = services().answering.page(asked)
    except DomainError as error:
        return refusing.after(way, survey, error, asked.token)
    if page.number != survey.number:
        abort(404)
    if page.token and not asked.token:  # begun before, by somebody who is known
        return redirect(way.page(survey.number, page.token, page.name), 303)
    return show(way, survey, page)


def _respondent(way: Way, survey: surveys_pb2.Survey) -> pb.Respondent:
    return way.respondent(survey.id, is_person=refusing.is_personal(survey))


def _send_whole(way: Way, survey: surveys_pb2.Survey, sent: Sent) -> ResponseReturnValue:
    session = way.session if refusing.is_personal(survey) else None
    item = pb.ResponseItem(
        request_id=sent.request_id,
        number=survey.number,
        version=sent.version,
        seed=sent.seed,
        fields=sent.fields,
        respondent=way.respondent(survey.id, is_person=False),
        language=way.language,
        traceparent=current_traceparent(),
        shown=sent.shown,
    )
    result = services().answering.send(Whole(survey.id, item, session.access_token if session else ""))
    if result.HasField("page"):
        view = shown(result.page)
        return show(way, survey, result.page, status=400 if view.has_faults else 200)
    return redirect(way.thanks(survey.number), 303)


def _save(
    way: Way, survey: surveys_pb2.Survey, token: str, sent: Sent, faults: uploading.Faults, *, is_sought: bool
) -> ResponseReturnValue:
    answer = services().answering.save(
        pb.SaveAnswerPageRequest(
            request_id=sent.request_id,
            number=0 if token else survey.number,
            token=token,
            page=sent.page,
            version=sent.version,
            seed=sent.seed,
            language=way.language,
            fields=sent.fields,
            shown=sent.shown,
            respondent=_respondent(way, survey),
            move=sent.move,
            group=sent.group,
        )
    )
    if answer.response_id or not answer.HasField("page"):
        return redirect(way.thanks(survey.number), 303)
    if faults or (answer.has_faults and sent.goes_on):
        return show(way, survey, answer.page, faults, 400)
    if is_sought or (answer.page.has_more and sent.goes_on):
        return show(way, survey, answer.page)
    return _after_saving(way, survey, sent, answer.page)


def _after_saving(way: Way, survey: surveys_pb2.Survey, sent: Sent, page: pb.AnswerPage) -> ResponseReturnValue:
    here = way.page(survey.number, page.token, page.name)
    if sent.language:
        return redirect(way.speaking(sent.language).page(survey.number, page.token, page.name), 303)
    if sent.move in (Move.MOVE_ADD, Move.MOVE_REMOVE):
        return redirect(f"{here}#g-{sent.group.partition('.')[0]}", 303)
    if sent.move != Move.MOVE_KEEP:
        return redirect(here, 303)
    if request.accept_mimetypes.best == "application/json":  # the script, which keeps what is written now and then
        return jsonify(action=here, at=clock_time(now()))
    return redirect(way.saved(survey.number, page.token), 303)
