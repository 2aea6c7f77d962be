"""The OpenAPI 3.1 document, made from the tables of operations."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema

from viche_gateway import problem
from viche_gateway.api.operations import Caller, Operation
from viche_gateway.api.reading import KEY_HEADER
from viche_gateway.api.shapes import ProblemShape
from viche_gateway.routing import MOST

VERSION = "1.0.0"
_BEARER = "session"
_SECURITY: Mapping[Caller, list[dict[str, Any]]] = {Caller.ANYBODY: [], Caller.EITHER: [{}, {_BEARER: []}]}
_ABOUT = (
    "Everything that the portal does, for programs. Refusals are problem details (RFC 9457) with a stable reason. "
    f"Writes take a UUID in the header {KEY_HEADER}: the same key with the same body gets the same answer for "
    "seven days, with another body 409."
)
_PATH_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "number": {"type": "integer", "minimum": 1, "maximum": MOST},
    "petition_id": {"type": "string", "format": "uuid"},
}
_TAGS = {
    "petitions": "Reading, drafting, opening and closing.",
    "signatures": "Signing, at once or by a confirmed mail.",
    "surveys": "Reading forms, answering, and results.",
    "events": "Public events of authorities.",
    "people": "Signing in and out.",
    "region": "Authorities, territories and rules.",
}


def describe(operations: Iterable[Operation], title: str, base_url: str) -> dict[str, Any]:
    """The document.

    Args:
        base_url: where the operations' paths begin.
    """
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(title, VERSION, "3.1.0", plugins=[plugin], info={"description": _ABOUT})
    spec.options["servers"] = [{"url": base_url}]
    for name, about in _TAGS.items():
        spec.tag({"name": name, "description": about})
    spec.components.security_scheme(_BEARER, {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=ProblemShape)
    assert plugin.converter is not None
    for operation in operations:
        described = {operation.method: _describe(operation, plugin.converter)}
        spec.path(path=operation.path, operations=described, parameters=_path_parameters(operation.path))
    described = spec.to_dict()
    for key, name in plugin.converter.refs.items():
        described["components"]["schemas"][name]["description"] = inspect.getdoc(key[0])
    return described


def _describe(operation: Operation, converter: OpenAPIConverter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": _parameters(operation, converter),
        "responses": _responses(operation),
        "security": _SECURITY.get(operation.caller, [{_BEARER: []}]),
    }
    if operation.description:
        described["description"] = operation.description
    if operation.body:
        content = {"application/json": {"schema": operation.body}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation, converter: OpenAPIConverter) -> list[dict[str, Any]]:
    parameters = list(converter.schema2parameters(operation.query, location="query")) if operation.query else []
    if operation.takes_key:
        about = "A UUID of the caller's making, the same for every try of the same write."
        schema = {"type": "string", "format": "uuid"}
        parameters.append({"name": KEY_HEADER, "in": "header", "description": about, "schema": schema})
    return parameters


def _responses(operation: Operation) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done."}
    if operation.answer:
        good = {"description": "The answer.", "content": {"application/json": {"schema": operation.answer}}}
    responses = {str(operation.status): good}
    for status, reasons in sorted(statuses(operation).items()):
        content = {problem.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[str(status)] = {"description": ", ".join(reasons), "content": content}
    return responses


def statuses(operation: Operation) -> dict[int, list[str]]:
    """Statuses of refusals with their reasons."""
    reasons = {"INVALID_FIELDS": 400, "NOT_UTF8": 400, "TOO_MANY_REQUESTS": 429, "UNAVAILABLE": 503, "INTERNAL": 500}
    if operation.body:
        reasons |= {"NOT_JSON": 400, "BODY_TOO_LARGE": 413, "UNSUPPORTED_MEDIA_TYPE": 415}
    if operation.caller != Caller.ANYBODY:
        reasons |= {"UNAUTHENTICATED": 401, "TOKEN_REFUSED": 401}
    if operation.caller == Caller.OFFICER:
        reasons |= {"ACCESS_DENIED": 403}
    if "{" in operation.path:
        # where a number is no id and an id no number, another method's address may match
        reasons |= {"NOT_FOUND": 404, "METHOD_NOT_ALLOWED": 405}
    found: dict[int, list[str]] = {}
    for reason, status in {**reasons, **operation.reasons}.items():
        found.setdefault(status, []).append(reason)
    return found


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in _PATH_PARAMETERS.items()
        if f"{{{name}}}" in path
    ]


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    assert issubclass(kind, Schema)
    return kind.__name__.removesuffix("Shape")
