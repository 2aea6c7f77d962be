"""Numbers of a survey's questions, from its tallies: exactly for those who wrote it, gated for everybody.

Shares are of those who answered a question; "I don't know" is an answer. How many left a question out is no secret:
that says nothing about them. What may be shown of the rest is decided in `anonymity.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from viche_surveys.domain import intervals
from viche_surveys.domain.anonymity import WITHHELD, choices, partition, places
from viche_surveys.domain.definition import Definition, Group, Kind, Question
from viche_surveys.domain.tallying import ANSWERED, DONT_KNOW, Tally
from viche_surveys.domain.values import plain_number

EXACT = 0
"""In place of k: nothing is withheld."""
Tallies = Mapping[tuple[str, str, str], Tally]
"""By question, row and code."""
_LISTED = frozenset({Kind.SINGLE, Kind.LIKERT, Kind.MULTIPLE, Kind.MATRIX, Kind.RANKING, Kind.CONSENT})
"""Kinds whose codes everybody knows. Of others, a cell that is withheld would tell that somebody gave this answer."""
_MOST_POINTS = 21
"""Of a scale whose values are all listed, as options are, whether or not somebody chose them. So a withheld one tells
nothing. Of longer scales those values are listed that were chosen, and no withheld ones."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A count: of an option, of a value of a scale, of a place in a ranking, of a cell of a matrix.

    Attributes:
        row: of a matrix; of a ranking the option, whose places are codes; else empty.
        count: `WITHHELD` where nobody may know it; so is the share then.
    """

    row: str
    code: str
    count: int
    share: float
    interval: intervals.Interval


@dataclass(frozen=True, slots=True)
class Moments:
    """What numbers have in common.

    Attributes:
        count: `WITHHELD` with the interval, where they would tell how many did not know.
        least: for officers alone, and so is the greatest.
    """

    count: int
    mean: float
    deviation: float
    interval: intervals.Interval
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class QuestionResults:
    """Numbers of one question."""

    question: Question
    answered: int
    dont_know: int
    cells: tuple[Cell, ...]
    moments: Moments | None


def results(definition: Definition, tallies: Tallies, responses: int, k: int = EXACT) -> tuple[QuestionResults, ...]:
    """Numbers of all questions that have any, in their order; none where fewer than `k` have answered.

    Args:
        tallies: of the answers that the numbers are made from.
        responses: how many answers these are.
        k: fewest answers that a number may stand for; `EXACT` for those who wrote the survey.
    """
    if responses < k:
        return ()
    return tuple(_Reading(each, tallies, responses, k * most).read() for each, most in published(definition))


def published(definition: Definition) -> Iterator[tuple[Question, int]]:
    """Questions that have numbers, with how often one answer may count in each: in a repeat, each instance does.

    So many times k stand for at least k answers, even where somebody filled in a repeat as often as it lets people.
    """
    for page in definition.pages:
        yield from _published(page.items, 1)


def _published(items: tuple[Question | Group, ...], most: int) -> Iterator[tuple[Question, int]]:
    for item in items:
        if isinstance(item, Group):
            yield from _published(item.items, item.repeat.maximum if item.repeat else most)
        elif item.kind is not Kind.NOTE and not item.is_personal:
            yield item, most


@dataclass(frozen=True, slots=True)
class _Reading:
    question: Question
    tallies: Tallies
    responses: int
    k: int

    def read(self) -> QuestionResults:
        answered = self._count("", ANSWERED)
        if answered < self.k:
            return QuestionResults(self.question, WITHHELD, WITHHELD, (), None)
        rows = self._rows()
        shown, dont_know = self._gated(rows, answered)
        cells = tuple(
            _cell(row, code, count, answered if len(rows) == 1 or self._is_ranking else sum(rows[row].values()))
            for row, counts in shown.items()
            for code, count in counts.items()
        )
        moments = self._moments(cells, dont_know)
        if self.question.kind not in _LISTED:
            known = points(self.question)
            cells = tuple(each for each in cells if each.count != WITHHELD or each.code in known)
        return QuestionResults(self.question, answered, dont_know, cells, moments)

    @property
    def _is_ranking(self) -> bool:
        return self.question.kind is Kind.RANKING

    def _count(self, row: str, code: str) -> int:
        found = self.tallies.get((self.question.name, row, code))
        return found.count if found else 0

    def _rows(self) -> dict[str, dict[str, int]]:
        """Counts by row and code."""
        codes = [option.code for option in self.question.options]
        match self.question.kind:
            case Kind.SINGLE | Kind.LIKERT | Kind.MULTIPLE:
                return {"": {code: self._count("", code) for code in codes}}
            case Kind.MATRIX:
                return {row.code: {code: self._count(row.code, code) for code in codes} for row in self.question.rows}
            case Kind.RANKING:
                numbers = [str(place) for place in range(1, len(codes) + 1)]
                return {code: {number: self._count(code, number) for number in numbers} for code in codes}
        return {"": {code: self._count("", code) for code in self._met()}}

    def _met(self) -> list[str]:
        """Points of a scale, and codes that were answered: numbers in order, others by their names."""
        own = (key[1:] for key in self.tallies if key[0] == self.question.name)
        met = {code for row, code in own if not row and code and not code.startswith(" ")}
        return sorted(met | points(self.question), key=_order)

    def _gated(self, rows: dict[str, dict[str, int]], answered: int) -> tuple[dict[str, dict[str, int]], int]:
        """What may be shown of the counts, and of how many did not know."""
        dont_know = self._count("", DONT_KNOW)
        if self.k == EXACT:
            return rows, dont_know
        extra = [dont_know] if self.question.allows_dont_know else []
        match self.question.kind:
            case Kind.RANKING:
                shown, rest = self._ranking(rows, extra)
            case Kind.MATRIX if self.question.is_multiple:
                rest = partition([answered - dont_know, *extra], self.k)[1:]
                shown = {
                    row: _zipped(counts, choices([*counts.values()], answered, self.k)) for row, counts in rows.items()
                }
            case Kind.MATRIX:
                rest = partition([answered - dont_know, *extra], self.k)[1:]
                shown = {row: _zipped(counts, partition([*counts.values()], self.k)) for row, counts in rows.items()}
            case Kind.MULTIPLE:
                gated = choices([*rows[""].values(), *extra], answered, self.k)
                shown, rest = {"": _zipped(rows[""], gated)}, gated[len(rows[""]) :]
            case _:
                shown, rest = self._parts(rows[""], extra, answered)
        return shown, rest[0] if rest else 0

    def _parts(
        self, counts: dict[str, int], extra: Sequence[int], answered: int
    ) -> tuple[dict[str, dict[str, int]], Sequence[int]]:
        """Of groups that do not overlap. Who did not consent is a group; who wrote a text or a number is one, too."""
        if not counts:
            return {"": {}}, partition([answered - sum(extra), *extra], self.k)[1:]
        others = [self.responses - answered] if self.question.kind is Kind.CONSENT else []
        gated = partition([*counts.values(), *extra, *others], self.k)
        return {"": _zipped(counts, gated)}, gated[len(counts) : len(counts) + len(extra)]

    def _ranking(
        self, rows: dict[str, dict[str, int]], extra: Sequence[int]
    ) -> tuple[dict[str, dict[str, int]], Sequence[int]]:
        table = {code: [*counts.values()] for code, counts in rows.items()}
        if extra:  # who did not know is one more option that is put first
            table[DONT_KNOW] = [*extra, *[self.k] * (len(rows) - 1)]
        gated = places(table, self.k)
        rest = gated.pop(DONT_KNOW)[:1] if extra else []
        return {code: _zipped(rows[code], counts) for code, counts in gated.items()}, rest

    def _moments(self, cells: tuple[Cell, ...], dont_know: int) -> Moments | None:
        """Withheld with any value of a scale: the mean would tell it."""
        found = self.tallies.get((self.question.name, "", ""))
        if found is None or found.count < max(self.k, 1) or any(cell.count == WITHHELD for cell in cells):
            return None
        total, squares = float(found.total or 0), float(found.squares or 0)
        mean, deviation = total / found.count, intervals.deviation(found.count, total, squares)
        if dont_know == WITHHELD:
            return Moments(WITHHELD, mean, deviation, intervals.Interval(mean, mean))
        interval = intervals.of_mean(mean, deviation, found.count)
        if self.k != EXACT:
            return Moments(found.count, mean, deviation, interval)
        return Moments(found.count, mean, deviation, interval, float(found.least or 0), float(found.most or 0))


def points(question: Question) -> frozenset[str]:
    """Values of a scale as they are written; none where there are too many of them to be listed."""
    if question.kind is not Kind.SCALE or question.minimum is None or question.maximum is None:
        return frozenset()
    least, most, step = (
        Decimal(repr(float(each))) for each in (question.minimum, question.maximum, question.step or 1)
    )
    if step <= 0 or most < least or (most - least) / step >= _MOST_POINTS:
        return frozenset()
    return frozenset(str(plain_number(float(least + place * step))) for place in range(int((most - least) / step) + 1))


def _cell(row: str, code: str, count: int, base: int) -> Cell:
    if count == WITHHELD:
        return Cell(row, code, WITHHELD, WITHHELD, intervals.Interval(0, 0))
    share = count / base if base else 0.0
    return Cell(row, code, count, share, intervals.of_share(share, base))


def _zipped(counts: Mapping[str, int], gated: Sequence[int]) -> dict[str, int]:
    return dict(zip(counts, gated, strict=False))  # behind them is who did not know


def _order(code: str) -> tuple[bool, float, str]:
    try:
        return False, float(code), code
    except ValueError:
        return True, 0.0, code


def days(tallies: Tallies) -> Iterator[tuple[str, int]]:
    """How many answers came on each day (YYYY-MM-DD), the first day first."""
    by_day: dict[str, int] = {}
    for (question, day, _), tally in tallies.items():
        if not question:
            by_day[day] = by_day.get(day, 0) + tally.count
    yield from sorted(by_day.items())
