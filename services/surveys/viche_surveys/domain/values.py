"""Values of answers: what each kind takes, and why it does not take what it does not.

A value is what stands in an answer document: `definition.py` names the kinds, the shapes are
single, likert, territory: a code; multiple, ranking: a list of codes; matrix: row to code, or to a list of codes;
scale, number: a number; text, email, phone: a text; date YYYY-MM-DD, time HH:MM, datetime YYYY-MM-DDTHH:MM;
location: {"lat", "lon"}; file: {"id", "name", "type", "size_bytes"}; consent: true; a repeat: a list of objects.
"I don't know" is {"dont_know": true} for every kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context
from typing import cast

from viche_surveys.domain.definition import Kind, Question
from viche_surveys.domain.limits import MAX_NUMBER, exact
from viche_surveys.domain.plan import Asked
from viche_surveys.domain.written_values import (
    Refused,
    date_value,
    datetime_value,
    email_value,
    line,
    phone_value,
    plain_number,
    text_value,
    time_value,
)

__all__ = ["DONT_KNOW", "Outside", "Refused", "check_count", "is_dont_know", "outside_of", "plain_number", "taken"]

DONT_KNOW: Mapping[str, object] = {"dont_know": True}
_EXACT = Context(prec=800)
"""Holds the difference of any two doubles, and how often one that is not 0 goes into another, to the last digit."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known of the world when answers are read.

    Attributes:
        today: the day that `today()` gives.
        has_territory: whether the codifier has a code.
        files: uploaded ones by id, each as the value of a file, with the name of its question.
        level_of: how deep in the codifier a code lies, 1 at the top; 0 where that is not known, which all levels take.
    """

    today: date
    has_territory: Callable[[str], bool] = bool
    files: Mapping[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)
    level_of: Callable[[str], int] = lambda code: 0


def outside_of(
    today: date, levels: Mapping[str, int], files: Mapping[str, tuple[str, Mapping[str, object]]] | None = None
) -> Outside:
    """The same, where territories are known by their levels."""
    return Outside(today, levels.__contains__, files or {}, lambda code: levels.get(code, 0))


def is_dont_know(value: object) -> bool:
    """Whether it is "I don't know"."""
    return isinstance(value, dict) and cast(dict[str, object], value).get("dont_know") is True


def taken(asked: Asked, value: object, outside: Outside) -> object:
    """The value as it is kept; None where it is no answer (an empty text, no option).

    Raises:
        Refused: the question does not take it.
    """
    if value is None:
        return None
    if is_dont_know(value):
        if not asked.question.allows_dont_know or len(value) != 1:  # pyright: ignore[reportArgumentType]
            raise Refused("WRONG_SHAPE")
        return dict(DONT_KNOW)
    return _TAKERS[asked.question.kind](asked, value, outside)


def _one(asked: Asked, value: object, outside: Outside) -> object:
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    if value not in asked.options:
        raise Refused("NOT_OFFERED", value=value)
    return value


def _codes(asked: Asked, value: object) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise Refused("WRONG_SHAPE")
    if len(set(value)) != len(value):
        raise Refused("WRONG_SHAPE")
    for each in value:
        if each not in asked.options:
            raise Refused("NOT_OFFERED", value=each)
    return list(value)


def _several(asked: Asked, value: object, outside: Outside) -> object:
    codes = _codes(asked, value)
    if not codes:
        return None
    check_count(asked, codes)
    order = list(asked.options)
    return sorted(codes, key=order.index)


def check_count(asked: Asked, codes: Collection[str]) -> None:
    """Holds a choice against its limits. An option that is chosen alone is enough by itself.

    Raises:
        Refused: too few, too many, or one with others that is chosen alone.
    """
    question = asked.question
    if alone := asked.exclusive.intersection(codes):
        if len(codes) > 1:
            raise Refused("EXCLUSIVE", value=min(alone))
        return
    if question.min_selected is not None and len(codes) < question.min_selected:
        raise Refused("TOO_FEW", least=question.min_selected)
    if question.max_selected is not None and len(codes) > question.max_selected:
        raise Refused("TOO_MANY", most=question.max_selected)


def _ranking(asked: Asked, value: object, outside: Outside) -> object:
    codes = _codes(asked, value)
    if not codes:
        return None
    check_count(asked, codes)
    return codes


def _matrix(asked: Asked, value: object, outside: Outside) -> object:
    if not isinstance(value, Mapping):
        raise Refused("WRONG_SHAPE")
    cells: dict[str, object] = {}
    for row, given in value.items():
        if row not in asked.rows:
            raise Refused("WRONG_SHAPE", part=str(row)[:64])
        cell = _cell(asked, row, given, outside)
        if cell is not None:
            cells[row] = cell
    return {row: cells[row] for row in asked.rows if row in cells} or None


def _cell(asked: Asked, row: str, given: object, outside: Outside) -> object:
    if given is None:
        return None
    try:
        return (_several if asked.question.is_multiple else _one)(asked, given, outside)
    except Refused as refusal:
        refusal.part = row
        raise


def _number(asked: Asked, value: object, outside: Outside) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("NOT_A_NUMBER" if isinstance(value, str) else "WRONG_SHAPE")
    if abs(value) > MAX_NUMBER:
        raise Refused("TOO_LARGE", most=MAX_NUMBER) if value > 0 else Refused("TOO_SMALL", least=-MAX_NUMBER)
    if math.isnan(value):
        raise Refused("NOT_A_NUMBER")
    question = asked.question
    if question.minimum is not None and value < question.minimum:
        raise Refused("TOO_SMALL", least=question.minimum)
    if question.maximum is not None and value > question.maximum:
        raise Refused("TOO_LARGE", most=question.maximum)
    if not is_on_step(question, float(value)):
        raise Refused("WRONG_STEP", step=question.step)
    return plain_number(value)


def is_on_step(question: Question, value: float) -> bool:
    """Whether the number is so many steps from the least one, as they are written."""
    step = 1.0 if question.step is None and question.kind is Kind.SCALE else question.step
    if not step:
        return True
    start = float(question.minimum or 0.0)
    if step == 1.0 and start.is_integer():
        return value.is_integer()
    return _EXACT.remainder(_EXACT.subtract(exact(value), exact(start)), exact(step)) == 0


def _territory(asked: Asked, value: object, outside: Outside) -> object:
    code = line(value)
    if code and (len(code) > 64 or not outside.has_territory(code)):
        raise Refused("UNKNOWN_TERRITORY")
    levels = asked.question.levels
    if code and levels and (level := outside.level_of(code)) and level not in levels:
        raise Refused("WRONG_LEVEL")
    return code or None


def _location(asked: Asked, value: object, outside: Outside) -> object:
    if not isinstance(value, Mapping) or value.keys() != {"lat", "lon"}:
        raise Refused("WRONG_SHAPE")
    place: dict[str, object] = {}
    for name, most in (("lat", 90.0), ("lon", 180.0)):
        given = value[name]
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise Refused("WRONG_SHAPE", part=name)
        if not -most <= given <= most:
            raise Refused("NOT_A_PLACE", part=name)
        place[name] = plain_number(given)
    return place


def _file(asked: Asked, value: object, outside: Outside) -> object:
    given = value.get("id") if isinstance(value, Mapping) else value
    if not isinstance(given, str):
        raise Refused("WRONG_SHAPE")
    if not given:
        return None
    question, file = outside.files.get(given, ("", None))
    if file is None or question != asked.name:
        raise Refused("FILE_UNKNOWN")
    return dict(file)


def _consent(asked: Asked, value: object, outside: Outside) -> object:
    if not isinstance(value, bool):
        raise Refused("WRONG_SHAPE")
    return True if value else None


def _written(take: Callable[[Question, object], object]) -> Callable[[Asked, object, Outside], object]:
    return lambda asked, value, outside: take(asked.question, value)


def _unasked(asked: Asked, value: object, outside: Outside) -> object:
    raise Refused("UNKNOWN_QUESTION")


_TAKERS: Mapping[Kind, Callable[[Asked, object, Outside], object]] = {
    Kind.SINGLE: _one,
    Kind.MULTIPLE: _several,
    Kind.MATRIX: _matrix,
    Kind.RANKING: _ranking,
    Kind.SCALE: _number,
    Kind.LIKERT: _one,
    Kind.NUMBER: _number,
    Kind.TEXT: _written(text_value),
    Kind.DATE: _written(date_value),
    Kind.TIME: _written(time_value),
    Kind.DATETIME: _written(datetime_value),
    Kind.EMAIL: _written(email_value),
    Kind.PHONE: _written(phone_value),
    Kind.TERRITORY: _territory,
    Kind.LOCATION: _location,
    Kind.FILE: _file,
    Kind.CONSENT: _consent,
    Kind.NOTE: _unasked,
    Kind.CALCULATED: _unasked,
}
