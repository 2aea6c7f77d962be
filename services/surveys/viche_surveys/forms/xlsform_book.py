"""An XLSForm workbook as pyxform reads it, with the place of every cell."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from viche_surveys.forms.report import Findings, NotAForm, Place

MAX_UNPACKED_BYTES = 60_000_000
MAX_ROWS = 20_000
SHEETS = ("survey", "choices", "external_choices", "settings")
OWN = "viche"
"""First word of columns that are ours."""

Tokens = tuple[str, ...]
"""A header as pyxform understands it: `label::uk` is ("label", "uk"), `relevant` is ("bind", "relevant")."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        number: as spreadsheets count, from 1.
        cells: what is written, by what the header means; empty cells are left out.
        headers: how the header is written.
    """

    sheet: str
    number: int
    cells: Mapping[Tokens, str]
    headers: Mapping[Tokens, str]
    findings: Findings

    def get(self, *tokens: str) -> str:
        """A cell as pyxform cleans it: blanks joined, typographic quotes made straight; "" if it is empty."""
        from pyxform.parsing.sheet_headers import clean_text_values

        return clean_text_values(self.cells.get(tokens, ""), strip_whitespace=True)

    def texts(self, *tokens: str) -> dict[str, str]:
        """Texts by the language as the header names it; "" where it names none."""
        size = len(tokens)
        return {
            "::".join(key[size:]): value
            for key, value in self.cells.items()
            if key[:size] == tokens and len(key) <= size + 1
        }

    def at(self, *tokens: str) -> Place:
        """The place of a cell; without a column that of the row."""
        column = next((header for key, header in self.headers.items() if key[: len(tokens)] == tokens), "")
        column = column if tokens else ""
        return place(self.findings, self.sheet, self.number, column or "::".join(tokens))


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its rows by sheet. What is no sheet of XLSForm is no part of it."""

    rows: Mapping[str, Sequence[Row]]
    findings: Findings
    data: Any = field(compare=False, default=None)

    def sheet(self, name: str) -> Sequence[Row]:
        """Rows of a sheet that are not empty."""
        return self.rows.get(name, ())

    def settings(self) -> Row:
        """The first row of the settings."""
        rows = self.sheet("settings")
        return rows[0] if rows else Row("settings", 2, {}, {}, self.findings)


def place(findings: Findings, sheet: str, row: int, column: str = "") -> Place:
    """A place in a workbook."""
    words = f"sheet {sheet}, row {row}" + (f", column {column}" if column else "")
    return Place(findings, words, {"sheet": sheet, "row": str(row), "column": column})


def load(filename: str, content: bytes, findings: Findings) -> Book:
    """The workbook.

    Raises:
        NotAForm: it cannot be read, or it unpacks to more than we take.
    """
    ending = "." + filename.rpartition(".")[2].lower()
    if ending in (".xlsx", ".xlsm"):
        _check_size(content)
    data = _data(ending, content, findings)
    if data is None:
        return Book({}, findings)
    numbers = _numbers_of_csv(content) if ending == ".csv" else {}
    rows = {name: list(_rows(data, name, numbers.get(name), findings)) for name in SHEETS}
    return Book(rows, findings, data)


def _data(ending: str, content: bytes, findings: Findings) -> Any:
    from pyxform.errors import PyXFormError
    from pyxform.xls2json_backends import get_xlsform

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of what spreadsheets have and forms do not
            return get_xlsform(io.BytesIO(content), file_type=ending)
    except PyXFormError as error:
        said = str(error)
        if said.startswith("Duplicate column header"):
            Place(findings, "header", {}).fault("COLUMN_TWICE", column=said.partition(":")[2].strip())
            return None
        raise NotAForm(said[:300]) from error
    except Exception as error:  # broken files fail in many ways inside the libraries that read them
        raise NotAForm(f"{type(error).__name__}: {error}"[:300]) from error


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(each.file_size for each in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise NotAForm("no .xlsx file") from error
    if size > MAX_UNPACKED_BYTES:
        raise NotAForm("unpacks to more than we take")


def _rows(data: Any, sheet: str, numbers: Sequence[int] | None, findings: Findings) -> Iterator[Row]:
    header = getattr(data, f"{sheet}_header") or ()
    meanings = _meanings(sheet, list(header[0]) if header else [], findings)
    headers = {tokens: written for written, tokens in meanings.items()}
    rows: Sequence[Mapping[str, Any]] = getattr(data, sheet) or ()
    if len(rows) > MAX_ROWS:
        place(findings, sheet, MAX_ROWS).fault("TOO_MANY_ROWS", limit=MAX_ROWS)
    for index, raw in enumerate(rows[:MAX_ROWS]):
        cells = {meanings[key]: str(value) for key, value in raw.items() if key in meanings and value not in (None, "")}
        number = numbers[index] if numbers and index < len(numbers) else index + 2
        if cells:
            yield Row(sheet, number, cells, headers, findings)


def _meanings(sheet: str, written: list[str], findings: Findings) -> dict[str, Tokens]:
    from pyxform import aliases
    from pyxform.parsing.sheet_headers import process_header
    from pyxform.question import MultipleChoiceQuestion, Option
    from pyxform.survey import Survey

    meant: dict[str, tuple[Any, Any]] = {
        "survey": (aliases.survey_header, MultipleChoiceQuestion.get_slot_names()),
        "settings": (aliases.settings_header, Survey.get_slot_names()),
    }
    known, columns = meant.get(sheet, (aliases.list_header, Option.get_slot_names()))
    double = any("::" in each for each in written)
    found: dict[str, Tokens] = {}
    for header in filter(None, written):
        _, tokens = process_header(header, double and not _is_single(header), known, set(columns))
        if tokens in found.values():
            other = next(each for each, meant in found.items() if meant == tokens)
            place(findings, sheet, 1, header).fault("COLUMN_TWICE", other=other)
        found[header] = tokens
    return found


def _is_single(header: str) -> bool:
    return "::" not in header and bool(re.match(r"(?i)(label|hint|media|bind|control)\s*:", header))


def _numbers_of_csv(content: bytes) -> dict[str, list[int]]:
    """Line numbers of the rows of each sheet, as pyxform cuts a CSV into sheets."""
    found: dict[str, list[int]] = {}
    sheet, has_header = "", False
    reader = csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline=""))
    for row in reader:
        if row and row[0].strip():
            sheet, has_header = row[0].strip().lower(), False
        if any(cell.strip() for cell in row[1:]):
            if has_header:
                found.setdefault(sheet, []).append(reader.line_num)
            has_header = True
    return found
