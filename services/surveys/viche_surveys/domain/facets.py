"""What answers can be sorted by in a table: questions with few possible answers, and facts of the answer.

A facet is called as its question; a row of a matrix is "NAME.ROW", an option of a ranking "NAME.OPTION" with its place
as code. "I don't know" is a code of its own. Personal questions and those in repeats are no facets.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from viche_surveys.domain.definition import Definition, Group, Kind, Option, Question, Text
from viche_surveys.domain.tallying import DONT_KNOW

FACTS = ("partner", "language", "version")
_WHOLE = frozenset({Kind.SINGLE, Kind.LIKERT, Kind.MULTIPLE, Kind.SCALE, Kind.TERRITORY, Kind.CONSENT, Kind.CALCULATED})


@dataclass(frozen=True, slots=True)
class Facet:
    """One of them.

    Attributes:
        part: row of a matrix, option of a ranking; else empty.
    """

    question: Question
    part: str = ""

    @property
    def name(self) -> str:
        """What it is called by."""
        return f"{self.question.name}.{self.part}" if self.part else self.question.name

    @property
    def is_several(self) -> bool:
        """Whether an answer may have several codes of it."""
        kind = self.question.kind
        return kind is Kind.MULTIPLE or (kind is Kind.MATRIX and self.question.is_multiple)

    @property
    def column(self) -> str:
        """Its column in a snapshot. A question that becomes one of several choices in a new version gets another.

        The sum keeps names apart that differ in the case of letters alone: databases take these for the same.
        """
        kind = "places" if self.question.kind is Kind.RANKING else "several" if self.is_several else "one"
        return f"{kind}:{self.name}:{zlib.crc32(self.name.encode()):08x}"

    def codes(self, met: Collection[str]) -> list[str]:
        """Those that it offers, and those that were met besides: numbers in order, others by their names."""
        if self.question.kind is Kind.RANKING:
            offered = [str(place) for place in range(1, len(self.question.options) + 1)]
        else:
            offered = [option.code for option in self.question.options]
        besides = sorted((code for code in met if code not in offered and code != DONT_KNOW), key=_order)
        return [*offered, *besides, *([DONT_KNOW] if DONT_KNOW in met else [])]

    def label(self, code: str) -> Text:
        """What a code means; empty where the question does not say."""
        question = self.question
        if question.kind is Kind.SCALE:
            ends = {question.minimum: question.low_label, question.maximum: question.high_label}
            return next((label for end, label in ends.items() if end is not None and _is(code, end)), {})
        if question.kind is Kind.RANKING:
            return {}
        return next((option.label for option in question.options if option.code == code), {})


def facets(definition: Definition) -> Iterator[Facet]:
    """All of a survey, in its order."""
    for page in definition.pages:
        yield from _of(page.items)


def facet(definition: Definition, name: str) -> Facet | None:
    """The one of that name."""
    return next((each for each in facets(definition) if each.name == name), None)


def _of(items: tuple[Question | Group, ...]) -> Iterator[Facet]:
    for item in items:
        if isinstance(item, Group):
            if item.repeat is None:
                yield from _of(item.items)
        elif not item.is_personal:
            if item.kind in _WHOLE:
                yield Facet(item)
            yield from (Facet(item, each.code) for each in _parts(item))


def _parts(question: Question) -> tuple[Option, ...]:
    match question.kind:
        case Kind.MATRIX:
            return question.rows
        case Kind.RANKING:
            return question.options
    return ()


def _is(code: str, number: float) -> bool:
    try:
        return float(code) == number
    except ValueError:
        return False


def _order(code: str) -> tuple[bool, float, str]:
    try:
        return False, float(code), code
    except ValueError:
        return True, 0.0, code
