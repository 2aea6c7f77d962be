"""The JSON API under /api/v1, its OpenAPI document, and the page that shows it."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any

from flask import Blueprint, Flask, Response, render_template

from viche_chassis.errors import DomainError
from viche_gateway import access, errors, problem
from viche_gateway.api import (
    document,
    events,
    moderation,
    page,
    people,
    petitions,
    region,
    signatures,
    similar,
    sponsors,
    survey_answers,
    surveys,
)
from viche_gateway.api.operations import Operation, Reply
from viche_gateway.api.reading import read

BASE = "/api/v1"
OPERATIONS: tuple[Operation, ...] = (
    *petitions.OPERATIONS,
    *moderation.OPERATIONS,
    *similar.OPERATIONS,
    *signatures.OPERATIONS,
    *sponsors.OPERATIONS,
    *surveys.OPERATIONS,
    *survey_answers.OPERATIONS,
    *events.OPERATIONS,
    *people.OPERATIONS,
    *region.OPERATIONS,
)
_DOCUMENT_AGE_S = 300
_CONVERTERS = {"{number}": "<int(min=1):number>", "{petition_id}": "<uuid:petition_id>"}


def register(app: Flask) -> None:
    """Adds the API to the application; forms' CSRF tokens mean nothing here, because cookies do not."""
    blueprint = Blueprint("api", __name__)
    for operation in OPERATIONS:
        rule = BASE + operation.path
        for name, converter in _CONVERTERS.items():
            rule = rule.replace(name, converter)
        blueprint.add_url_rule(rule, operation.name, _view(operation), methods=[operation.method.upper()])
    settings, places = app.extensions["viche.settings"], app.extensions["viche.places"]
    name = places.main.name(settings.default_language, settings.default_language) or settings.region_name
    describe = cache(partial(document.describe, OPERATIONS, name, settings.public_url + BASE))
    blueprint.add_url_rule(f"{BASE}/openapi.json", "openapi", _document_view(describe))
    blueprint.add_url_rule("/api/docs", "docs", _docs_view(describe, settings.public_url + BASE))
    blueprint.register_error_handler(DomainError, _refused)
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


def _view(operation: Operation) -> Callable[..., Response]:
    def answer(**parts: Any) -> Response:
        call = read(operation)
        named = {name: str(part) if isinstance(part, uuid.UUID) else part for name, part in parts.items()}
        return _respond(operation, operation.run(call, **named))

    if operation.max_age_s:
        return access.public(max_age_s=operation.max_age_s)(answer)
    return access.classified(access.Kind.API, answer)


def _respond(operation: Operation, reply: Reply) -> Response:
    body = b"" if reply.body is None else encode(reply.body)
    response = Response(body, operation.status, mimetype="application/json")
    if reply.body is None:
        del response.headers["Content-Type"]
    if operation.max_age_s:
        share(response, reply.modified_at)
    else:
        response.cache_control.no_store = True
    return response


def share(response: Response, modified_at: datetime | None = None) -> None:
    """Lets pages of other sites read public data: it is the same for everybody, and cookies do not count."""
    if modified_at is not None:
        response.last_modified = modified_at
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def encode(body: Any) -> bytes:
    """JSON as it goes out: UTF-8, no spaces."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _refused(error: DomainError) -> Response:
    return problem.respond(problem.of(error, errors.status_of(error)))


def _document_view(describe: Callable[[], dict[str, Any]]) -> Callable[..., Response]:
    encoded = cache(lambda: encode(describe()))

    def openapi() -> Response:
        response = Response(encoded(), mimetype="application/json")
        share(response)
        return response

    return access.public(max_age_s=_DOCUMENT_AGE_S)(openapi)


def _docs_view(describe: Callable[[], dict[str, Any]], base_url: str) -> Callable[..., str]:
    shown = cache(lambda: page.read(describe()))

    def docs() -> str:
        return render_template("api/docs.html", shown=shown(), reasons=page.reasons(), base=BASE, base_url=base_url)

    return access.public(max_age_s=_DOCUMENT_AGE_S)(docs)
