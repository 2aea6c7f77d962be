"""XLSX (ECMA-376): sheets of data and one of the codebook. A text is never a formula, a number or a link."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, BinaryIO

from viche_surveys.exports.codebook import HEAD, lines
from viche_surveys.exports.csv_file import moment
from viche_surveys.exports.table import Kind, Row, Table, Variable

MAX_ROWS = 1_048_576
# a cell's limit, in characters as ECMA-376 counts them: units of UTF-16
MAX_CELL_LENGTH = 32_767
# spreadsheets count days from its beginning
FIRST_YEAR = 1900
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}
_FORMATS = {
    Kind.DATE: "yyyy-mm-dd",
    Kind.TIME: "hh:mm",
    Kind.DATETIME: "yyyy-mm-dd hh:mm",
    Kind.INSTANT: "yyyy-mm-dd hh:mm:ss",
}


class XlsxWriter:
    """Writes a workbook row by row; when a sheet is full the next one begins.

    Args:
        max_rows: that a sheet takes, its head among them.
        folder: where the parts of the workbook lie until it ends.
    """

    def __init__(self, out: BinaryIO, table: Table, *, max_rows: int = MAX_ROWS, folder: str | None = None) -> None:
        from xlsxwriter import Workbook

        self._table = table
        self._max_rows = max_rows
        self._book = Workbook(out, {**_OPTIONS, "tmpdir": folder})
        self._book.set_properties({"title": table.said(table.title), "created": table.made_at.replace(tzinfo=None)})
        self._bold = self._book.add_format({"bold": True})
        self._writing = [self._how(each) for each in table.variables]
        self._sheets = 0
        self._begin_sheet()

    def add(self, rows: Sequence[Row]) -> None:
        """Writes some rows."""
        for row in rows:
            if self._row == self._max_rows:
                self._begin_sheet()
            for column, value in enumerate(row):
                if value is not None:
                    self._writing[column](self._row, column, value)
            self._row += 1

    def end(self) -> None:
        """Writes the codebook and closes the workbook."""
        sheet = self._book.add_worksheet("codebook")
        for row, line in enumerate([HEAD, *lines(self._table)]):
            for column, text in enumerate(line):
                if text:
                    sheet.write_string(row, column, shortened(text), self._bold if row == 0 else None)
        self._book.close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet("data" if self._sheets == 1 else f"data {self._sheets}")
        self._sheet.freeze_panes(1, 0)
        for column, variable in enumerate(self._table.variables):
            self._sheet.write_string(0, column, variable.name, self._bold)
        self._row = 1

    def _how(self, variable: Variable) -> Callable[[int, int, Any], object]:
        """How a cell of a variable is written, into the sheet that is open then."""
        if variable.kind in _FORMATS:
            look = self._book.add_format({"num_format": _FORMATS[variable.kind]})
            return lambda row, column, value: self._write_moment(row, column, value, look)
        if variable.is_text:
            return lambda row, column, value: self._sheet.write_string(row, column, shortened(value))
        return lambda row, column, value: self._sheet.write_number(row, column, value)

    def _write_moment(self, row: int, column: int, value: Any, look: Any) -> None:
        """A date or time; one that is before the calendar of spreadsheets as a text (ISO 8601)."""
        if isinstance(value, date) and value.year < FIRST_YEAR:
            text = moment(value) if isinstance(value, datetime) else value.isoformat()
            self._sheet.write_string(row, column, text)
        else:
            self._sheet.write_datetime(row, column, _without_zone(value), look)


def shortened(text: str) -> str:
    """The text as far as a cell takes it; no character is cut in two."""
    if len(text) * 2 <= MAX_CELL_LENGTH:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    return units[: MAX_CELL_LENGTH * 2].decode("utf-16-le", "ignore") if len(units) > MAX_CELL_LENGTH * 2 else text


def _without_zone(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).replace(tzinfo=None)
    return value
