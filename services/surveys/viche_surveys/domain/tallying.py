"""What answers add to the tallies, so that reading results costs the same at any number of answers.

Rows of a question, by row and code:
- single, likert, multiple, territory: the code of the option; consent and calculated flags: "true", "false";
- matrix: the row, and the code of the option; ranking: the option as row, its place ("1") as code;
- scale: the value as it is written; scale, number and calculated numbers: also the moments, with an empty code, where
  `count` is how many numbers there are;
- ANSWERED: how often it was answered, "I don't know" included; DONT_KNOW: how often with that.
Texts, dates, places, files and all that is personal have ANSWERED alone. In a repeat each instance counts.
The question "" counts whole answers: its row is the day, its code the version of the definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from viche_surveys.domain.definition import Kind
from viche_surveys.domain.plan import Plan
from viche_surveys.domain.values import is_dont_know

ANSWERED = " answered"
"""No option's code has a blank in it, so none is called like this."""
DONT_KNOW = " dont_know"
_NUMBERS = frozenset({Kind.NUMBER, Kind.SCALE})
Cell = tuple[str, str, str]
"""Question, row and code."""


@dataclass(slots=True)
class Tally:
    """A count; with numbers their sum, the sum of their squares, the least and the greatest."""

    count: int = 0
    total: Decimal | None = None
    squares: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    def add(self, number: Decimal | None = None) -> None:
        """One more."""
        self.count += 1
        if number is not None:
            self.total = (self.total or Decimal()) + number
            self.squares = (self.squares or Decimal()) + number * number
            self.least = number if self.least is None else min(self.least, number)
            self.most = number if self.most is None else max(self.most, number)

    def join(self, other: Tally) -> None:
        """All of another."""
        self.count += other.count
        self.total = _both(self.total, other.total, Decimal.__add__)
        self.squares = _both(self.squares, other.squares, Decimal.__add__)
        self.least = _both(self.least, other.least, min)
        self.most = _both(self.most, other.most, max)


def moves(plan: Plan, answers: Mapping[str, object]) -> Iterator[tuple[Cell, Decimal | None]]:
    """The cells that an answer adds one to, with a number for the moments."""
    for name, value in answers.items():
        if name in plan.repeats:
            for instance in cast(list[Mapping[str, object]], value):
                yield from moves(plan, instance)
        elif name in plan.questions:
            yield from _of_question(plan, name, value)


def tallied(plan: Plan, answers: Iterable[Mapping[str, object]]) -> dict[Cell, Tally]:
    """The tallies of several answers."""
    tallies: dict[Cell, Tally] = {}
    for each in answers:
        for cell, number in moves(plan, each):
            tallies.setdefault(cell, Tally()).add(number)
    return tallies


def _of_question(plan: Plan, name: str, value: object) -> Iterator[tuple[Cell, Decimal | None]]:
    question = plan.questions[name].question
    yield (name, "", ANSWERED), None
    if name in plan.personal:
        return
    if is_dont_know(value):
        yield (name, "", DONT_KNOW), None
        return
    for row, code in _codes(question.kind, value):
        yield (name, row, code), None
    is_counted = question.kind in _NUMBERS or question.kind is Kind.CALCULATED
    if is_counted and isinstance(value, int | float) and not isinstance(value, bool):
        yield (name, "", ""), Decimal(repr(value))


def _codes(kind: Kind, value: object) -> Iterator[tuple[str, str]]:
    match kind:
        case Kind.SINGLE | Kind.LIKERT | Kind.TERRITORY:
            yield "", str(value)
        case Kind.MULTIPLE:
            yield from (("", str(code)) for code in cast(list[str], value))
        case Kind.RANKING:
            yield from ((str(code), str(place)) for place, code in enumerate(cast(list[str], value), 1))
        case Kind.MATRIX:
            for row, cell in cast(Mapping[str, object], value).items():
                yield from ((row, str(code)) for code in (cast(list[str], cell) if isinstance(cell, list) else [cell]))
        case Kind.SCALE:
            yield "", str(value)
        case Kind.CONSENT | Kind.CALCULATED if isinstance(value, bool):
            yield "", str(value).lower()
        case _:
            return


def _both(one: Decimal | None, other: Decimal | None, joined: Callable[[Decimal, Decimal], Decimal]) -> Decimal | None:
    return joined(one, other) if one is not None and other is not None else one if other is None else other
