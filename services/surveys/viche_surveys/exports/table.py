"""A table of answers before it has a format: variables with labels, and rows of cells.

Cells are made to fit their variable's kind:

========  =============================================================
category  code of an option: text, or an integer where all codes are integers
flag      1 (chosen, agreed), 0
number    int or float
text      str
date      datetime.date
time      datetime.time
datetime  datetime.datetime without zone, as it was answered
instant   datetime.datetime in UTC
========  =============================================================

None is a missing value in each of them; `Variable.dont_know` is one that says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import BinaryIO, Protocol

from viche_surveys.domain.definition import Text, localized

Cell = str | int | float | date | time | datetime | None
Row = Sequence[Cell]


class Kind(StrEnum):
    """What the cells of a column are."""

    CATEGORY = "category"
    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    INSTANT = "instant"


class Level(StrEnum):
    """Level of measurement (Stevens 1946)."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a variable and what it means."""

    code: str | int | float
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A column.

    Attributes:
        name: unique whatever the case of letters, and taken by all formats (`names.py`).
        label: what was asked, by language.
        values: what single values mean.
        dont_know: the value that says "I don't know"; one of `values`. None: there is none, or it is missing.
        width_bytes: of the longest text in UTF-8.
        decimals: places after the point that a number is shown with.
        question: the question that it comes from; "" for facts about the response.
        asked: the whole text of the question, by language, where `label` says more than it.
    """

    name: str
    kind: Kind
    label: Text
    level: Level = Level.NOMINAL
    values: tuple[Value, ...] = ()
    dont_know: str | int | None = None
    width_bytes: int = 0
    decimals: int = 0
    question: str = ""
    asked: Text = field(default_factory=dict)
    is_personal: bool = False

    @property
    def is_text(self) -> bool:
        """Whether its cells are strings."""
        if self.kind is Kind.CATEGORY:
            return any(isinstance(value.code, str) for value in self.values) or not self.values
        return self.kind is Kind.TEXT


@dataclass(frozen=True, slots=True)
class FlagSet:
    """Flags that are the answers to one question of several choices, or to one row of a matrix of them."""

    name: str
    label: Text
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What is known of the data before the first row.

    Attributes:
        identifier: of the survey, as people cite it.
        languages: of the survey; the first is what texts fall back to.
        language: which labels are written where a format has room for one.
        made_at: when the data were taken.
    """

    identifier: str
    title: Text
    languages: tuple[str, ...]
    language: str
    variables: tuple[Variable, ...]
    made_at: datetime
    introduction: Text = field(default_factory=dict)
    sets: tuple[FlagSet, ...] = ()

    def said(self, text: Text) -> str:
        """A text in the language of the table."""
        return localized(text, self.language, self.languages)


class Writer(Protocol):
    """Writes rows as they come; keeps no more of them than a format needs at once.

    Made with a file that can be sought and the table. A file that was not ended is no export.
    """

    def __init__(self, out: BinaryIO, table: Table) -> None: ...

    def add(self, rows: Sequence[Row]) -> None:
        """Writes some rows, whose cells stand as the variables do."""
        ...

    def end(self) -> None:
        """Writes what stands after the rows; leaves the file open."""
        ...
