"""Rows of a file: those that can be taken over, and what is wrong with the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.imports.content import kind_of

MOST_SIGNATURES = 10_000_000_000
MAX_NUMBER = 2**62
_HTML = re.compile(
    r"</?(?:a|abbr|b|blockquote|body|br|center|code|div|em|font|form|h[1-6]|head|hr|html|i|iframe|img|input|li|link|"
    r"meta|object|ol|p|pre|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|th|tr|u|ul|video)"
    r"(?:\s[^<>]*)?/?>|<!--|&(?:amp|lt|gt|quot|apos|nbsp|[mn]dash|hellip|[lr]aquo|[lr][sd]quo|#[0-9]+|#x[0-9a-f]+);",
    re.IGNORECASE,
)


_HALF = re.compile("[\ud800-\udfff]")
EARLIEST, LATEST = 1800, 2200  # years


class Bad(Exception):
    """What is wrong with a row, as a sentence."""

    def __init__(self, sentence: str, reason: str = "BAD_ROW") -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """What can be taken over at once: a petition, or the counts of one; ``size`` rows of the file are in it.

    ``place`` is that of the first of them, from 1.
    """

    place: int
    item: pb.ImportItem
    size: int = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that do not go in, and why; ``line`` is 0 where the file is not read by lines."""

    place: int
    reason: str
    message: str
    line: int = 0
    rows: int = 1

    @property
    def where(self) -> str:
        """Where in the file, for a sentence."""
        line = f" (line {self.line})" if self.line else ""
        others = f" and {self.rows - 1} more" if self.rows > 1 else ""
        return f"row {self.place}{line}{others}"


@dataclass(slots=True)
class Found:
    """What a file holds: rows that can be taken over, those that cannot, and how many it has in all."""

    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    total: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """A row as the file has it; ``line`` is 0 where the file is not read by lines."""

    place: int
    raw: Any
    line: int = 0


def collect(records: Iterable[Record], make: Callable[[Any], pb.ImportItem]) -> Found:
    """The rows that ``make`` can read, and those of which it says that they are bad. One that is there twice is one."""
    found, seen = Found(), _Seen()
    for record in records:
        found.total += 1
        try:
            item = make(record.raw)
            if seen.is_new(item, record.place):
                found.rows.append(Row(record.place, item))
        except Bad as bad:
            found.refusals.append(Refusal(record.place, bad.reason, str(bad), record.line))
    return found


def numbered(raws: Iterable[Any]) -> Iterable[Record]:
    """Values as records, by their place."""
    return (Record(place, raw) for place, raw in enumerate(raws, start=1))


class _Seen:
    """What the file has had so far."""

    def __init__(self) -> None:
        self._by_key: dict[str, tuple[int, pb.ImportItem]] = {}
        self._by_number: dict[int, int] = {}

    def is_new(self, item: pb.ImportItem, place: int) -> bool:
        """Whether the file has not had it yet; two that differ and claim the same are refused the second time."""
        key = item.source_key or item.source_url
        before, known = self._by_key.setdefault(key, (place, item))
        if known is not item:
            if known != item:
                raise Bad(f"{key} stands in row {before} already, with other values")
            return False
        if item.number and self._by_number.setdefault(item.number, place) != place:
            owner = self._by_number[item.number]
            raise Bad(f"its public number {item.number} stands in row {owner} already", "NUMBER_TAKEN")
        return True


def must_be_object(raw: Any) -> dict[str, Any]:
    """The object of a row."""
    if not isinstance(raw, dict):
        raise Bad(f"it is a {kind_of(raw)} and not an object")
    return raw


def text(value: Any, name: str) -> str:
    """A text that must be there."""
    found = optional_text(value, name)
    if not found:
        raise Bad(f"{name} is {shown(value)} and not a text")
    return found


def optional_text(value: Any, name: str) -> str:
    """A text, trimmed; empty where there is none."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Bad(f"{name} is {shown(value)} and not a text")
    if "\x00" in value:
        raise Bad(f"{name} holds a NUL byte")
    if _HALF.search(value):
        raise Bad(f"{name} holds half a character (a surrogate)")
    return value.strip()


def plain(found: str, name: str) -> str:
    """A text without HTML: tags would be shown as they are written."""
    tag = _HTML.search(found)
    if tag:
        raise Bad(f"{name} holds HTML ({tag[0][:40]}): give plain text")
    return found


def title(value: Any, name: str) -> str:
    """A title: plain text on one line."""
    return plain(" ".join(text(value, name).split()), name)


def count(value: Any, name: str) -> int:
    """A number of signatures."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST_SIGNATURES:
        raise Bad(f"{name} is {shown(value)} and not a number of signatures")
    return value


def public_number(value: Any, name: str) -> int:
    """A public number, as digits or as a number."""
    digits = str(value) if isinstance(value, (int, str)) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdigit()) or not 0 < int(digits[:20]) <= MAX_NUMBER:
        raise Bad(f"{name} is {shown(value)} and not a public number")
    return int(digits)


def instant(value: Any, name: str) -> datetime:
    """A date with its time; one without a zone is in UTC."""
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Bad(f"{name} is {shown(value)} and not a date with time") from None
    if not EARLIEST <= at.year < LATEST:
        raise Bad(f"{name} is {shown(value)}, which is out of range")
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day(value: Any, name: str) -> date:
    """A day of the calendar, written as 2025-07-06."""
    try:
        found = date.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.isoformat() != value:
        raise Bad(f"{name} is {shown(value)} and not a day such as 2025-07-06")
    return found


def address(value: Any, name: str) -> str:
    """A web address."""
    found = optional_text(value, name)
    if not found.startswith(("http://", "https://")) or len(found) > 500:
        raise Bad(f"{name} is {shown(value)} and not an address")
    return found


def shown(value: Any) -> str:
    """A value as a sentence shows it."""
    return "missing" if value is None else repr(value)[:60]
