"""What is wrong with the bounds of a question's answers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal

from viche_surveys.domain.definition import Kind, Question
from viche_surveys.domain.faults import Fault, fault

MAX_NUMBER = 1e15
"""Doubles hold whole numbers and their halves exactly up to here, and sums of squares stay finite."""
LEAST_STEP = 1e-9
MOST_POINTS = 101
MOST_FILE_BYTES = 100_000_000
MOST_CHARACTERS = 100_000
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/(\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,100})")
_DAY, _HOUR = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[0-9]{2}:[0-9]{2}"
FORMATS = {Kind.DATE: re.compile(_DAY), Kind.TIME: re.compile(_HOUR), Kind.DATETIME: re.compile(f"{_DAY}T{_HOUR}")}
"""How dates and times are written, here and in answers."""


def limit_faults(place: str, question: Question) -> Iterator[Fault]:
    """What is wrong with the bounds of a question at a place of its definition.

    Reasons: NOT_FINITE, BAD_RANGE, BAD_STEP, STEP_TOO_FINE, STEP_TOO_WIDE, ENDS_MISSING, TOO_MANY, NOT_A_DATE,
    BAD_MEDIA_TYPE.
    """
    yield from _numbers(place, question)
    if question.kind is Kind.SCALE:
        yield from _scale(place, question)
    most = len(question.options) if question.options else None
    yield from _range(place, "selected", question.min_selected, question.max_selected, most)
    yield from _range(place, "length", question.min_length, question.max_length, MOST_CHARACTERS)
    if question.max_size_bytes is not None and not 0 < question.max_size_bytes <= MOST_FILE_BYTES:
        yield fault(f"{place}/max_size_bytes", "BAD_RANGE", least=1, most=MOST_FILE_BYTES)
    for index, each in enumerate(question.media_types):
        if not MEDIA_TYPE.fullmatch(each):
            yield fault(f"{place}/media_types/{index}", "BAD_MEDIA_TYPE", value=each[:60])
    if question.kind in FORMATS:
        yield from _dates(place, question)


def is_instant(kind: Kind, text: str) -> bool:
    """Whether a text is a date or a time as answers write it."""
    if not FORMATS[kind].fullmatch(text):
        return False
    try:
        (time if kind is Kind.TIME else datetime).fromisoformat(text)
    except ValueError:
        return False
    return True


def _numbers(place: str, question: Question) -> Iterator[Fault]:
    for name in ("minimum", "maximum", "step"):
        value = getattr(question, name)
        if value is not None and not math.isfinite(value):
            yield fault(f"{place}/{name}", "NOT_FINITE")
    least, most = question.minimum, question.maximum
    if least is not None and most is not None and least > most:
        yield fault(f"{place}/maximum", "BAD_RANGE", least=_written(least), most="")
    if least is not None and MAX_NUMBER < least < math.inf:
        yield fault(f"{place}/minimum", "BAD_RANGE", least=_written(-MAX_NUMBER), most=_written(MAX_NUMBER))
    if most is not None and -math.inf < most < -MAX_NUMBER:
        yield fault(f"{place}/maximum", "BAD_RANGE", least=_written(-MAX_NUMBER), most=_written(MAX_NUMBER))
    if question.step is not None and math.isfinite(question.step):
        yield from _step(place, question, question.step)


def _step(place: str, question: Question, step: float) -> Iterator[Fault]:
    """A step can be told from none, and leads from the least value to another one that is taken."""
    if step <= 0:
        yield fault(f"{place}/step", "BAD_STEP")
    elif step < LEAST_STEP:
        yield fault(f"{place}/step", "STEP_TOO_FINE", least=f"{LEAST_STEP:.9f}")
    else:
        least = question.minimum or 0.0
        most = MAX_NUMBER if question.minimum is None or question.maximum is None else question.maximum
        room = exact(most) - exact(least) if math.isfinite(least) and math.isfinite(most) else Decimal(0)
        if 0 < room < exact(step):
            yield fault(f"{place}/step", "STEP_TOO_WIDE", most=_written(float(room)))


def exact(number: float) -> Decimal:
    """The number as it is written: 0.1 and not the double next to it."""
    return Decimal(repr(float(number)))


def _scale(place: str, question: Question) -> Iterator[Fault]:
    """A scale has two ends, and few enough points between them to choose from."""
    if question.minimum is None or question.maximum is None:
        yield fault(place, "ENDS_MISSING")
    elif (question.maximum - question.minimum) / (question.step or 1) >= MOST_POINTS:
        yield fault(place, "TOO_MANY", limit=MOST_POINTS)


def _range(place: str, name: str, least: int | None, most: int | None, bound: int | None) -> Iterator[Fault]:
    if least is not None and (least < 0 or (bound is not None and least > bound)):
        yield fault(f"{place}/min_{name}", "BAD_RANGE", least=0, most="" if bound is None else bound)
    if most is not None and most < max(1, least or 0):
        yield fault(f"{place}/max_{name}", "BAD_RANGE", least=max(1, least or 0), most="")


def _dates(place: str, question: Question) -> Iterator[Fault]:
    for name in ("earliest", "latest"):
        text = getattr(question, name)
        if text and not is_instant(question.kind, text):
            yield fault(f"{place}/{name}", "NOT_A_DATE", value=text[:40])
    if question.earliest and question.latest and question.earliest > question.latest:
        yield fault(f"{place}/latest", "BAD_RANGE", least=question.earliest, most="")


def _written(number: float) -> str:
    return f"{number:g}"
