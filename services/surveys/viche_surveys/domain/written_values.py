"""Values that are written: texts, addresses, numbers of telephones, dates and times."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from viche_surveys.domain.definition import Question

MAX_TEXT = 10_000
"""Characters of a text whose question names no bound."""
MAX_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, without the angle brackets."""
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


def clean_text(text: str, *, is_long: bool) -> str:
    """The text without control characters and outer blanks; short ones are of one line."""
    unified = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return (unified if is_long else unified.replace("\n", " ")).strip()


def plain_number(value: float) -> int | float:
    """A whole number without its fraction, as JSON writes it."""
    return int(value) if float(value).is_integer() else float(value)


def text_value(question: Question, value: object) -> object:
    """A text as it is kept. None where there is none. Raises Refused."""
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    text = clean_text(value, is_long=question.is_long)
    if not text:
        return None
    if question.min_length is not None and len(text) < question.min_length:
        raise Refused("TOO_SHORT", least=question.min_length)
    most = MAX_TEXT if question.max_length is None else question.max_length
    if len(text) > most:
        raise Refused("TOO_LONG", most=most)
    return text


def email_value(question: Question, value: object) -> object:
    """An address of a mailbox. None where there is none. Raises Refused."""
    text = line(value)
    if text and (len(text) > MAX_EMAIL or not _EMAIL.fullmatch(text)):
        raise Refused("NOT_AN_EMAIL")
    return text or None


def phone_value(question: Question, value: object) -> object:
    """A telephone number: digits alone, after a plus where it has one. None where there is none. Raises Refused."""
    text = _PHONE_MARKS.sub("", line(value))
    if text and not _PHONE.fullmatch(text):
        raise Refused("NOT_A_PHONE")
    return text or None


def line(value: object) -> str:
    """A text of one line.

    Raises:
        Refused: it is no text.
    """
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    return clean_text(value, is_long=False)


def date_value(question: Question, value: object) -> object:
    """A day. None where there is none. Raises Refused."""
    return _within(question, read_date(value))


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


def time_value(question: Question, value: object) -> object:
    """A time of day. None where there is none. Raises Refused."""
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    if not _TIME.fullmatch(value):
        raise Refused("NOT_A_TIME")
    return _within(question, value)


def datetime_value(question: Question, value: object) -> object:
    """A day and a time of day. None where there is none. Raises Refused."""
    if not isinstance(value, str):
        raise Refused("WRONG_SHAPE")
    day, _, time = value.partition("T")
    read_date(day)
    if not _TIME.fullmatch(time):
        raise Refused("NOT_A_TIME")
    return _within(question, datetime.fromisoformat(value).isoformat(timespec="minutes"))


def _within(question: Question, value: str) -> str:
    """Compared as they are written; a bound that is a day holds for the whole day."""
    if question.earliest and value[: len(question.earliest)] < question.earliest:
        raise Refused("TOO_EARLY", earliest=question.earliest)
    if question.latest and value[: len(question.latest)] > question.latest:
        raise Refused("TOO_LATE", latest=question.latest)
    return value


def _shown(value: object) -> str:
    return str(plain_number(value)) if isinstance(value, float) and math.isfinite(value) else str(value)[:100]
