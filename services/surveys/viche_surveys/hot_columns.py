"""Columns of snapshots as they are counted over: in DuckDB's memory, a small number for each code.

To decode them from a file takes longer than to count over them, and an officer sets one question against many others.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from viche_surveys.columnar import identifier, literal
from viche_surveys.copies import Source
from viche_surveys.domain.facets import FACTS

if TYPE_CHECKING:
    import duckdb

MOST_BYTES = 64_000_000
KEPT_S = 600.0
"""How long a column stays after it was used last."""
MOST_CODES = 65_535
"""More are kept as texts; no question has so many."""
_CODE_BYTES, _CODES_BYTES, _TEXT_BYTES = 2, 16, 16


@dataclass(slots=True)
class _Column:
    bytes: int
    used_s: float


class HotColumns:
    """The columns that were used last, up to `MOST_BYTES`. For one thread."""

    def __init__(self) -> None:
        self._columns: dict[str, _Column] = {}
        """By the name of their table; those used last are at the end."""

    def sql(self, cursor: duckdb.DuckDBPyConnection, source: Source, names: Collection[str]) -> str:
        """What stands behind FROM to read columns of a snapshot: from memory, or from its files where there is no room.

        Args:
            names: columns that it has.
        """
        wanted = sorted(names) or [FACTS[0]]
        if len(wanted) * source.responses * _CODES_BYTES > MOST_BYTES:
            return source.sql()
        tables = {_table(source, name): name for name in wanted}
        for table, name in tables.items():
            used = self._columns.pop(table, None) or _Column(_load(cursor, source, name, table), 0.0)
            self._columns[table] = _Column(used.bytes, time.monotonic())
        self._make_room(cursor, tables)
        return " POSITIONAL JOIN ".join(map(identifier, tables))

    def sweep(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Drops those that nobody has used for long."""
        oldest_s = time.monotonic() - KEPT_S
        for table in [table for table, column in self._columns.items() if column.used_s < oldest_s]:
            self._drop(cursor, table)

    def _make_room(self, cursor: duckdb.DuckDBPyConnection, kept: Collection[str]) -> None:
        for table in [table for table in self._columns if table not in kept]:
            if sum(column.bytes for column in self._columns.values()) <= MOST_BYTES:
                return
            self._drop(cursor, table)

    def _drop(self, cursor: duckdb.DuckDBPyConnection, table: str) -> None:
        cursor.execute(f"DROP TABLE {identifier(table)}")
        del self._columns[table]


def _table(source: Source, name: str) -> str:
    """A name that is the same for the same column of the same files alone."""
    told = "\n".join([name, *(path.name for path in source.paths)])
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _load(cursor: duckdb.DuckDBPyConnection, source: Source, name: str, table: str) -> int:
    """Reads a column.

    Returns:
        about how many bytes it takes.
    """
    column, files = identifier(name), source.sql()
    is_several = next(iter(cursor.sql(f"SELECT {column} FROM {files}").types)).id == "list"  # noqa: S608 (quoted)
    each = f"unnest({column})" if is_several else column
    met = f"SELECT DISTINCT {each} AS code FROM {files}"  # noqa: S608 (quoted)
    codes = [row[0] for row in cursor.execute(f"SELECT code FROM ({met}) WHERE code IS NOT NULL").fetchall()]  # noqa: S608
    is_short = 0 < len(codes) <= MOST_CODES
    kind = f"ENUM({', '.join(map(literal, sorted(codes)))})" if is_short else "VARCHAR"
    kind += "[]" if is_several else ""
    cursor.execute(f"CREATE TABLE {identifier(table)} AS SELECT CAST({column} AS {kind}) AS {column} FROM {files}")  # noqa: S608
    per_answer = _CODES_BYTES if is_several else _CODE_BYTES if is_short else _TEXT_BYTES
    return per_answer * source.responses
