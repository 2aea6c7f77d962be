"""What a survey asks: pages of questions and groups, in one or several languages.

A definition is a document, `viche-survey/1`.
Once it has been answered it is never changed: a change makes a new version.
`document.py` reads and writes it as JSON, `checking.py` says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Text = Mapping[str, str]
"""A text by BCP 47 language. `{expression}` in it is CEL and gives way to its value; `{{` and `}}` stand for braces."""


class Kind(StrEnum):
    """What a question asks for, and so the shape of its answer (`values.py`)."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    MATRIX = "matrix"
    RANKING = "ranking"
    SCALE = "scale"
    LIKERT = "likert"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    EMAIL = "email"
    PHONE = "phone"
    TERRITORY = "territory"
    LOCATION = "location"
    FILE = "file"
    CONSENT = "consent"
    NOTE = "note"
    CALCULATED = "calculated"


WITH_OPTIONS = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX, Kind.RANKING, Kind.LIKERT})
"""Kinds whose answers are codes of options."""
UNASKED = frozenset({Kind.NOTE, Kind.CALCULATED})
"""Kinds that nobody answers."""


class Order(StrEnum):
    """In which order options, rows or items of a group are shown."""

    WRITTEN = "written"
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several answers, or a row of a matrix.

    Attributes:
        code: what is stored; unique in its question.
        label: what people read.
        is_exclusive: chosen alone ("none of these"); keeps its place, too.
        keeps_place: stays where it is written when the others are shuffled.
        attributes: what `Question.option_filter` may ask for as `option.NAME`.
    """

    code: str
    label: Text = field(default_factory=dict)
    is_exclusive: bool = False
    keeps_place: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, or a text or a calculated value among them. Expressions are CEL (`expressions.py`); "" is none.

    Attributes:
        name: a CEL identifier, unique in the survey.
        relevant: asked only where this holds.
        constraint: an answer, `value` in it, is taken only where this holds.
        constraint_message: what people are told otherwise.
        required_if: must be answered where this holds; `is_required` is always.
        allows_dont_know: "I don't know" is offered and is an answer of its own.
        is_personal: may tell who answers; kept apart, sealed, and never published or tallied. So are calculated values
            that take such answers (`derived.py`).
        option_filter: an option is offered only where this holds; `option.code` and `option.ATTRIBUTE` are its facts.
        rows: of a matrix.
        is_multiple: a matrix takes several options per row.
        minimum: least value of a number or scale, inclusive. Whole numbers have a `step` of 1.
        earliest: first date or time that is taken, as `Kind.DATE` or `Kind.TIME` write them, inclusive.
        unit: of a number ("km").
        low_label: what the least value of a scale means.
        min_selected: fewest options of a multiple choice, or places of a ranking.
        is_long: a text of several lines.
        levels: of the territory that is asked for, as depth in identity's codifier: 1 are its top units, 2 those right
            below (`territories.py`). A set, in any order; empty takes any. Documents of before have words there, which
            said nothing: they are read as none.
        media_types: of a file, as `image/png` or `image/*`.
        default: the answer that is filled in at first, in the shape of the kind.
        expression: of a calculated value.
    """

    name: str
    kind: Kind
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    relevant: str = ""
    constraint: str = ""
    constraint_message: Text = field(default_factory=dict)
    is_required: bool = False
    required_if: str = ""
    allows_dont_know: bool = False
    is_personal: bool = False
    options: tuple[Option, ...] = ()
    option_filter: str = ""
    rows: tuple[Option, ...] = ()
    is_multiple: bool = False
    order: Order = Order.WRITTEN
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    earliest: str = ""
    latest: str = ""
    unit: Text = field(default_factory=dict)
    low_label: Text = field(default_factory=dict)
    high_label: Text = field(default_factory=dict)
    min_selected: int | None = None
    max_selected: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    is_long: bool = False
    levels: tuple[int, ...] = ()
    media_types: tuple[str, ...] = ()
    max_size_bytes: int | None = None
    default: object = None
    expression: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """How often a group may be answered; the answer is a list."""

    minimum: int = 0
    maximum: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that belong together. With `repeat` they are answered once per instance; such groups do not nest."""

    name: str
    items: tuple[Question | Group, ...]
    label: Text = field(default_factory=dict)
    hint: Text = field(default_factory=dict)
    relevant: str = ""
    order: Order = Order.WRITTEN
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is shown at once."""

    name: str
    items: tuple[Question | Group, ...]
    title: Text = field(default_factory=dict)
    relevant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """At most `limit` answers for which `condition` holds."""

    name: str
    condition: str
    limit: int
    message: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A whole survey. The first of `languages` is what texts fall back to."""

    languages: tuple[str, ...]
    title: Text
    pages: tuple[Page, ...]
    introduction: Text = field(default_factory=dict)
    thanks: Text = field(default_factory=dict)
    quotas: tuple[Quota, ...] = ()

    def questions(self) -> Iterator[Question]:
        """All of them in the order in which they are written, those in groups too."""
        for page in self.pages:
            yield from questions_in(page.items)

    def question(self, name: str) -> Question | None:
        """The one of that name."""
        return next((question for question in self.questions() if question.name == name), None)


def questions_in(items: tuple[Question | Group, ...]) -> Iterator[Question]:
    """Questions among the items and in their groups."""
    for item in items:
        if isinstance(item, Group):
            yield from questions_in(item.items)
        else:
            yield item


def localized(text: Text, language: str, languages: tuple[str, ...]) -> str:
    """The text in that language, else in its base language, else in the first language that has it; "" if none does."""
    wanted = (language, language.split("-")[0], *languages)
    return next((text[each] for each in wanted if text.get(each)), next(iter(text.values()), ""))
