"""Errors as pages: what happened, that nothing was lost, what next. Unexpected ones are logged whole."""

import logging
from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from viche_chassis.errors import Code, DomainError
from viche_gateway import problem, sentences

log = logging.getLogger(__name__)

STATUS_OF_CODE = {
    Code.INVALID_ARGUMENT: 400,
    Code.UNAUTHENTICATED: 401,
    Code.PERMISSION_DENIED: 403,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.FAILED_PRECONDITION: 409,
    Code.ABORTED: 409,
    Code.RESOURCE_EXHAUSTED: 429,
    Code.INTERNAL: 500,
    Code.UNAVAILABLE: 503,
}
STATUS_OF_REASON = {
    "LINK_EXPIRED": 410,
    "LINK_USED": 410,
    "LINK_UNKNOWN": 404,
    "TOO_MANY_DRAFTS": 409,
    "QUOTA_FULL": 409,
}
REASON_OF_STATUS = {
    400: "UNREADABLE",
    401: "UNAUTHENTICATED",
    403: "ACCESS_DENIED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    413: "BODY_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is no success: HTTP status, stable reason and the sentence for the reader."""

    status: int
    reason: str
    sentence: str
    retry_after_s: int = 0


def status_of(error: DomainError) -> int:
    """The HTTP status for an error of a service."""
    return STATUS_OF_REASON.get(error.reason, STATUS_OF_CODE.get(error.code, 500))


def register(app: Flask) -> None:
    """Turns every error into a page."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: DomainError) -> Response:
    if problem.is_wanted():
        return problem.respond(problem.of(error, status_of(error)))
    retry_after_s = int(float(error.values.get("retry_after_s", 0)))
    return respond(Failure(status_of(error), error.reason, sentences.of(error), retry_after_s))


def _form_expired(error: CSRFError) -> Response:
    return respond(Failure(400, "FORM_EXPIRED", sentences.sentence("FORM_EXPIRED")))


def of_http(error: HTTPException) -> Response:
    """The page, or problem, for an error of HTTP."""
    status = error.code or 500
    if status < 400:
        return cast(Response, error.get_response())
    reason = REASON_OF_STATUS.get(status, "FAILED")
    response = respond(Failure(status, reason, sentences.sentence(reason)))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _unexpected(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log.error("unexpected error", exc_info=error)
    return respond(Failure(500, "INTERNAL", sentences.sentence("INTERNAL")))


def respond(failure: Failure) -> Response:
    """The failure as a page, or as a problem where a program asks."""
    if problem.is_wanted():
        refusal = problem.Problem(failure.status, failure.reason, failure.sentence, (), failure.retry_after_s)
        return problem.respond(refusal)
    response = make_response(render_template("error.html", failure=failure, path=request.path), failure.status)
    response.cache_control.no_store = True
    if failure.status == 503:
        response.headers["Retry-After"] = "30"
    elif failure.retry_after_s:
        response.headers["Retry-After"] = str(failure.retry_after_s)
    return response
