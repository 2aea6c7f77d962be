"""Small XLSForm workbooks, written where a test needs them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import openpyxl

from viche_surveys.domain.definition import Definition, Question
from viche_surveys.forms import Report, read

Table = Sequence[Sequence[str]]


def workbook(survey: Table, choices: Table = (), **sheets: Table) -> bytes:
    """An .xlsx file; the first row of a table is its header."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in {"survey": survey, "choices": choices, **sheets}.items():
        if rows:
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def reading(survey: Table, choices: Table = (), **sheets: Table) -> Report:
    """What becomes of such a workbook."""
    return read("form.xlsx", workbook(survey, choices, **sheets))


def defined(survey: Table, choices: Table = (), **sheets: Table) -> Definition:
    """The definition of a workbook that compiles."""
    report = reading(survey, choices, **sheets)
    assert report.definition is not None, report.refused
    return report.definition


def asked(definition: Definition, name: str) -> Question:
    """A question by its name."""
    found = definition.question(name)
    assert found is not None, [each.name for each in definition.questions()]
    return found


def told(findings: Sequence[object]) -> list[tuple[str, str]]:
    """Places and reasons of findings, without the guess of the language."""
    pairs = [(each.place, each.reason) for each in findings]  # pyright: ignore
    return [pair for pair in pairs if pair[1] != "LANGUAGE_GUESSED"]
