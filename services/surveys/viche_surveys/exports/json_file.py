"""JSON (RFC 8259): an array of objects, one a line, names of variables to values; a missing value is null."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO

from viche_surveys.exports.csv_file import moment, number
from viche_surveys.exports.table import Cell, Kind, Row, Table

_PLAIN = (Kind.CATEGORY, Kind.FLAG, Kind.TEXT)


class JsonWriter:
    """Writes UTF-8."""

    def __init__(self, out: BinaryIO, table: Table) -> None:
        self._out = out
        self._names = [each.name for each in table.variables]
        self._others = [place for place, each in enumerate(table.variables) if each.kind not in _PLAIN]
        self._before = "[\n"

    def add(self, rows: Sequence[Row]) -> None:
        """Writes some objects."""
        if not rows:
            return
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
        self._out.write((self._before + ",\n".join(encode(self._object(row)) for row in rows)).encode())
        self._before = ",\n"

    def end(self) -> None:
        """Writes the end of the array."""
        self._out.write(b"[]\n" if self._before == "[\n" else b"\n]\n")

    def _object(self, row: Row) -> dict[str, Any]:
        made: dict[str, Any] = dict(zip(self._names, row, strict=True))
        for place in self._others:
            made[self._names[place]] = _plain(row[place])
        return made


def _plain(value: Cell) -> Any:
    if isinstance(value, datetime | time):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return number(value) if isinstance(value, float) else value
