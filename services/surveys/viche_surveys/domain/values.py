"""Values of answers: what each kind takes, and why it does not take what it does not.

A value is what stands in an answer document: `definition.py` names the kinds, the shapes are
single, likert, territory: a code; multiple, ranking: a list of codes; matrix: row to code, or to a list of codes;
scale, number: a number; text, email, phone: a text; date YYYY-MM-DD, time HH:MM, datetime YYYY-MM-DDTHH:MM;
location: {"lat", "lon"}; file: {"id", "name", "type", "size_bytes"}; consent: true; a repeat: a list of objects.
"I don't know" is {"dont_know": true} for every kind.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from viche_surveys.domain.definition import Kind, Question
from viche_surveys.domain.plan import Asked

DONT_KNOW: Mapping[str, object] = {"dont_know": True}
MAX_TEXT = 10_000
"""Characters of a text whose question names no bound."""
MAX_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, without the angle brackets."""
MAX_NUMBER = 1e15
"""Doubles hold whole numbers and their halves exactly up to here, and sums of squares stay finite."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]\\]+@[^\s@<>(),;:\"\[\]\\.]+(\.[^\s@<>(),;:\"\[\]\\.]+)+")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_PHONE_MARKS = re.compile(r"[\s()./\u00a0\u2010-\u2015-]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Refused(ValueError):
    """A value that a question does not take.

    Args:
        reason: as in `AnswerFault`.
        part: row or option that it is about.
    """

    def __init__(self, reason: str, part: str = "", **values: object) -> None:
        self.reason = reason
        self.part = part
        self.values = {name: _shown(value) for name, value in values.items()}
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known of the world when answers are read.

    Attributes:
        today: the day that `today()` gives.
        has_territory: whether the codifier has a code.
        files: uploaded ones by id, each as the value of a file, with the name of its question.
    """

    today: date
    has_territory: Callable[[str], bool] = bool
    files: Mapping[str, tuple[str, Mapping[str, object]]] = field(default_factory=dict)


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


def clean_text(text: str, *, is_long: bool) -> str:
    """The text without control characters and outer blanks; short ones are of one line."""
    unified = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return (unified if is_long else unified.replace("\n", " ")).strip()


def plain_number(value: float) -> int | float:
    """A whole number without its fraction, as JSON writes it."""
    return int(value) if float(value).is_integer() else float(value)


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
    return (Decimal(repr(value)) - Decimal(repr(start))) % Decimal(repr(step)) == 0


def _text(asked: Asked, value: object, outside: Outside) -> object:
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    question = asked.question
    text = clean_text(value, is_long=question.is_long)
    if not text:
        return None
    if question.min_length is not None and len(text) < question.min_length:
        raise Refused("TOO_SHORT", least=question.min_length)
    most = MAX_TEXT if question.max_length is None else question.max_length
    if len(text) > most:
        raise Refused("TOO_LONG", most=most)
    return text


def _email(asked: Asked, value: object, outside: Outside) -> object:
    text = _line(value)
    if text and (len(text) > MAX_EMAIL or not _EMAIL.fullmatch(text)):
        raise Refused("NOT_AN_EMAIL")
    return text or None


def _phone(asked: Asked, value: object, outside: Outside) -> object:
    text = _PHONE_MARKS.sub("", _line(value))
    if text and not _PHONE.fullmatch(text):
        raise Refused("NOT_A_PHONE")
    return text or None


def _line(value: object) -> str:
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    return clean_text(value, is_long=False)


def _date(asked: Asked, value: object, outside: Outside) -> object:
    return _within(asked.question, read_date(value))


def read_date(value: object) -> str:
    """A day as it is kept.

    Raises:
        Refused: it is none.
    """
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:  # 30 February
        pass
    raise Refused("NOT_A_DATE")


def _time(asked: Asked, value: object, outside: Outside) -> object:
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    if not _TIME.fullmatch(value):
        raise Refused("NOT_A_TIME")
    return _within(asked.question, value)


def _datetime(asked: Asked, value: object, outside: Outside) -> object:
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    day, _, time = value.partition("T")
    read_date(day)
    if not _TIME.fullmatch(time):
        raise Refused("NOT_A_TIME")
    return _within(asked.question, datetime.fromisoformat(value).isoformat(timespec="minutes"))


def _within(question: Question, value: str) -> str:
    """Compared as they are written; a bound that is a day holds for the whole day."""
    if question.earliest and value[: len(question.earliest)] < question.earliest:
        raise Refused("TOO_EARLY", earliest=question.earliest)
    if question.latest and value[: len(question.latest)] > question.latest:
        raise Refused("TOO_LATE", latest=question.latest)
    return value


def _territory(asked: Asked, value: object, outside: Outside) -> object:
    code = _line(value)
    if code and (len(code) > 64 or not outside.has_territory(code)):
        raise Refused("UNKNOWN_TERRITORY")
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


def _unasked(asked: Asked, value: object, outside: Outside) -> object:
    raise Refused("UNKNOWN_QUESTION")


def _shown(value: object) -> str:
    return str(plain_number(value)) if isinstance(value, float) and math.isfinite(value) else str(value)[:100]


_TAKERS: Mapping[Kind, Callable[[Asked, object, Outside], object]] = {
    Kind.SINGLE: _one,
    Kind.MULTIPLE: _several,
    Kind.MATRIX: _matrix,
    Kind.RANKING: _ranking,
    Kind.SCALE: _number,
    Kind.LIKERT: _one,
    Kind.NUMBER: _number,
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.DATETIME: _datetime,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.TERRITORY: _territory,
    Kind.LOCATION: _location,
    Kind.FILE: _file,
    Kind.CONSENT: _consent,
    Kind.NOTE: _unasked,
    Kind.CALCULATED: _unasked,
}
