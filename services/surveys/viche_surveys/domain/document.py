"""A definition as a JSON document, `viche-survey/1`: what is at its default is left out."""

from __future__ import annotations

import dataclasses
import functools
import re
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from viche_surveys.domain import definition as model
from viche_surveys.domain.definition import Definition, Group, Question

FORMAT = "viche-survey/1"
MAX_DEPTH = 12
_DIGITS = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """What keeps a document from being a definition.

    Attributes:
        place: where, as a JSON Pointer (RFC 6901).
        reason: UNKNOWN_FORMAT, UNKNOWN_FIELD, MISSING, WRONG_TYPE, UNKNOWN_VALUE or TOO_DEEP.
        value: what stands there, shortened, or what was expected.
    """

    place: str
    reason: str
    value: str = ""


class NotADefinition(ValueError):
    """A document that is no definition, with everything that is wrong with it."""

    def __init__(self, faults: list[DocumentFault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.place or '/'}: {fault.reason} {fault.value}".strip() for fault in faults))


def to_json(definition: Definition) -> dict[str, Any]:
    """The document; `from_json` gives the same definition back."""
    return {"format": FORMAT, **_written(definition)}


def from_json(document: object) -> Definition:
    """The definition that a document holds.

    Raises:
        NotADefinition: it holds none; with all faults.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise NotADefinition([DocumentFault("/format", "UNKNOWN_FORMAT", FORMAT)])
    reader = _Reader()
    read = reader.read(Definition, {key: value for key, value in document.items() if key != "format"}, "", 0)
    if reader.faults:
        raise NotADefinition(reader.faults)
    return typing.cast(Definition, read)


def _written(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case tuple():
            return [_written(each) for each in value]
        case Mapping():
            return {str(key): _written(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value):
        pairs = ((each, getattr(value, each.name)) for each in dataclasses.fields(value))
        return {each.name: _written(given) for each, given in pairs if not _is_default(each, given)}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_default(each: dataclasses.Field[Any], given: object) -> bool:
    if each.default is not dataclasses.MISSING:
        return given == each.default and type(given) is type(each.default)
    return each.default_factory is not dataclasses.MISSING and given == each.default_factory()


class _Reader:
    """Turns JSON into the dataclasses of `definition.py`, noting every fault on the way."""

    def __init__(self) -> None:
        self.faults: list[DocumentFault] = []

    def read(self, wanted: Any, value: object, place: str, depth: int) -> object:
        if depth > MAX_DEPTH:
            return self._fault(place, "TOO_DEEP", str(MAX_DEPTH))
        if wanted in (object, Any):
            return value
        origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
        if origin is types.UnionType or origin is typing.Union:
            return self._union(arguments, value, place, depth)
        if origin is tuple:
            return self._items(arguments[0], value, place, depth)
        if origin is not None and issubclass(origin, Mapping):
            return self._texts(value, place)
        if dataclasses.is_dataclass(wanted):
            return self._object(typing.cast(type, wanted), value, place, depth)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return self._member(wanted, value, place)
        return self._plain(wanted, value, place)

    def _union(self, kinds: tuple[Any, ...], value: object, place: str, depth: int) -> object:
        if value is None and types.NoneType in kinds:
            return None
        if Group in kinds:  # a group has items, a question has a kind
            chosen: Any = Group if isinstance(value, Mapping) and "items" in value else Question
        else:
            chosen = next(each for each in kinds if each is not types.NoneType)
        return self.read(chosen, value, place, depth)

    def _items(self, kind: Any, value: object, place: str, depth: int) -> object:
        if not isinstance(value, list | tuple):
            return self._fault(place, "WRONG_TYPE", "list")
        if kind is int:  # levels of territories, which were words before: those of digits are numbers, others are none
            numbers = (int(each) if isinstance(each, str) and _DIGITS.fullmatch(each) else each for each in value)
            value = [each for each in numbers if not isinstance(each, str)]
        return tuple(self.read(kind, each, f"{place}/{index}", depth + 1) for index, each in enumerate(value))

    def _texts(self, value: object, place: str) -> object:
        if not isinstance(value, Mapping):
            return self._fault(place, "WRONG_TYPE", "object")
        for key, each in value.items():
            if not isinstance(each, str):
                self._fault(f"{place}/{_escaped(str(key))}", "WRONG_TYPE", "string")
        return dict(value)

    def _object(self, kind: type, value: object, place: str, depth: int) -> object:
        if not isinstance(value, Mapping):
            return self._fault(place, "WRONG_TYPE", "object")
        known, hints = {each.name: each for each in dataclasses.fields(kind)}, _hints(kind)
        for key in value.keys() - known.keys():
            self._fault(f"{place}/{_escaped(str(key))}", "UNKNOWN_FIELD", str(key)[:60])
        for name, each in known.items():
            if (
                each.default is dataclasses.MISSING
                and each.default_factory is dataclasses.MISSING
                and name not in value
            ):
                self._fault(f"{place}/{name}", "MISSING", name)
        before = len(self.faults)
        given = {
            name: self.read(hints[name], value[name], f"{place}/{name}", depth + 1) for name in known if name in value
        }
        complete = len(self.faults) == before and all(
            name in given or each.default is not dataclasses.MISSING or each.default_factory is not dataclasses.MISSING
            for name, each in known.items()
        )
        return kind(**given) if complete else None

    def _member(self, kind: type[Enum], value: object, place: str) -> object:
        try:
            return kind(value)
        except ValueError:
            return self._fault(place, "UNKNOWN_VALUE", str(value)[:60])

    def _plain(self, kind: type, value: object, place: str) -> object:
        if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            return self._fault(place, "WRONG_TYPE", {str: "string", bool: "true or false"}.get(kind, "number"))
        return value

    def _fault(self, place: str, reason: str, value: str) -> None:
        self.faults.append(DocumentFault(place, reason, value))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind, dict(vars(model)))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
