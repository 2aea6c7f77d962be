"""Holds what a fake hears and says against the platform's own schema; the libraries for it come with the tests."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from viche_sdk.connectors.kit.messages import Reply, Request

Mend = Callable[[dict[str, Any]], None]


class OpenApiSchema:
    """An OpenAPI document; `of` gives None where it is not there, and a fake then checks nothing.

    Args:
        path: of the document, in JSON.
        server: the address that stands in place of the document's servers.
        mend: changes what the document has wrong.
    """

    @staticmethod
    def of(path: Path, server: str, mend: Mend = lambda _: None) -> "OpenApiSchema | None":
        """One for a file; read once."""
        return _schema(path, server, mend) if path.is_file() else None

    def __init__(self, path: Path, server: str, mend: Mend) -> None:
        from openapi_core import Config, OpenAPI

        document = json.loads(path.read_text(encoding="utf-8"))
        mend(document)
        # who may is for the fake to say
        for operation in (each for path in document["paths"].values() for each in path.values()):
            if isinstance(operation, dict):
                operation.pop("security", None)
        document["servers"] = [{"url": server}]
        # documents of platforms have faults of their own that no request meets
        unchecked: Any = None
        self._api = OpenAPI.from_dict(document, config=Config(spec_validator_cls=unchecked))
        self._server = server

    def faults(self, request: Request, said: Reply) -> Iterator[str]:
        """What the document does not allow in a request, or in its answer."""
        from openapi_core.exceptions import OpenAPIError

        here = f"{request.method} {request.path}"
        asked = _Asked(request, self._server)
        try:
            self._api.validate_request(asked)
        except OpenAPIError as fault:
            # a request that was refused may have deserved it
            if said.status < 400:
                yield from (f"{here}: {reason}" for reason in _reasons(fault))
        try:
            self._api.validate_response(asked, _Said(said))
        except OpenAPIError as fault:
            yield from (f"{here}, answer {said.status}: {reason}" for reason in _reasons(fault))


@cache
def _schema(path: Path, server: str, mend: Mend) -> OpenApiSchema:
    return OpenApiSchema(path, server, mend)


def _reasons(fault: BaseException) -> Iterator[str]:
    """The innermost reasons, which name the field."""
    cause = fault
    while cause.__cause__ is not None:
        cause = cause.__cause__
    errors = getattr(cause, "schema_errors", None)
    if errors is None:
        yield f"{type(cause).__name__}: {cause}"[:300]
    for error in _leaves(errors or ()):
        # the bytes of a file are what "binary" means, and are yet no string
        if error.schema.get("format") != "binary":
            yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:160]}"


def _leaves(errors: Any) -> Iterator[Any]:
    for error in errors:
        if error.context:
            yield from _leaves(error.context)
        else:
            yield error


class _Asked:
    """A request as openapi-core wants to see it (openapi_core.protocols.Request)."""

    def __init__(self, request: Request, server: str) -> None:
        from openapi_core.datatypes import RequestParameters
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        self.host_url = server
        self.path = request.path
        self.method = request.method.lower()
        self.content_type = request.headers.get("content-type", "")
        self.body = request.body or None
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(request.query), header=Headers(dict(request.headers))
        )


class _Said:
    """An answer as openapi-core wants to see it (openapi_core.protocols.Response)."""

    def __init__(self, said: Reply) -> None:
        from werkzeug.datastructures import Headers

        self.status_code = said.status
        self.content_type = said.type
        self.headers = Headers(dict(said.headers))
        self.data = said.body


def json_faults(value: object, schema: Mapping[str, Any], validator: Any) -> Iterator[str]:
    """What a JSON Schema does not allow.

    Args:
        value: parsed JSON.
        schema: with its references inside.
        validator: a class of jsonschema, such as Draft3Validator.
    """
    for error in validator(schema).iter_errors(value):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:160]}"
