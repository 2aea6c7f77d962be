"""Tables are data: no cell becomes a formula, and every reader gets back what was written."""

import csv
import io

import pytest

from viche_chassis import tables


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "＠A"])
def test_a_text_that_would_be_a_formula_is_shown_as_text(text: str) -> None:
    assert tables.cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "shown"), [("a=b", "a=b"), ("'quoted'", "'quoted'"), (-5, -5), (0, 0), (None, ""), ("", "")]
)
def test_other_cells_stay_as_they_are(value: object, shown: object) -> None:
    assert tables.cell(value) == shown


def test_quotes_commas_and_paragraphs_come_back() -> None:
    rows = [["Title", "Text"], ['He said "no", twice', "One.\n\nTwo, and ґ."]]
    text = "".join(tables.lines(rows))
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
    assert text.startswith("Title,Text\r\n")
