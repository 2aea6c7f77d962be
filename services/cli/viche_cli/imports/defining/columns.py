"""What is known of the columns of a table after it was read once, in little memory."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from viche_cli.imports.answer_table import Line

MOST_TEXTS = 200
"""So many different texts of a column are kept; a question with more options is none."""
EMPTY = frozenset({"", "-", "–", "—", "n/a", "N/A", "#N/A", "NA", "null", "NULL"})
"""Cells that say nothing."""
SEPARATORS = (";", "|", ", ")
MOMENTS = {
    "date": ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y"),
    "time": ("%H:%M", "%H:%M:%S"),
    "datetime": (
        "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M",
        "%d.%m.%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S",
    ),
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?\d{1,15}([.,]\d{1,10})?")
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True)
class Column:
    """A column, counted from 1, and what its cells are like.

    Attributes:
        texts: how often each text stands there, in the order of their coming; no more are added after MOST_TEXTS.
        has_more_texts: there are others, too.
        parts: the same of what stands between separators.
        formats: in which each of its cells is a moment.
        is_unique: every row has another text.
        dashes: what stands there instead of nothing.
    """

    number: int
    name: str
    rows: int = 0
    filled: int = 0
    longest: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    has_more_texts: bool = False
    parts: dict[str, Counter[str]] = field(default_factory=lambda: {each: Counter() for each in SEPARATORS})
    formats: list[tuple[str, str]] = field(
        default_factory=lambda: [(kind, format) for kind, formats in MOMENTS.items() for format in formats]
    )
    are_numbers: bool = True
    are_whole: bool = True
    are_mailboxes: bool = True
    least: float = float("inf")
    most: float = float("-inf")
    known: set[str] | None = field(default_factory=set)
    dashes: Counter[str] = field(default_factory=Counter)

    @property
    def is_unique(self) -> bool:
        """Whether its text tells one row from all others."""
        return self.known is not None and self.filled == self.rows > 0

    def add(self, text: str) -> None:
        """Takes the cell of one more row."""
        self.rows += 1
        if text in EMPTY:
            self.known = None
            self.dashes.update([text] if text else [])
            return
        self.filled += 1
        self.longest = max(self.longest, len(text))
        self._tell_apart(text)
        self.has_more_texts = not _count(self.texts, text) or self.has_more_texts
        for separator, parts in list(self.parts.items()):
            if not all(_count(parts, part.strip()) for part in text.split(separator) if part.strip()):
                del self.parts[separator]
        self.formats = [each for each in self.formats if _is_moment(text, each[1])]
        self.are_mailboxes = self.are_mailboxes and bool(_MAILBOX.fullmatch(text))
        self._measure(text)

    def _tell_apart(self, text: str) -> None:
        if self.known is None:
            return
        if text in self.known:
            self.known = None
        else:
            self.known.add(text)

    def _measure(self, text: str) -> None:
        if not self.are_numbers:
            return
        plain = text.replace("\u00a0", "").replace(" ", "")
        self.are_numbers = bool(_NUMBER.fullmatch(plain))
        if self.are_numbers:
            number = float(plain.replace(",", "."))
            self.are_whole = self.are_whole and number.is_integer()
            self.least, self.most = min(self.least, number), max(self.most, number)


@dataclass(slots=True)
class Order:
    """Whether columns together hold places: in each row that says anything 1, 2, 3 …, each once."""

    columns: tuple[int, ...]
    holds: bool = True
    rows: int = 0

    def add(self, line: Line) -> None:
        """Takes one more row."""
        said = [text for number in self.columns if (text := line.cells[number - 1]) not in EMPTY]
        if said:
            self.rows += 1
            self.holds = self.holds and sorted(said) == sorted(map(str, range(1, len(said) + 1)))


def read(lines: Iterable[Line], columns: list[Column], orders: list[Order]) -> int:
    """Reads the table once.

    Returns:
        how many rows it has.
    """
    rows = 0
    for line in lines:
        rows += 1
        for column in columns:
            column.add(line.cells[column.number - 1])
        for order in orders:
            if order.holds:
                order.add(line)
    return rows


def _count(counter: Counter[str], text: str) -> bool:
    """Counts a text, unless there are too many others."""
    if text not in counter and len(counter) >= MOST_TEXTS:
        return False
    counter[text] += 1
    return True


def _is_moment(text: str, format: str) -> bool:
    try:
        datetime.strptime(text, format)  # noqa: DTZ007 (a moment as somebody wrote it down)
    except ValueError:
        return False
    return True
