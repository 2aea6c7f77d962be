"""Columns that are counted over in DuckDB's memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from viche_surveys import hot_columns
from viche_surveys.columnar import Engine
from viche_surveys.copies import Source
from viche_surveys.hot_columns import HotColumns

COLUMNS: dict[str, Any] = {
    "language": ["uk", "uk", "en"],
    "bus": ["yes", None, "it's no"],
    "uses": [["tram", "bike"], None, []],
    "nothing": pyarrow.array([None] * 3, pyarrow.string()),
}
NAMES = frozenset(COLUMNS)


def snapshot(folder: Path, name: str = "one") -> Source:
    """A file of three answers, as if of a survey's snapshot."""
    path = folder / f"{name}.parquet"
    parquet.write_table(pyarrow.table(COLUMNS), path)
    return Source((path,), (NAMES,), 3)


def tables(cursor: Any) -> int:
    return cursor.execute("SELECT count(*) FROM duckdb_tables()").fetchone()[0]


def test_columns_hold_what_the_files_hold(tmp_path: Path) -> None:
    source, cursor = snapshot(tmp_path), Engine().cursor()
    relation = HotColumns().sql(cursor, source, NAMES)
    asked = ", ".join(COLUMNS)
    found = cursor.execute(f"SELECT {asked} FROM {relation}").fetchall()
    assert found == cursor.execute(f"SELECT {asked} FROM {source.sql()}").fetchall()
    assert found[0] == ("uk", "yes", ["tram", "bike"], None)
    assert "read_parquet" not in relation


def test_a_column_is_read_once(tmp_path: Path) -> None:
    source, cursor, hot = snapshot(tmp_path), Engine().cursor(), HotColumns()
    hot.sql(cursor, source, {"bus", "language"})
    source.paths[0].unlink()
    relation = hot.sql(cursor, source, {"bus", "language"})
    assert cursor.execute(f"SELECT count(bus) FROM {relation}").fetchone() == (2,)


def test_those_used_last_stay_where_there_is_no_room_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot_columns, "MOST_BYTES", 100)
    sources, cursor, hot = [snapshot(tmp_path, name) for name in ("one", "two")], Engine().cursor(), HotColumns()
    hot.sql(cursor, sources[0], {"uses"})
    hot.sql(cursor, sources[0], {"bus"})
    hot.sql(cursor, sources[0], {"uses"})
    assert tables(cursor) == 2
    hot.sql(cursor, sources[1], {"uses"})
    assert tables(cursor) == 2
    sources[0].paths[0].unlink()
    assert "POSITIONAL" not in hot.sql(cursor, sources[0], {"uses"})  # it is there still, bus went


def test_what_never_fits_is_read_from_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hot_columns, "MOST_BYTES", 100)
    source, cursor = snapshot(tmp_path), Engine().cursor()
    assert HotColumns().sql(cursor, source, NAMES) == source.sql()
    assert tables(cursor) == 0


def test_what_nobody_uses_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, cursor, hot = snapshot(tmp_path), Engine().cursor(), HotColumns()
    hot.sql(cursor, source, {"bus"})
    hot.sweep(cursor)
    assert tables(cursor) == 1
    monkeypatch.setattr(hot_columns, "KEPT_S", -1.0)
    hot.sweep(cursor)
    assert tables(cursor) == 0
