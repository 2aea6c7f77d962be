"""Holds what a fake of the AT Protocol hears and says against its lexicons (atproto.com/specs/lexicon).

What refers to a lexicon that is not in the folder is taken as it is.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from viche_sdk.connectors.kit.messages import Reply, Request
from viche_sdk.connectors.texts import graphemes

Schema = Mapping[str, Any]

_DID = r"did:[a-z]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-]"
_HANDLE = r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_NSID = r"[a-zA-Z]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)+(\.[a-zA-Z][a-zA-Z0-9]*)"
_KEY = r"[A-Za-z0-9._:~-]{1,512}"
_FORMATS = {
    "did": _DID,
    "handle": _HANDLE,
    "at-identifier": f"{_DID}|{_HANDLE}",
    "at-uri": rf"at://({_DID}|{_HANDLE})(/{_NSID}(/{_KEY})?)?",
    "nsid": _NSID,
    "record-key": rf"(?!\.\.?$){_KEY}",
    "tid": r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}",
    "cid": r"[A-Za-z0-9+=]{8,256}",
    "language": r"[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*",
    "uri": r"[a-z][a-z.-]{0,80}:\S+",
}
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "blob": (dict,),
    "bytes": (dict,),
    "cid-link": (dict,),
}


class Lexicons:
    """A folder of lexicons; `of` gives None where it is not there."""

    @staticmethod
    def of(folder: Path) -> "Lexicons | None":
        """Those of a folder and all below it; read once."""
        return _read(folder) if folder.is_dir() else None

    def __init__(self, folder: Path) -> None:
        found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.json"))]
        self._defs: dict[str, Schema] = {
            each["id"] if name == "main" else f"{each['id']}#{name}": schema
            for each in found
            for name, schema in each["defs"].items()
        }

    def faults(self, request: Request, said: Reply) -> Iterator[str]:
        """What the lexicon of a method does not allow in a request to /xrpc, or in its good answer."""
        id_ = request.path.removeprefix("/xrpc/")
        method = self._defs.get(id_)
        if method is None or said.status >= 400:
            return
        here = f"{request.method} {id_}"
        wanted = {"query": "GET", "procedure": "POST"}.get(method["type"])
        if request.method != wanted:
            yield f"{here}: a {method['type']} goes by {wanted}"
        params = method.get("parameters", {"properties": {}})
        yield from (f"{here}?{fault}" for fault in self._object(_typed(request.query, params), params, id_, ""))
        for unknown in sorted(set(request.query) - set(params["properties"])):
            yield f"{here}: the parameter {unknown} is not known"
        yield from (f"{here}: {fault}" for fault in self._body(method.get("input"), request.type, request.json, id_))
        answer = said.json if said.type == "application/json" and said.body else None
        yield from (f"{here}, answer: {fault}" for fault in self._body(method.get("output"), said.type, answer, id_))

    def _body(self, declared: Schema | None, type_: str, value: Any, id_: str) -> Iterator[str]:
        if declared is None or "schema" not in declared:
            return
        if type_ != declared["encoding"]:
            yield f"it is {type_ or 'nothing'} instead of {declared['encoding']}"
            return
        yield from self._value(value, declared["schema"], id_, "")
        record = value.get("record") if isinstance(value, dict) else None
        if isinstance(record, dict):
            yield from self.record_faults(record)

    def record_faults(self, record: Mapping[str, Any]) -> Iterator[str]:
        """What the lexicon that a record names does not allow in it."""
        id_ = str(record.get("$type", ""))
        schema = self._defs.get(id_)
        if not id_:
            yield "record: it has no $type"
        elif schema is not None and schema["type"] == "record":
            yield from self._value(dict(record), schema["record"], id_, "record")

    def _value(self, value: Any, schema: Schema, id_: str, place: str) -> Iterator[str]:
        kind = schema["type"]
        if kind == "ref":
            yield from self._reference(value, schema["ref"], id_, place)
            return
        if kind == "union":
            yield from self._union(value, schema, id_, place)
            return
        expected = _TYPES.get(kind)
        if expected is not None and (not isinstance(value, expected) or (kind == "integer" and value is True)):
            yield f"{place}: {value!r} is no {kind}"
            return
        inside: dict[str, Callable[[Any, Schema, str, str], Iterator[str]]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._integer,
            "blob": self._blob,
        }
        if kind in inside:
            yield from inside[kind](value, schema, id_, place)

    def _reference(self, value: Any, ref: str, id_: str, place: str) -> Iterator[str]:
        full = f"{id_.partition('#')[0]}{ref}" if ref.startswith("#") else ref
        schema = self._defs.get(full)
        if schema is not None and schema["type"] not in ("token", "record"):
            yield from self._value(value, schema, full, place)

    def _union(self, value: Any, schema: Schema, id_: str, place: str) -> Iterator[str]:
        named = value.get("$type", "") if isinstance(value, dict) else ""
        refs = [f"{id_.partition('#')[0]}{ref}" if ref.startswith("#") else ref for ref in schema["refs"]]
        if not named:
            yield f"{place}: a member of a union names its $type"
        elif named in refs:
            yield from self._reference(value, named, id_, place)
        elif schema.get("closed"):
            yield f"{place}: {named} is none of {', '.join(refs)}"

    def _object(self, value: Mapping[str, Any], schema: Schema, id_: str, place: str) -> Iterator[str]:
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{place}/{name}: it is missing"
        for name, inner in schema.get("properties", {}).items():
            if name in value and not (value[name] is None and name in schema.get("nullable", ())):
                yield from self._value(value[name], inner, id_, f"{place}/{name}")

    def _array(self, value: list[Any], schema: Schema, id_: str, place: str) -> Iterator[str]:
        yield from _bounds(len(value), schema, ("minLength", "maxLength"), place)
        for number, each in enumerate(value):
            yield from self._value(each, schema["items"], id_, f"{place}/{number}")

    def _string(self, value: str, schema: Schema, id_: str, place: str) -> Iterator[str]:
        yield from _bounds(len(value.encode()), schema, ("minLength", "maxLength"), place)
        yield from _bounds(len(graphemes(value)), schema, ("minGraphemes", "maxGraphemes"), place)
        if value not in schema.get("enum", (value,)) or value != schema.get("const", value):
            yield f"{place}: {value!r} is not among what is allowed"
        if not _has_format(value, schema.get("format", "")):
            yield f"{place}: {value!r} is no {schema['format']}"

    def _integer(self, value: int, schema: Schema, id_: str, place: str) -> Iterator[str]:
        yield from _bounds(value, schema, ("minimum", "maximum"), place)

    def _blob(self, value: Mapping[str, Any], schema: Schema, id_: str, place: str) -> Iterator[str]:
        if value.get("$type") != "blob" or "$link" not in value.get("ref", {}):
            yield f"{place}: a blob has $type, ref, mimeType and size"
            return
        kind, most = str(value.get("mimeType", "")), schema.get("maxSize")
        accepted = schema.get("accept", ["*/*"])
        if not any(_accepts(pattern, kind) for pattern in accepted):
            yield f"{place}: {kind} is none of {', '.join(accepted)}"
        if most is not None and value.get("size", 0) > most:
            yield f"{place}: {value['size']} bytes are more than {most}"


@cache
def _read(folder: Path) -> Lexicons:
    return Lexicons(folder)


def _typed(query: Mapping[str, str], params: Schema) -> dict[str, Any]:
    """Parameters as what they are meant to be; those that are not stay texts."""
    typed: dict[str, Any] = {}
    for name, value in query.items():
        kind = params["properties"].get(name, {}).get("type")
        if kind == "integer" and value.lstrip("-").isdigit():
            typed[name] = int(value)
        elif kind == "boolean" and value in ("true", "false"):
            typed[name] = value == "true"
        else:
            typed[name] = [value] if kind == "array" else value
    return typed


def _bounds(value: int, schema: Schema, names: tuple[str, str], place: str) -> Iterator[str]:
    least, most = schema.get(names[0]), schema.get(names[1])
    if least is not None and value < least:
        yield f"{place}: {names[0]} is {least}, and it has {value}"
    if most is not None and value > most:
        yield f"{place}: {names[1]} is {most}, and it has {value}"


def _has_format(value: str, name: str) -> bool:
    if name == "datetime":
        return bool(_DATETIME.fullmatch(value)) and datetime.fromisoformat(value).year > 9
    pattern = _FORMATS.get(name)
    return pattern is None or re.fullmatch(pattern, value) is not None


def _accepts(pattern: str, kind: str) -> bool:
    return pattern in ("*/*", kind) or (pattern.endswith("/*") and kind.startswith(pattern[:-1]))
