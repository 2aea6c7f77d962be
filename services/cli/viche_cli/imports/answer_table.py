"""Tables of answers, row by row: CSV in any encoding, and XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from viche_cli.faults import Fault

BETWEEN = " / "
"""Between the rows of a header that has several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table lies in its file.

    Attributes:
        skip_rows: before the header.
        header_rows: in all but the last, a cell without text is part of the one to its left.
        sheet: of a workbook; empty: the first.
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    skip_rows: int = 0
    header_rows: int = 1
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Names of columns."""

    names: tuple[str, ...]

    def place(self, column: str | int) -> int:
        """Index of a column by its number from 1 or by its name; blanks count once.

        Raises Fault when there is none, or several of that name.
        """
        if isinstance(column, int):
            if not 1 <= column <= len(self.names):
                raise Fault(f"The mapping names column {column}, and the table has {len(self.names)}.")
            return column - 1
        found = [place for place, name in enumerate(self.names) if name == _squeezed(column)]
        if len(found) != 1:
            how_many = "several columns that are" if found else "no column that is"
            raise Fault(f"The table has {how_many} called {column!r}: give its number, counted from 1.")
        return found[0]


@dataclass(frozen=True, slots=True)
class Line:
    """A row; its number is the one that a spreadsheet shows."""

    number: int
    cells: Sequence[str]


class Table:
    """A table that is read once, row by row. Use it in ``with``.

    Raises Fault when the file cannot be read as the layout says.
    """

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path = path
        self._stack = ExitStack()
        try:
            rows = self._workbook(layout) if path.suffix.lower() == ".xlsx" else self._text(layout)
            self._rows = enumerate(self._watched(rows), start=1)
            for _ in range(layout.skip_rows):
                next(self._rows, None)
            self.header = _header([cells for _, (_, cells) in zip(range(layout.header_rows), self._rows, strict=False)])
        except BaseException:
            self._stack.close()
            raise
        if not self.header.names:
            raise Fault(f"{path} has no header where the mapping says that it is.")

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def __iter__(self) -> Iterator[Line]:
        for number, cells in self._rows:
            if any(cells):
                yield Line(number, [*cells, *[""] * (len(self.header.names) - len(cells))])

    def _text(self, layout: Layout) -> Iterator[list[str]]:
        file = self._stack.enter_context(self._path.open(encoding=layout.encoding, newline=""))
        return ([cell.strip() for cell in row] for row in csv.reader(file, delimiter=layout.delimiter, strict=True))

    def _workbook(self, layout: Layout) -> Iterator[list[str]]:
        import openpyxl

        book = openpyxl.load_workbook(self._path, read_only=True, data_only=True)
        self._stack.callback(book.close)
        sheet: Any = book[layout.sheet] if layout.sheet else book.worksheets[0]
        return ([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))

    def _watched(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        try:
            yield from rows
        except UnicodeDecodeError as error:
            raise Fault(f"{self._path} is not {error.encoding}: say in the mapping what its encoding is.") from error
        except csv.Error as error:
            raise Fault(f"{self._path} is no whole table: {error}.") from error


def opened(path: Path, layout: Layout) -> Table:
    """The table of a file. Raises Fault when it is none."""
    from zipfile import BadZipFile

    try:
        return Table(path, layout)
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror or error}.") from error
    except LookupError as error:  # an encoding or a sheet that is not there
        raise Fault(f"{path} cannot be read as the mapping says: {error.args[0]}.") from error
    except BadZipFile as error:
        raise Fault(f"{path} is no workbook.") from error


def _header(rows: Sequence[Sequence[str]]) -> Header:
    width = max(map(len, rows), default=0)
    columns: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(rows, start=1):
        left = ""
        for place in range(width):
            text = _squeezed(row[place]) if place < len(row) else ""
            left = text or (left if depth < len(rows) else "")
            columns[place].append(left)
    return Header(tuple(BETWEEN.join(filter(None, texts)) for texts in columns))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
    return str(value).strip()
