"""Definitions as callers send them, JSON text, and as the database keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from viche_surveys.domain.definition import Definition
from viche_surveys.domain.derived import with_derived
from viche_surveys.domain.document import NotADefinition, from_json, to_json
from viche_surveys.domain.errors import BadDefinition
from viche_surveys.domain.faults import Fault, fault


def read(text: str) -> Definition:
    """The definition that a JSON text holds; calculated values that take personal answers are personal, too.

    Raises:
        BadDefinition: it holds none, or has characters that no database keeps.
    """
    try:
        document = json.loads(text, parse_constant=_refused)
        strange = next(_strange(document, ""), None)
        if strange is not None:
            raise BadDefinition([strange])
        definition = with_derived(from_json(document))
        written(definition)  # what cannot be written, infinity for one, cannot be kept
    except NotADefinition as error:
        raise BadDefinition([fault(each.place, each.reason, value=each.value) for each in error.faults]) from error
    except (ValueError, OverflowError, RecursionError) as error:
        raise BadDefinition([fault("", "NOT_JSON")]) from error
    return definition


def written(definition: Definition) -> str:
    """The JSON text of a definition, which :func:`read` reads."""
    return json.dumps(to_json(definition), ensure_ascii=False, allow_nan=False)


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _strange(value: Any, place: str) -> Iterator[Fault]:
    """Texts with characters that PostgreSQL keeps in no text: NUL, and halves of pairs that stand alone."""
    match value:
        case str():
            if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
                yield fault(place, "NUL_BYTE")
        case dict():
            for key, each in value.items():
                yield from _strange(key, place)
                yield from _strange(each, f"{place}/{key}" if key.isprintable() else place)
        case list():
            for index, each in enumerate(value):
                yield from _strange(each, f"{place}/{index}")
