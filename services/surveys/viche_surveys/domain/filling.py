"""What a form shows that is filled in: the fields with which it would send a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from viche_surveys.domain.definition import Kind
from viche_surveys.domain.plan import Asked
from viche_surveys.domain.reading import DONT_KNOW_FIELD
from viche_surveys.domain.values import is_dont_know


def written(asked: Asked, value: object, name: str) -> dict[str, list[str]]:
    """The fields with which a form would send the value."""
    if value is None:
        return {}
    if is_dont_know(value):
        return {f"{name}.{DONT_KNOW_FIELD}": ["1"]}
    match asked.question.kind:
        case Kind.MULTIPLE:
            return {name: [str(each) for each in cast(list[object], value)]}
        case Kind.RANKING:
            return {f"{name}.{code}": [str(place)] for place, code in enumerate(cast(list[str], value), 1)}
        case Kind.MATRIX:
            cells = cast(Mapping[str, object], value)
            return {f"{name}.{row}": _texts(cell) for row, cell in cells.items()}
        case Kind.DATE | Kind.DATETIME:
            return _written_day(name, str(value))
        case Kind.LOCATION:
            place = cast(Mapping[str, object], value)
            return {f"{name}.lat": [str(place["lat"])], f"{name}.lon": [str(place["lon"])]}
        case Kind.FILE:
            return {name: [str(cast(Mapping[str, object], value)["id"])]}
        case Kind.CONSENT:
            return {name: ["1"]}
        case _:
            return {name: [str(int(value) if isinstance(value, float) and value.is_integer() else value)]}


def _texts(cell: object) -> list[str]:
    return [str(each) for each in cast(list[object], cell)] if isinstance(cell, list | tuple) else [str(cell)]


def _written_day(name: str, value: str) -> dict[str, list[str]]:
    day, _, at = value.partition("T")
    year, month, of_month = day.split("-")
    fields = {f"{name}.day": [str(int(of_month))], f"{name}.month": [str(int(month))], f"{name}.year": [year]}
    return {**fields, f"{name}.time": [at]} if at else fields
