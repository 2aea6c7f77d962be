"""CSV as RFC 4180 has it: a head of names, then a line for each response. Codes, not labels; the codebook has these."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime, time
from typing import Any, BinaryIO

from viche_chassis.tables import cell
from viche_surveys.exports.table import Kind, Row, Table, Variable

BYTE_ORDER_MARK = "\ufeff"
# below it a double holds each integer exactly
EXACT = 2**53


class CsvWriter:
    """Writes UTF-8.

    A text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers.

    Args:
        has_mark: begins with a byte order mark, which Excel needs to see that a file is UTF-8.
    """

    def __init__(self, out: BinaryIO, table: Table, *, has_mark: bool = True) -> None:
        self._out = out
        self._texts = [(place, _writing(each)) for place, each in enumerate(table.variables) if not _is_plain(each)]
        out.write((BYTE_ORDER_MARK if has_mark else "").encode())
        self._write([[each.name for each in table.variables]])

    def add(self, rows: Sequence[Row]) -> None:
        """Writes some lines."""
        written: list[list[object]] = []
        for row in rows:
            line: list[object] = list(row)
            for place, write in self._texts:
                if (value := row[place]) is not None:
                    line[place] = write(value)
            written.append(line)
        self._write(written)

    def end(self) -> None:
        """Nothing stands after the last line."""

    def _write(self, lines: Sequence[Sequence[object]]) -> None:
        part = io.StringIO(newline="")
        csv.writer(part).writerows(lines)
        self._out.write(part.getvalue().encode())


def _is_plain(variable: Variable) -> bool:
    """Whether `csv` writes its cells as they have to be."""
    return variable.kind in (Kind.FLAG, Kind.DATE) or (variable.kind is Kind.CATEGORY and not variable.is_text)


def _writing(variable: Variable) -> Callable[[Any], object]:
    match variable.kind:
        case Kind.NUMBER:
            return number
        case Kind.TIME | Kind.DATETIME | Kind.INSTANT:
            return moment
    return cell


def number(value: float) -> float:
    """A number without the point that says nothing."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < EXACT else value


def moment(value: time | datetime) -> str:
    """A time of day or an instant as ISO 8601 writes it, to the minute; instants to the second and in UTC, as Z."""
    if value.tzinfo is None:
        return value.isoformat(timespec="minutes")
    return value.isoformat(timespec="seconds").replace("+00:00", "Z")
