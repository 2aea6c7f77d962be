"""A table of two facets from counts: shares with intervals, chi-square and Cramér's V."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viche_surveys.domain import intervals
from viche_surveys.domain.weighting import effective

Counted = Mapping[tuple[str, ...], Sequence[tuple[float, int]]]
"""By code of the row and of the column: weights, and how many answers have each."""
Bases = Mapping[str, Sequence[tuple[float, int]]]
"""By code of the column: the same of all answers in it, each once however many rows it is in."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; its share is of the column's answers."""

    count: int
    weighted: float
    share: float
    interval: intervals.Interval


@dataclass(frozen=True, slots=True)
class Association:
    """How far two facets go together (Pearson, 1900; Cramér, 1946); zeros where that cannot be said."""

    chi_square: float = 0.0
    degrees_of_freedom: int = 0
    cramers_v: float = 0.0


def cells(rows: Sequence[str], columns: Sequence[str], counted: Counted, bases: Bases) -> list[Cell]:
    """All of them, row after row. Intervals are Wilson's, with the effective number of answers in the column."""
    totals = {code: (_sum(bases.get(code, ())), effective(bases.get(code, ()))) for code in columns}
    return [_cell(counted.get((row, column), ()), *totals[column]) for row in rows for column in columns]


def association(rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, ...], int]) -> Association:
    """Of unweighted counts in which each answer is once. Rows and columns without answers are left out."""
    by_row = [found for row in rows if (found := sum(counts.get((row, column), 0) for column in columns))]
    by_column = [found for column in columns if (found := sum(counts.get((row, column), 0) for row in rows))]
    total, smaller = sum(by_row), min(len(by_row), len(by_column)) - 1
    if smaller < 1:
        return Association()
    in_rows = {row: sum(counts.get((row, column), 0) for column in columns) for row in rows}
    in_columns = {column: sum(counts.get((row, column), 0) for row in rows) for column in columns}
    chi_square = sum(
        (counts.get((row, column), 0) - expected) ** 2 / expected
        for row in rows
        for column in columns
        if (expected := in_rows[row] * in_columns[column] / total)
    )
    freedom = (len(by_row) - 1) * (len(by_column) - 1)
    return Association(chi_square, freedom, math.sqrt(chi_square / (total * smaller)))


def _cell(weighted: Sequence[tuple[float, int]], base: float, n: float) -> Cell:
    found = _sum(weighted)
    share = min(1.0, found / base) if base else 0.0
    return Cell(sum(count for _, count in weighted), found, share, intervals.of_share(share, n))


def _sum(weighted: Sequence[tuple[float, int]]) -> float:
    return sum(weight * count for weight, count in weighted)
