"""Reads values back from JSON, refusing what is of another kind."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar, cast

from viche_sdk.localized import Localized

Stored = str | bytes | Mapping[str, object]
"""JSON as text, or already parsed."""

_T = TypeVar("_T")


@contextmanager
def reading(what: str, error: type[ValueError]) -> Iterator[None]:
    """Makes one error out of all that can be wrong with stored JSON."""
    try:
        yield
    except KeyError as missing:
        raise error(f"stored {what} lack {missing}") from missing
    except (ValueError, TypeError) as fault:
        raise error(f"stored {what} cannot be read: {fault}") from fault


def written(content: Mapping[str, object]) -> str:
    """One line of JSON; equal values give equal text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def parsed(stored: Stored) -> Mapping[str, object]:
    """The object that was stored."""
    return read_object(stored if isinstance(stored, Mapping) else json.loads(stored))


def read_object(value: object) -> Mapping[str, object]:
    """An object."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is not an object")
    return cast(Mapping[str, object], value)


def read_list(value: object) -> list[object]:
    """A list."""
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list")
    return cast(list[object], value)


def read_text(value: object) -> str:
    """A text."""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def read_number(value: object) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is not a whole number")
    return value


def read_flag(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def read_localized(value: object) -> Localized:
    """A text in several languages."""
    return Localized.of({language: read_text(text) for language, text in read_object(value).items()})


def read_optional(read: Callable[[object], _T], value: object) -> _T | None:
    """What may be missing."""
    return None if value is None else read(value)
