"""Holds what the fake hears and says against the platform's lexicons (atproto.com/specs/lexicon)."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from viche_sdk.connectors.testing import Reply, Request
from viche_sdk.connectors.types import graphemes

Schema = Mapping[str, Any]

FORMATS = {
    "did": r"did:[a-z]+:[a-zA-Z0-9._:%-]+",
    "handle": r"([a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*",
    "at-identifier": r"did:[a-z]+:\S+|([a-zA-Z0-9-]+\.)+[a-zA-Z][a-zA-Z0-9-]*",
    "at-uri": r"at://[^/]+(/[a-zA-Z0-9.]+(/[a-zA-Z0-9._~:-]+)?)?",
    "cid": r"b[a-z2-7]{20,}",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "language": r"[a-z]{2,3}(-[A-Za-z0-9]+)*",
    "nsid": r"([a-zA-Z0-9-]+\.){2,}[a-zA-Z0-9]+",
    "record-key": r"[a-zA-Z0-9._~:-]{1,512}",
    "tid": r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}",
    "uri": r"[a-z][a-z.-]*:\S+",
}


class Lexicons:
    """A folder of lexicons."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def faults(self, request: Request, said: Reply) -> Iterator[str]:
        """What a call's lexicon does not allow in a request, or in its answer."""
        name = request.path.removeprefix("/xrpc/")
        main = self._main(name)
        if main is None:
            yield f"there is no {name}"
            return
        if said.status >= 400:
            return
        if "input" in main and "schema" in main["input"]:
            yield from self._value(request.json, main["input"]["schema"], name, f"{name}: ")
        for each in main.get("parameters", {}).get("required", ()):
            if each not in request.query:
                yield f"{name}: the parameter {each} is missing"
        for each in request.query:
            if each not in main.get("parameters", {}).get("properties", {}):
                yield f"{name}: there is no parameter {each}"
        if "output" in main and "schema" in main["output"]:
            yield from self._value(said.json, main["output"]["schema"], name, f"{name}, answer: ")

    def record(self, collection: str, rkey: str, record: Any) -> Iterator[str]:
        """What a collection's lexicon does not allow in a record, or in its key."""
        main = self._main(collection)
        if main is None:
            yield f"there is no {collection}"
        else:
            if main["key"] in FORMATS and not re.fullmatch(FORMATS[main["key"]], rkey):
                yield f"{rkey} is no {main['key']}"
            yield from self._value(record, main["record"], collection, "Record/")

    def _main(self, name: str) -> Schema | None:
        return _definitions(self._folder, name).get("main")

    def _value(self, value: Any, schema: Schema, home: str, place: str) -> Iterator[str]:
        match schema["type"]:
            case "ref":
                found, home = self._referred(schema["ref"], home)
                yield from self._value(value, found, home, place) if found else ()
            case "union":
                yield from self._union(value, schema, home, place)
            case "object":
                yield from self._object(value, schema, home, place)
            case "array" if isinstance(value, list):
                if len(value) > schema.get("maxLength", len(value)):
                    yield f"{place} must not have more than {schema['maxLength']} elements"
                for number, each in enumerate(value):
                    yield from self._value(each, schema["items"], home, f"{place}/{number}")
            case "string" if isinstance(value, str):
                yield from _string(value, schema, place)
            case "integer" if isinstance(value, int) and not isinstance(value, bool):
                pass
            case "boolean" if isinstance(value, bool):
                pass
            case "blob" if isinstance(value, dict) and value.get("$type") == "blob":
                if value["size"] > schema.get("maxSize", value["size"]):
                    yield f"{place} must not be larger than {schema['maxSize']} bytes"
            case "unknown" if isinstance(value, dict):
                pass
            case kind:
                yield f"{place} must be of type {kind}, not {str(value)[:80]}"

    def _object(self, value: Any, schema: Schema, home: str, place: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{place} must be an object, not {str(value)[:80]}"
            return
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{place} must have the property {name!r}"
        for name, each in value.items():
            found = schema.get("properties", {}).get(name)
            if found and not (each is None and name in schema.get("nullable", ())):
                yield from self._value(each, found, home, f"{place.rstrip('/')}/{name}")

    def _union(self, value: Any, schema: Schema, home: str, place: str) -> Iterator[str]:
        name = value.get("$type", "") if isinstance(value, dict) else ""
        if not name:
            yield f"{place} must say its $type"
            return
        refs = {f"{home}{ref}" if ref.startswith("#") else ref for ref in schema["refs"]}
        if name.removesuffix("#main") not in refs:
            yield f"{place} must be one of {', '.join(sorted(refs))}, not {name}"
            return
        found, home = self._referred(name, home)
        if found:
            yield from self._value(value, found, home, place)

    def _referred(self, ref: str, home: str) -> tuple[Schema | None, str]:
        """A definition, and the lexicon in which it stands; None where that one is not in the folder."""
        name, _, part = ref.partition("#")
        return _definitions(self._folder, name or home).get(part or "main"), name or home


def _string(value: str, schema: Schema, place: str) -> Iterator[str]:
    if len(value.encode()) > schema.get("maxLength", len(value) * 4):
        yield f"{place} must not be longer than {schema['maxLength']} characters"
    if "maxGraphemes" in schema and len(graphemes(value)) > schema["maxGraphemes"]:
        yield f"{place} must not be longer than {schema['maxGraphemes']} graphemes"
    if "format" in schema and not re.fullmatch(FORMATS[schema["format"]], value):
        yield f"{place} must be a valid {schema['format']}, not {value[:80]}"


@cache
def _definitions(folder: Path, name: str) -> Mapping[str, Any]:
    file = folder.joinpath(*name.split(".")).with_suffix(".json")
    return json.loads(file.read_text(encoding="utf-8"))["defs"] if file.is_file() else {}
