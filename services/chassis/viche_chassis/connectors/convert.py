"""The SDK's values as messages of viche.connectors.v1, and back: field by field, by the types that the SDK declares.

A value of another type than declared is refused, so that writing a message checks what a connector answers.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timezone
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from google.protobuf.message import Message
from viche.connectors.v1 import errors_pb2, values_pb2

from viche_sdk.connectors.connector import Connector
from viche_sdk.connectors.errors import ERRORS, ConnectorError
from viche_sdk.connectors.spec import ConnectorSpec

LEFT_OUT: Mapping[type, frozenset[str]] = {ConnectorSpec: frozenset({"connector"})}
"""Fields that stay where they are: the class of a connector is in the process that runs it."""

_SCALARS = (str, bytes, bool, int, float)
T = TypeVar("T")


class NotConvertible(ValueError):
    """A value, or a message, that is not what the contract says; the text names the place."""


def write(hint: Any, value: object, message: Message) -> None:
    """Writes a dataclass, or a sequence into a message with the one field `items`, into an empty message.

    Raises:
        NotConvertible: the value is not of the type `hint`.
    """
    try:
        _write_whole(hint, value, message)
    except (TypeError, ValueError, OverflowError) as fault:
        raise NotConvertible(str(fault)) from fault


def read(hint: Any, message: Message) -> Any:
    """Reads it back.

    Raises:
        NotConvertible: a word or a figure is not one that the SDK knows.
    """
    try:
        return _read_whole(hint, message)
    except (TypeError, ValueError, InvalidOperation, ZoneInfoNotFoundError) as fault:
        raise NotConvertible(f"{message.DESCRIPTOR.name}: {fault}") from fault


def write_field(message: Message, name: str, hint: Any, value: object) -> None:
    """Writes one field of a message that mirrors no value; raises as `write`."""
    try:
        _write_part(_Part(name, hint, False), value, message)
    except (TypeError, ValueError, OverflowError) as fault:
        raise NotConvertible(f"{name}: {fault}") from fault


def read_field(message: Message, name: str, hint: Any) -> Any:
    """Reads it back; raises as `read`."""
    try:
        return _read_part(_Part(name, hint, False), message)
    except (TypeError, ValueError, InvalidOperation, ZoneInfoNotFoundError) as fault:
        raise NotConvertible(f"{name}: {fault}") from fault


def write_error(error: ConnectorError, message: errors_pb2.Error) -> None:
    """Writes one of the SDK's errors.

    Raises:
        NotConvertible: it is none of them, or has fields of other types.
    """
    kind = _ERROR_KINDS.get(type(error))
    if kind is None:
        raise NotConvertible(f"{type(error).__name__} is none of the errors of connectors")
    part = getattr(message, kind)
    part.SetInParent()
    write(type(error), error, part)


def read_error(message: errors_pb2.Error) -> ConnectorError:
    """Reads it back.

    Raises:
        NotConvertible: it is of a kind that is not known here.
    """
    kind = message.WhichOneof("kind")
    for each, name in _ERROR_KINDS.items():
        if name == kind:
            return read(each, getattr(message, name))
    raise NotConvertible("an error of no known kind")


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


_ERROR_KINDS = {kind: _snake(kind.__name__) for kind in ERRORS}


@dataclass(frozen=True, slots=True)
class _Part:
    """One field of a dataclass."""

    name: str
    hint: Any
    is_optional: bool


@cache
def _parts(hint: Any) -> tuple[_Part, ...]:
    """The fields of a dataclass that travel; type variables stand for what `hint` says."""
    kind = get_origin(hint) or hint
    variables = dict(zip(getattr(kind, "__parameters__", ()), get_args(hint), strict=True))
    hints = get_type_hints(kind, localns={"Connector": Connector})
    left_out = LEFT_OUT.get(kind, frozenset())
    return tuple(_part(each.name, hints[each.name], variables) for each in fields(kind) if each.name not in left_out)


def _part(name: str, hint: Any, variables: Mapping[Any, Any]) -> _Part:
    for variable, stands_for in variables.items():
        if variable in get_args(hint):
            hint = hint[stands_for]
    if get_origin(hint) in (Union, types.UnionType):
        inner = [each for each in get_args(hint) if each is not types.NoneType]
        return _Part(name, inner[0], True)
    return _Part(name, hint, False)


def _is_value(hint: Any) -> bool:
    return is_dataclass(get_origin(hint) or hint)


def _write_whole(hint: Any, value: Any, message: Any) -> None:
    if not _is_value(hint):
        _write_part(_Part("items", hint, False), value, message)
        return
    kind = get_origin(hint) or hint
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} in place of {kind.__name__}")
    for part in _parts(hint):
        held = getattr(value, part.name)
        if held is None and part.is_optional:
            continue
        try:
            _write_part(part, held, message)
        except (TypeError, ValueError, OverflowError) as fault:
            raise TypeError(f"{kind.__name__}.{part.name}: {fault}") from fault


def _write_part(part: _Part, value: Any, message: Any) -> None:
    origin = get_origin(part.hint)
    if origin and issubclass(origin, Mapping):
        _checked_kind(value, Mapping)
        getattr(message, part.name).update({_scalar(str, key): _scalar(str, each) for key, each in value.items()})
    elif origin in (tuple, frozenset, Sequence):
        _write_items(part, value, getattr(message, part.name))
    elif _is_value(part.hint) or part.hint is datetime:
        inner = getattr(message, part.name)
        inner.SetInParent()
        _write_item(part.hint, value, inner)
    else:
        setattr(message, part.name, _scalar(part.hint, value))


def _write_items(part: _Part, value: Any, repeated: Any) -> None:
    origin, inner = get_origin(part.hint), get_args(part.hint)[0]
    _checked_kind(value, (set, frozenset) if origin is frozenset else (list, tuple))
    for each in sorted(value) if origin is frozenset else value:
        if get_origin(inner) is tuple or _is_value(inner):
            _write_item(inner, each, repeated.add())
        else:
            repeated.append(_scalar(inner, each))


def _write_item(hint: Any, value: Any, message: Any) -> None:
    if hint is datetime:
        _write_moment(value, message)
    elif get_origin(hint) is tuple:
        _write_pair(get_args(hint), value, message)
    else:
        _write_whole(hint, value, message)


def _write_pair(hints: Sequence[Any], value: Any, message: Any) -> None:
    """Two values that belong together are a message with two fields, in their order."""
    _checked_kind(value, tuple)
    for hint, each, field in zip(hints, value, message.DESCRIPTOR.fields, strict=True):
        _write_part(_Part(field.name, hint, False), each, message)


def _checked_kind(value: object, kind: Any) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} is not what the contract says")


def _scalar(hint: Any, value: Any) -> Any:
    """A value that one field holds: numbers are no booleans, a whole number is a number, too."""
    if issubclass(hint, Enum):
        return str(hint(value).value)
    if hint is Decimal:
        _checked_kind(value, Decimal)
        return str(value)
    if type(value) is hint or (isinstance(value, hint) and hint is not int):
        return value
    if hint is float and type(value) is int:
        return float(value)
    raise TypeError(f"{type(value).__name__} in place of {hint.__name__}")


def _write_moment(value: Any, message: values_pb2.Moment) -> None:
    _checked_kind(value, datetime)
    offset = value.utcoffset()
    if offset is None:
        raise ValueError("an instant without time zone")
    message.at.FromDatetime(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key:
        message.zone = value.tzinfo.key
    elif offset:
        message.zone = datetime(2000, 1, 1, tzinfo=timezone(offset)).isoformat()[19:]


def _read_moment(message: values_pb2.Moment) -> datetime:
    at = message.at.ToDatetime(UTC)
    if not message.zone:
        return at
    if message.zone[0] in "+-":
        return at.astimezone(datetime.fromisoformat(f"2000-01-01T00:00:00{message.zone}").tzinfo)
    return at.astimezone(ZoneInfo(message.zone))


def _read_whole(hint: Any, message: Any) -> Any:
    if not _is_value(hint):
        return _read_part(_Part("items", hint, False), message)
    kind = get_origin(hint) or hint
    given: dict[str, Any] = {}
    for part in _parts(hint):
        is_absent = part.is_optional and not message.HasField(part.name)
        given[part.name] = None if is_absent else _read_part(part, message)
    if kind is ConnectorSpec:
        given["connector"] = Connector
    return kind(**given)


def _read_part(part: _Part, message: Any) -> Any:
    held, origin = getattr(message, part.name), get_origin(part.hint)
    if origin and issubclass(origin, Mapping):
        return {_whole(key): _whole(each) for key, each in held.items()}
    if origin in (tuple, frozenset, Sequence):
        inner = get_args(part.hint)[0]
        items = (_read_item(inner, each) for each in held)
        return frozenset(items) if origin is frozenset else tuple(items)
    return _read_item(part.hint, held)


def _read_item(hint: Any, held: Any) -> Any:
    if hint is datetime:
        return _read_moment(held)
    if get_origin(hint) is tuple:
        pairs = zip(get_args(hint), held.DESCRIPTOR.fields, strict=True)
        return tuple(_read_part(_Part(field.name, each, False), held) for each, field in pairs)
    if _is_value(hint):
        return _read_whole(hint, held)
    if hint is str:
        return _whole(held)
    return held if hint in _SCALARS else hint(held)


def _whole(text: str) -> str:
    """A text without NUL, which no database takes: it becomes U+FFFD, as halves of characters do elsewhere."""
    return text.replace("\0", "\ufffd")
