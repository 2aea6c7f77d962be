"""Problem details (RFC 9457): what a program is told when a request is refused.

Pages are for people (:mod:`viche_gateway.errors`); addresses under /api/v and those that end in .json or .csv answer
with ``application/problem+json``. The sentences are the same.
"""

import json
import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from flask_babel import get_locale
from opentelemetry import trace

from viche_chassis.errors import DomainError, FieldViolation, InvalidFields
from viche_gateway import sentences
from viche_gateway.languages import is_api

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
QUERY = "query:"
HEADER = "header:"
_UNAVAILABLE_RETRY_S = 30
_PLACES_OF_FIELDS = {"request_id": f"{HEADER}Idempotency-Key", "email_signature_token": "token"}


class Worded(DomainError):
    """An error with the sentence that it is said with in its place.

    Args:
        error: what a service said.
    """

    def __init__(self, error: DomainError, sentence: str) -> None:
        super().__init__(**error.values)
        self.code, self.reason, self.sentence = error.code, error.reason, sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal: HTTP status, stable reason, sentence, the fields it is about, and when to come again."""

    status: int
    reason: str
    detail: str
    faults: Sequence[FieldViolation] = ()
    retry_after_s: int = 0


def is_wanted() -> bool:
    """Whether this request is a program's, so that its refusal is a problem and no page."""
    return is_api(request.path) or request.path.endswith((".json", ".csv"))


def of(error: DomainError, status: int) -> Problem:
    """The problem that an error of a service stands for."""
    faults = error.violations if isinstance(error, InvalidFields) else ()
    retry_after_s = int(float(error.values.get("retry_after_s", 0)))
    sentence = error.sentence if isinstance(error, Worded) else sentences.of(error)
    return Problem(status, error.reason, sentence, faults, retry_after_s)


def respond(problem: Problem, headers: Iterable[tuple[str, str]] = ()) -> Response:
    """The problem as an answer, which is never cached; it is logged by its reason, without what was sent."""
    trace_id = _trace_id()
    extra = {"reason": problem.reason, "status": problem.status, "route": str(request.url_rule), "problem": trace_id}
    log.info("request refused", extra=extra)
    response = Response(json.dumps(_body(problem, trace_id), ensure_ascii=False), problem.status, mimetype=MEDIA_TYPE)
    response.headers.extend(list(headers))
    response.cache_control.no_store = True
    response.content_language.add(str(get_locale() or "en"))
    retry_after_s = problem.retry_after_s or (_UNAVAILABLE_RETRY_S if problem.status == 503 else 0)
    if retry_after_s:
        response.headers["Retry-After"] = str(retry_after_s)
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _body(problem: Problem, trace_id: str) -> dict[str, Any]:
    public_url = current_app.extensions["viche.settings"].public_url
    body: dict[str, Any] = {
        "type": f"{public_url}/api/docs#reason-{problem.reason}",
        "title": problem.reason.replace("_", " ").capitalize(),
        "status": problem.status,
        "detail": problem.detail,
        "reason": problem.reason,
        "trace_id": trace_id,
    }
    if problem.faults:
        body["errors"] = [_fault(violation) for violation in problem.faults]
    return body


def _fault(violation: FieldViolation) -> dict[str, str]:
    place = _PLACES_OF_FIELDS.get(violation.field, violation.field)
    said = {"reason": violation.reason, "detail": sentences.of_violation(violation)}
    if place.startswith(HEADER):
        return {"field": place.removeprefix(HEADER), "in": "header", **said}
    if place.startswith(QUERY) or request.method == "GET":
        return {"field": place.removeprefix(QUERY), "in": "query", **said}
    return {"field": place, "in": "body", "pointer": "#/" + place.replace(".", "/") if place else "#", **said}


def _trace_id() -> str:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else secrets.token_hex(16)
