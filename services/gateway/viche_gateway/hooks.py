"""Where platforms send what people write: the body goes on as it came, and social checks who signed it."""

from flask import Blueprint, Flask, Response, request

from viche_chassis.errors import Code, DomainError
from viche_gateway import access
from viche_gateway.context import services

MOST_BODY_BYTES = 1024 * 1024
_MOST_HEADERS, _MOST_CHARACTERS = 100, 4_000
_TYPES = ("text/plain", "application/json")
_STATUSES = {
    Code.NOT_FOUND: 404, Code.PERMISSION_DENIED: 403, Code.INVALID_ARGUMENT: 400, Code.RESOURCE_EXHAUSTED: 429,
}  # fmt: skip
_NOT_PASSED_ON = frozenset({"cookie", "host", "content-length", "connection"})


def register(app: Flask) -> None:
    """Adds the address; forms' CSRF tokens mean nothing here, because cookies do not."""
    blueprint = Blueprint("hooks", __name__)
    blueprint.add_url_rule(
        "/hooks/<token>", "receive", access.classified(access.Kind.HOOK, _receive), methods=["GET", "POST"]
    )
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


def _receive(token: str) -> Response:
    request.max_content_length = MOST_BODY_BYTES
    try:
        said = services().inbox.receive(token[:_MOST_CHARACTERS], _headers(), request.get_data(cache=False))
    except DomainError as error:
        # the reason is for whoever sets the platform up and looks there why it does not work
        return _answer(error.reason, "text/plain", _STATUSES.get(error.code, 503))
    return _answer(said.body, said.type if said.type in _TYPES else "text/plain", 200)


def _headers() -> dict[str, str]:
    """Names in lower case; query parameters come as "query-NAME"."""
    sent = [(name.lower(), value) for name, value in request.headers.items()]
    asked = [(f"query-{name.lower()}", value) for name, value in request.args.items()]
    kept = [(name, value[:_MOST_CHARACTERS]) for name, value in [*sent, *asked] if name not in _NOT_PASSED_ON]
    return dict(kept[:_MOST_HEADERS])


def _answer(body: str, kind: str, status: int) -> Response:
    response = Response(body, status, content_type=f"{kind}; charset=utf-8")
    response.cache_control.no_store = True
    return response
