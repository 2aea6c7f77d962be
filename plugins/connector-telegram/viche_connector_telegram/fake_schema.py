"""Holds what the fake hears and says against a machine-readable Bot API (PaulSonOfLars/telegram-bot-api-spec)."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from viche_sdk.connectors.testing import Reply, Request

PLAIN = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float)}
ARRAY = "Array of "


class BotApi:
    """The document; `of` gives None where it is not there."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._methods = document["methods"]
        self._types = document["types"]

    @staticmethod
    @cache
    def of(path: Path) -> "BotApi | None":
        """One for a file."""
        return BotApi(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None

    def faults(self, request: Request, said: Reply) -> Iterator[str]:
        """What the document does not allow in a request that was taken, or in its answer."""
        name = request.path.rpartition("/")[2]
        method = self._methods.get(name)
        if method is None:
            yield f"there is no method {name}"
        elif said.status == 200:
            yield from (f"{name}: {fault}" for fault in self._asked(method, arguments(request), request))
            yield from (f"{name} gives {fault}" for fault in self._value(said.json["result"], method["returns"], ""))

    def _asked(self, method: Mapping[str, Any], given: Mapping[str, Any], request: Request) -> Iterator[str]:
        fields = {field["name"]: field for field in method.get("fields", ())}
        yield from (f"no parameter {name}" for name in given.keys() - fields.keys())
        there = given.keys() | request.files.keys()
        yield from (f"{name} is missing" for name, field in fields.items() if field["required"] and name not in there)
        for name in given.keys() & fields.keys():
            yield from self._value(given[name], fields[name]["types"], name)

    def _value(self, value: Any, types: list[str], place: str) -> Iterator[str]:
        """What is wrong by the kindest of the types."""
        faults = [list(self._of_type(value, type_, place)) for type_ in types]
        yield from min(faults, key=len, default=[])

    def _of_type(self, value: Any, type_: str, place: str) -> Iterator[str]:
        if type_.startswith(ARRAY):
            if not isinstance(value, list):
                yield f"{place}: no list"
                return
            for number, each in enumerate(value):
                yield from self._value(each, [type_.removeprefix(ARRAY)], f"{place}[{number}]")
        elif plain := PLAIN.get(type_):
            if not isinstance(value, plain) or (type_ == "Integer" and isinstance(value, bool)):
                yield f"{place}: {value!r} is no {type_}"
        elif subtypes := self._types[type_].get("subtypes"):
            yield from self._value(value, subtypes, place)
        else:
            yield from self._object(value, self._types[type_].get("fields", ()), place)

    def _object(self, value: Any, fields: Any, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place}: no object"
            return
        known = {field["name"]: field for field in fields}
        yield from (f"{place}.{name} is not known" for name in value.keys() - known.keys())
        yield from (
            f"{place}.{name} is missing" for name, field in known.items() if field["required"] and name not in value
        )
        for name in value.keys() & known.keys():
            yield from self._value(value[name], known[name]["types"], f"{place}.{name}")


def arguments(request: Request) -> dict[str, Any]:
    """What a method was given: in the query, in a form, or as JSON. Values of the first two are JSON or plain text."""
    if request.type == "application/json":
        return request.json
    return {name: _read(value) for name, value in {**request.query, **request.form}.items()}


def _read(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
