"""Holds what the fake hears and says against the platform's discovery document (developers.google.com/discovery)."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from viche_sdk.connectors.testing import Reply, Request

Schema = Mapping[str, Any]
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "boolean": bool, "integer": int, "number": (int, float), "array": list, "object": dict,
}  # fmt: skip


class Discovery:
    """One document; `of` gives None where it is not there."""

    @staticmethod
    def of(folder: Path | None) -> "Discovery | None":
        """That of a folder; read once."""
        file = folder / "youtube.v3.json" if folder else None
        return _read(file) if file and file.is_file() else None

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Schema] = document["schemas"]
        self._common: Mapping[str, Schema] = document["parameters"]
        self._methods: dict[tuple[str, str], Mapping[str, Any]] = {}
        for resource in document["resources"].values():
            for method in resource["methods"].values():
                self._methods[method["httpMethod"], "/" + method["path"]] = method
                if upload := method.get("mediaUpload"):
                    self._methods[method["httpMethod"], upload["protocols"]["simple"]["path"]] = method

    def faults(self, request: Request, said: Reply) -> Iterator[str]:
        """What the document does not allow in a request that was not refused, or in its answer."""
        here = f"{request.method} {request.path}"
        if said.status >= 300:
            return
        if "upload_id" in request.query:
            yield from (f"{here}, answer: {fault}" for fault in self._value(said.json, {"$ref": "Video"}, ""))
            return
        method = self._methods.get((request.method, request.path))
        if method is None:
            yield f"{here}: there is no such method"
            return
        yield from (f"{here}?{fault}" for fault in self._query(request.query, method["parameters"]))
        if "request" in method:
            yield from (f"{here}: {fault}" for fault in self._value(request.json, method["request"], ""))
        if said.body and "response" in method:
            yield from (f"{here}, answer: {fault}" for fault in self._value(said.json, method["response"], ""))

    def _query(self, query: Mapping[str, str], parameters: Mapping[str, Schema]) -> Iterator[str]:
        known = {**self._common, **parameters}
        yield from (
            f"{name} is missing" for name, each in parameters.items() if each.get("required") and name not in query
        )
        for name, value in query.items():
            if name not in known:
                yield f"{name} is not known"
                continue
            for one in value.split(",") if known[name].get("repeated") else [value]:
                yield from _one(name, one, known[name])

    def _value(self, value: Any, schema: Schema, place: str) -> Iterator[str]:
        if "$ref" in schema:
            yield from self._value(value, self._schemas[schema["$ref"]], place)
            return
        kind = schema["type"]
        if kind != "any" and (not isinstance(value, _TYPES[kind]) or (kind == "integer" and isinstance(value, bool))):
            yield f"{place}: {value!r} is no {kind}"
        elif kind == "object":
            yield from self._object(value, schema, place)
        elif kind == "array":
            for number, each in enumerate(value):
                yield from self._value(each, schema["items"], f"{place}/{number}")
        elif kind == "string":
            yield from _one(place, value, schema)

    def _object(self, value: Mapping[str, Any], schema: Schema, place: str) -> Iterator[str]:
        properties = schema.get("properties", {})
        for name, each in value.items():
            inner = properties.get(name, schema.get("additionalProperties"))
            if inner is None:
                yield f"{place}/{name}: it is not known"
            else:
                yield from self._value(each, inner, f"{place}/{name}")


def _one(name: str, value: str, schema: Schema) -> Iterator[str]:
    """A text, or what a query writes as one."""
    if value not in schema.get("enum", (value,)):
        yield f"{name}: {value!r} is not among what is allowed"
    is_whole = re.fullmatch(r"\d+", value) is not None
    if schema["type"] == "integer" and not (is_whole and int(value) <= int(schema.get("maximum", value))):
        yield f"{name}: {value!r} is no number, or too large"
    if schema["type"] == "boolean" and value not in ("true", "false"):
        yield f"{name}: {value!r} is neither true nor false"
    if schema.get("format") == "uint64" and not is_whole:
        yield f"{name}: {value!r} is no number"
    if schema.get("format") == "date-time" and datetime.fromisoformat(value).tzinfo is None:
        yield f"{name}: {value!r} has no zone"


@cache
def _read(file: Path) -> Discovery:
    return Discovery(json.loads(file.read_text(encoding="utf-8")))
