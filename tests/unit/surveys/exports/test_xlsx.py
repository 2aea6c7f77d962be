"""XLSX: read back by openpyxl."""

import io
from datetime import datetime, time
from typing import Any

import openpyxl
import pytest

from tests.unit.surveys.exports.data import ANSWERS, EVERYTHING, columns_of, question, response, table_of, written
from viche_surveys.domain.definition import Kind
from viche_surveys.exports.xlsx_file import MAX_CELL_LENGTH, XlsxWriter, shortened

at = datetime.fromisoformat
TEXT = (question("why", Kind.TEXT),)


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def data(content: bytes) -> list[dict[str, Any]]:
    head, *rows = sheets(content)["data"]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_values_have_types() -> None:
    first, nothing = data(written(XlsxWriter, EVERYTHING, [ANSWERS, {}]))
    assert first | {
        "road": "a", "mark": 2, "uses_foot": 1, "age": 41, "born": at("2024-02-29T00:00:00"),
        "wakes": time(6, 30), "submitted_at": at("2026-10-01T12:30:15"),
    } == first  # fmt: skip
    assert nothing["road"] is None


@pytest.mark.parametrize("said", ["=1+1", "{=1}", "https://example.org/", "mailto:a@b.c", "12", "internal:x!A1", "+1"])
def test_a_text_is_never_a_formula_a_number_or_a_link(said: str) -> None:
    content = written(XlsxWriter, TEXT, [{"why": said}])
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book["data"].cell(2, len(book["data"][1]))
    assert (cell.value, cell.data_type, cell.hyperlink) == (said, "s", None)


def test_the_codebook_has_a_sheet() -> None:
    head, *lines = sheets(written(XlsxWriter, EVERYTHING, [ANSWERS]))["codebook"]
    assert head[:3] == ("variable", "kind", "label")
    assert ("mark", "category", "mark?", "mark?", None, None, None, None) in lines
    assert ("mark", None, None, None, "-8", "Не знаю", "yes", None) in lines


def test_a_full_sheet_is_followed_by_the_next() -> None:
    columns = columns_of(TEXT)
    out = io.BytesIO()
    writer = XlsxWriter(out, table_of(columns), max_rows=3)
    writer.add(columns.rows([response({"why": str(at)}) for at in range(5)]))
    writer.end()
    found = sheets(out.getvalue())
    assert list(found) == ["data", "data 2", "data 3", "codebook"]
    assert [[row[-1] for row in found[name]] for name in list(found)[:3]] == [
        ["why", "0", "1"], ["why", "2", "3"], ["why", "4"],
    ]  # fmt: skip


def test_a_text_is_cut_where_a_cell_ends_and_between_characters() -> None:
    assert shortened("a" * 40_000) == "a" * MAX_CELL_LENGTH
    assert shortened("😀" * 20_000) == "😀" * (MAX_CELL_LENGTH // 2)
    assert data(written(XlsxWriter, TEXT, [{"why": "a" * 40_000}]))[0]["why"] == "a" * MAX_CELL_LENGTH


def test_days_that_spreadsheets_do_not_count_are_texts() -> None:
    asked = (question("born", Kind.DATE), question("met", Kind.DATETIME))
    found = data(
        written(XlsxWriter, asked, [{"born": "1899-12-31", "met": "1850-03-01T10:00"}, {"born": "1900-01-01"}])
    )
    assert [(each["born"], each["met"]) for each in found] == [
        ("1899-12-31", "1850-03-01T10:00"), (at("1900-01-01"), None),
    ]  # fmt: skip


def test_control_characters_are_written_as_the_format_escapes_them() -> None:
    assert data(written(XlsxWriter, TEXT, [{"why": "a\x01\x0b<&>"}]))[0]["why"] == "a_x0001__x000B_<&>"
