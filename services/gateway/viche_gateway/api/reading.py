"""From an HTTP request to a checked call: nothing that is not understood whole is acted on."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

from flask import current_app, request
from marshmallow import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from viche_chassis.errors import AccessDenied, Code, DomainError, InvalidFields, Unauthenticated, invalid
from viche_gateway.api.fields import is_uuid, violations
from viche_gateway.api.operations import Call, Caller, Operation
from viche_gateway.problem import HEADER, QUERY
from viche_gateway.sessions import Session

KEY_HEADER = "Idempotency-Key"
_MOST_TOKEN_CHARS = 200
_MOST_QUERY_FIELDS = 50


class NotUtf8(DomainError):
    """What was sent is not UTF-8."""

    code = Code.INVALID_ARGUMENT
    reason = "NOT_UTF8"


class NotJson(DomainError):
    """The body is not JSON."""

    code = Code.INVALID_ARGUMENT
    reason = "NOT_JSON"


def read(operation: Operation) -> Call:
    """The call that this request makes of ``operation``.

    Raises:
        DomainError: it makes none; the reason says why.
        HTTPException: the body is too large or of another type than JSON.
    """
    session = _session(operation.caller)
    request_id = _request_id()
    query = _load(operation.query, _query(), QUERY) if operation.query else _nothing(_query())
    body = _load(operation.body, _body(), "") if operation.body else {}
    return Call(request_id, query, body, session)


def bearer_session() -> Session:
    """The session of the bearer token; cookies say nothing here, so that no other site can act for a reader.

    Raises:
        Unauthenticated: there is none, or it has ended.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not 0 < len(token) <= _MOST_TOKEN_CHARS or not token.isascii():
        raise Unauthenticated()
    session: Session | None = current_app.extensions["viche.sessions"].get(token)
    if session is None:
        raise Unauthenticated()
    return session


def _session(caller: Caller) -> Session | None:
    if caller == Caller.ANYBODY or (caller == Caller.EITHER and "Authorization" not in request.headers):
        return None
    session = bearer_session()
    if caller == Caller.OFFICER and not (session.person.grants and time.time() < session.roles_until):
        raise AccessDenied()
    return session


def _request_id() -> str:
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return str(uuid4())
    if not is_uuid(key):
        raise InvalidFields(invalid(f"{HEADER}{KEY_HEADER}", "NOT_A_UUID"))
    return key.lower()


def _query() -> Mapping[str, str]:
    try:
        return dict(
            parse_qsl(
                request.query_string.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MOST_QUERY_FIELDS,
            )
        )
    except UnicodeDecodeError as error:
        raise NotUtf8() from error
    except ValueError as error:
        raise InvalidFields(invalid(QUERY, "TOO_MANY", limit=_MOST_QUERY_FIELDS)) from error


def _body() -> Any:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType()
    try:
        return json.loads(request.get_data(cache=False).decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise NotUtf8() from error
    except (ValueError, RecursionError) as error:
        raise NotJson() from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _load(shape: Any, given: Any, place: str) -> Mapping[str, Any]:
    try:
        return shape().load(given)
    except ValidationError as error:
        raise InvalidFields(*violations(error, place)) from error


def _nothing(given: Mapping[str, str]) -> Mapping[str, str]:
    if given:
        raise InvalidFields(*(invalid(QUERY + name, "UNKNOWN_FIELD") for name in given))
    return {}
