"""Writes a definition as an XLSForm workbook (.xlsx) that pyxform reads, and that comes in again as the same survey.

What XLSForm has words for is in its own columns; conditions are in XPath as far as XPath can say them. The rest is in
columns of ours, `viche::…` (`xlsform_own.py`): the file is read back, and what came out differently is written there.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from viche_surveys.domain.definition import Definition
from viche_surveys.domain.document import to_json
from viche_surveys.forms import xlsform
from viche_surveys.forms.report import Finding, Findings, Place
from viche_surveys.forms.xlsform_book import OWN, Book, load
from viche_surveys.forms.xlsform_own import CHECK, DOCUMENT, SURVEY_FIELDS, TYPE, check_of, check_of_all
from viche_surveys.forms.xlsform_rows import Sheets, sheets_of

CELL = 30_000
"""Characters in a cell; Excel takes 32,767."""
FIRST = ("type", "name")


@dataclass
class Writing:
    """Sheets, and what our own columns say, by the name of the item."""

    sheets: Sheets
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def content(self) -> bytes:
        """The file."""
        import xlsxwriter

        file = io.BytesIO()
        options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
        book = xlsxwriter.Workbook(file, options)
        survey = [{**row, **self.own.get(row.get("name", ""), {})} for row in self.sheets.survey]
        settings = [{**self.sheets.settings, **self.settings}]
        for title, rows in (("survey", survey), ("choices", self.sheets.choices), ("settings", settings)):
            if rows:
                _write(book.add_worksheet(title), rows)
        book.close()
        return file.getvalue()


def write(definition: Definition) -> tuple[bytes, tuple[Finding, ...]]:
    """The workbook, and what XPath has no words for."""
    findings = Findings()
    sheets = sheets_of(definition, Place(findings, "survey"))
    writing = Writing(sheets)
    if not _read(writing.content())[1]:
        sheets = sheets_of(definition, Place(findings, "survey"), with_xpath=False)
        writing = Writing(sheets)
    book, back = _read(writing.content())
    if back is not None:
        _note_differences(writing, book, to_json(definition), to_json(back))
    content = writing.content()
    if _read(content)[1] != definition:
        writing.settings.update(_cells(DOCUMENT, to_json(definition)))
        writing.settings[f"{OWN}::{CHECK}"] = check_of_all(book)
        content = writing.content()
    return content, findings.report(definition, xlsform.FORMAT).changed


def _read(content: bytes) -> tuple[Book, Definition | None]:
    return load("form.xlsx", content, Findings()), xlsform.read("form.xlsx", content).definition


def _note_differences(writing: Writing, book: Book, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    rows = {row.get("name"): row for row in book.sheet("survey") if row.get("name")}
    back = {item["name"]: item for item in _items(found["pages"])}
    for item in _items(wanted["pages"]):
        if item["name"] in back and item["name"] in rows:
            own = _differences(item, back[item["name"]])
            if own:
                own[f"{OWN}::{CHECK}"] = check_of(rows[item["name"]], book)
                own[f"{OWN}::{TYPE}"] = rows[item["name"]].get("type")
                writing.own[item["name"]] = own
    known = {name: wanted.get(name) for name in SURVEY_FIELDS}
    writing.settings.update(_differences(known, {name: found.get(name) for name in SURVEY_FIELDS}))
    if writing.settings:
        writing.settings[f"{OWN}::{CHECK}"] = check_of(book.settings(), book)


def _differences(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, str]:
    """Cells for the fields that came back another way."""
    cells: dict[str, str] = {}
    for name in dict.fromkeys((*wanted, *found)):
        if name == "items" and ("items" in wanted) == ("items" in found):
            continue
        if wanted.get(name) != found.get(name):
            cells.update(_cells(name, wanted.get(name)))
    return cells


def _cells(name: str, value: object) -> dict[str, str]:
    """JSON of a field, in as many cells as it needs; with letters of ASCII alone, since readers change others."""
    written = json.dumps(value)
    parts = [written[start : start + CELL] for start in range(0, len(written), CELL)]
    return {f"{OWN}::{name}" + (f"::{n:04}" if n else ""): part for n, part in enumerate(parts)}


def _items(items: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for item in items:
        yield item
        yield from _items(item.get("items", ()))


def _write(sheet: Any, rows: Sequence[Mapping[str, str]]) -> None:
    used = [
        header for header in dict.fromkeys(key for row in rows for key in row) if any(row.get(header) for row in rows)
    ]
    for column, header in enumerate(dict.fromkeys((*(each for each in FIRST if each in used), *used))):
        sheet.write_string(0, column, header)
        for number, row in enumerate(rows, start=1):
            if row.get(header):
                sheet.write_string(number, column, row[header])
