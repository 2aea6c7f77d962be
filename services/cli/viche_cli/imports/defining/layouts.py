"""How a table of answers lies in its file, found out by looking at its beginning."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from viche_cli.faults import Fault
from viche_cli.imports.answer_table import Layout, opened

ENCODINGS = ("utf-8-sig", "cp1251", "cp1252", "mac_roman")
DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT_BYTES = 2_000_000
_CYRILLIC = re.compile("[А-яЁёІіЇїЄєҐґ]{3,}")


def layout_of(path: Path) -> tuple[Layout, list[str]]:
    """The layout, and what was guessed about it, in sentences.

    Raises:
        Fault: the file cannot be read, or nothing stands in it.
    """
    if path.suffix.lower() == ".xlsx":
        layout, said = Layout(), ["It is the first sheet of the workbook."]
    else:
        layout, said = _of_text(path)
    with opened(path, layout) as table:
        first = table.header.names
        second = next(iter(table), None)
    if second is not None and _is_header(first, second.cells):
        layout = Layout(encoding=layout.encoding, delimiter=layout.delimiter, header_rows=2)
        said.append("Its header has two rows: the first one has gaps, and below each gap stands a text.")
    return layout, said


def _of_text(path: Path) -> tuple[Layout, list[str]]:
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT_BYTES)
            is_whole = not file.read(1)
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}.") from error
    encoding = next(each for each in ENCODINGS if _fits(start if is_whole else start[: start.rfind(b"\n")], each))
    said = []
    if encoding != ENCODINGS[0]:
        said.append(f"It is not UTF-8; it is read as {encoding}. Look at its letters, or save it as UTF-8.")
    text = start.decode(encoding, "replace")
    delimiter = max(DELIMITERS, key=lambda each: len(next(csv.reader(text.splitlines()[:1], delimiter=each), [])))
    if delimiter != DELIMITERS[0]:
        said.append(f"Its columns are separated by {delimiter!r}: the first line has the most columns with it.")
    return Layout(encoding=encoding, delimiter=delimiter), said


def _fits(start: bytes, encoding: str) -> bool:
    """Whether it can be that encoding; Cyrillic must make words, since nearly any bytes are letters there."""
    try:
        text = start.decode(encoding)
    except UnicodeDecodeError:
        return False
    if encoding == "mac_roman" or start.isascii() or encoding == ENCODINGS[0]:
        return True
    strange = [each for each in text if not each.isascii()]
    if encoding == "cp1251":
        return sum(map(len, _CYRILLIC.findall(text))) > len(strange) / 2
    return sum(each.isalpha() or each in "’‘“”–—…€\u00a0" for each in strange) > 0.9 * len(strange)


def _is_header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the second row names columns, too: it fills the gaps of the first, several of them or with its own."""
    gaps = [place for place, name in enumerate(first) if not name]
    has_own_gaps = any(name and not second[place] for place, name in enumerate(first))
    are_names = all(second[place] and not _is_number(second[place]) for place in gaps)
    return bool(gaps) and are_names and (len(gaps) > 1 or has_own_gaps)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?\d+([.,]\d+)?", text))
