"""Tables of two questions, counted by DuckDB over local copies of a survey's snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.objects import ObjectStore
from viche_chassis.periodic import every
from viche_surveys.columnar import Engine, identifier, literal
from viche_surveys.copies import Copies
from viche_surveys.domain.crosstab import Association, Cell, association, cells
from viche_surveys.domain.facets import Facet
from viche_surveys.domain.tallying import DONT_KNOW
from viche_surveys.domain.weighting import Key, Weights, effective, rake
from viche_surveys.hot_columns import HotColumns
from viche_surveys.store.snapshots import Snapshot

if TYPE_CHECKING:
    import duckdb

SWEEP_EVERY_S = 60.0
ALL = ""
"""In place of a column's code, where there are no columns."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Answers that say one of the codes; ``facet`` may be a fact of the answer."""

    facet: Facet | str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Known shares of a facet's codes, together 1."""

    facet: Facet
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is set against each other, of which answers, with which weights. Without columns: frequencies."""

    rows: Facet
    columns: Facet | None
    filters: tuple[Filter, ...] = ()
    targets: tuple[Target, ...] = ()

    def columns_read(self) -> frozenset[str]:
        """Columns of a snapshot that say all of this."""
        asked = [self.rows, self.columns, *(each.facet for each in (*self.filters, *self.targets))]
        return frozenset(each if isinstance(each, str) else each.column for each in asked if each is not None)


@dataclass(frozen=True, slots=True)
class Crosstab:
    """A table; cells row after row. Association where each answer is in one cell.

    Attributes:
        gap: greatest difference between a weighted share and its target.
    """

    row_codes: Sequence[str]
    column_codes: Sequence[str]
    cells: Sequence[Cell]
    responses: int
    effective_n: float
    association: Association
    gap: float


class Crosstabs:
    """Counts tables, one after another: each takes all the cores that there are."""

    def __init__(self, objects: ObjectStore, engine: Engine) -> None:
        self._objects = objects
        self._engine = engine
        self._hot = HotColumns()
        self._thread = ThreadPoolExecutor(1, "crosstabs")

    @cached_property
    def _copies(self) -> Copies:
        return Copies(self._objects)

    @cached_property
    def _cursor(self) -> duckdb.DuckDBPyConnection:
        return self._engine.cursor()

    async def run(self) -> None:
        """Lets go of what nobody uses any more, until cancelled."""
        await every(SWEEP_EVERY_S, self.sweep, "crosstabs")

    async def sweep(self) -> None:
        """Does so once."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._sweep)

    def _sweep(self) -> None:
        if "_copies" in self.__dict__:  # a table was asked for
            self._copies.sweep()
            self._hot.sweep(self._cursor)

    async def table(self, snapshot: Snapshot, wanted: Wanted) -> Crosstab:
        """The table.

        Raises:
            ObjectNotFound: a file of the snapshot is gone.
            InvalidFields: nobody chose an option whose share is given.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._table, snapshot, wanted)

    def _table(self, snapshot: Snapshot, wanted: Wanted) -> Crosstab:
        source = self._copies.fetch(snapshot)
        relation = self._hot.sql(self._cursor, source, wanted.columns_read() & source.known)
        return _Counting(self._cursor, relation, source.known, wanted).table()


class _Counting:
    """One table. Answers are counted by what they say to the questions of the weights, too: these are per cell."""

    def __init__(
        self, cursor: duckdb.DuckDBPyConnection, relation: str, known: frozenset[str], wanted: Wanted
    ) -> None:  # fmt: skip
        self._cursor = cursor
        self._wanted = wanted
        self._source = relation
        self._known = known
        self._margins = [f"m{place}" for place in range(len(wanted.targets))]

    def table(self) -> Crosstab:
        wanted, weights = self._wanted, self._weights()
        several = wanted.rows.is_several, wanted.columns is not None and wanted.columns.is_several
        found = self._counted(("r", "c"), [name for name, is_it in zip("rc", several, strict=True) if is_it])
        inner = self._counted(("c",), ["c"] if several[1] else []) if several[0] else found
        answers = self._counted((), []) if any(several) else found
        weighted = _weighted(found, 2, weights)
        bases = {key[-1]: [] for key in weighted}
        for key, pairs in _weighted(inner, 1 if several[0] else 2, weights).items():
            bases.setdefault(key[-1], []).extend(pairs)
        met = [{key[place] for key in weighted} for place in (0, 1)]
        rows = wanted.rows.codes(met[0])
        columns = wanted.columns.codes(met[1]) if wanted.columns else [ALL]
        counts = {key: sum(count for _, count in pairs) for key, pairs in weighted.items()}
        alone = [pair for pairs in _weighted(answers, 0 if any(several) else 2, weights).values() for pair in pairs]
        return Crosstab(
            rows, columns if wanted.columns else [], cells(rows, columns, weighted, bases),
            sum(count for _, count in alone), effective(alone),
            Association() if any(several) else association(rows, columns, counts), weights.gap if weights else 0.0,
        )  # fmt: skip

    def _weights(self) -> Weights | None:
        """Of all answers, whatever the table is filtered by: targets are of the whole population."""
        targets = self._wanted.targets
        if not targets:
            return None
        columns = ", ".join(self._known_answer(each.facet) for each in targets)
        query = f"SELECT {columns}, count(*) FROM {self._source} GROUP BY ALL"  # noqa: S608 (quoted identifiers)
        counts: dict[Key, int] = {row[:-1]: row[-1] for row in self._cursor.execute(query).fetchall()}
        _check_answered(targets, counts)
        return rake(counts, [each.shares for each in targets])

    def _counted(self, names: Sequence[str], unfolded: Sequence[str]) -> list[tuple[Any, ...]]:
        """How many answers there are by these names and by the questions of the weights.

        Args:
            unfolded: names of which an answer may have several codes; it counts in each.
        """
        wanted = self._wanted
        columns = self._column(wanted.columns) if wanted.columns else f"'{ALL}'"
        targets = zip(self._margins, wanted.targets, strict=True)
        margins = [f"{self._known_answer(each.facet)} AS {name}" for name, each in targets]
        fields = [f"{self._column(wanted.rows)} AS r", f"{columns} AS c", *margins]
        values: list[str] = []
        conditions = ["r IS NOT NULL", "c IS NOT NULL", *self._conditions(values)]
        query = f"SELECT {', '.join(fields)} FROM {self._source} WHERE {' AND '.join(conditions)}"  # noqa: S608 (as above)
        for name in unfolded:
            query = f"SELECT unnest({name}) AS {name}, * EXCLUDE ({name}) FROM ({query})"  # noqa: S608 (as above)
        keys = [*names, *self._margins]
        grouped = f"SELECT {', '.join([*keys, 'count(*)'])} FROM ({query}) {'GROUP BY ALL' if keys else ''}"  # noqa: S608
        return self._cursor.execute(grouped, values).fetchall()

    def _conditions(self, values: list[str]) -> Iterator[str]:
        for each in self._wanted.filters:
            values += each.codes
            places = ", ".join("?" for _ in each.codes)
            if isinstance(each.facet, str):
                yield f"{identifier(each.facet)} IN ({places})"
            elif each.facet.is_several:
                yield f"list_has_any({self._column(each.facet)}, [{places}])"
            else:
                yield f"{self._column(each.facet)} IN ({places})"

    def _known_answer(self, facet: Facet) -> str:
        """What weights go by: "I don't know" says nothing of the population."""
        return f"nullif({self._column(facet)}, {literal(DONT_KNOW)})"

    def _column(self, facet: Facet) -> str:
        if facet.column in self._known:
            return identifier(facet.column)
        return "CAST(NULL AS VARCHAR[])" if facet.is_several else "CAST(NULL AS VARCHAR)"


def _weighted(
    counted: Sequence[tuple[Any, ...]], depth: int, weights: Weights | None
) -> dict[tuple[str, ...], list[tuple[float, int]]]:
    """Weights and how many answers have each, by the first ``depth`` codes."""
    found: dict[tuple[str, ...], list[tuple[float, int]]] = {}
    for *key, count in counted:
        weight = weights.by_cell[tuple(key[depth:])] if weights else 1.0
        found.setdefault(tuple(key[:depth]), []).append((weight, count))
    return found


def _check_answered(targets: Sequence[Target], counts: Mapping[Key, int]) -> None:
    """Lets weights be fitted.

    Raises:
        InvalidFields: nobody chose an option that has a share.
    """
    for place, each in enumerate(targets):
        met = {key[place] for key in counts}
        missing = [code for code, share in each.shares.items() if share > 0 and code not in met]
        if missing:
            raise InvalidFields(invalid(f"margins[{place}].shares", "NOBODY_ANSWERED", value=missing[0][:64]))
