"""A file's text, and what is wrong with it as a whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viche_cli.faults import Fault


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a file; ``document`` is what it holds as JSON, or the error of reading it so."""

    path: Path
    text: str
    document: Any

    @property
    def is_json(self) -> bool:
        """Whether the whole file is one JSON value."""
        return not isinstance(self.document, (ValueError, RecursionError))

    def must_be_json(self) -> Any:
        """The JSON value of the file. Raises Fault when it is none."""
        if self.is_json:
            return self.document
        raise Fault(f"{self.path} {why_no_json(self.text, self.document)}: give the file as it was downloaded.")

    def must_be_list(self) -> list[Any]:
        """The JSON list of the file. Raises Fault when it is none."""
        document = self.must_be_json()
        if not isinstance(document, list):
            what = f"one {kind_of(document)}"
            raise Fault(f"{self.path} does not hold a list of petitions but {what}: give the file with the list.")
        return document

    def lines(self) -> list[tuple[int, str]]:
        """Lines that are not blank, with their numbers from 1."""
        return [(number, line) for number, line in enumerate(self.text.split("\n"), start=1) if line.strip()]

    def first_object(self) -> dict[str, Any]:
        """The object in the first line, of a file with one on each line; empty where there is none."""
        first = next(iter(self.lines()), (0, ""))[1]
        try:
            found = json.loads(first)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def header(self) -> list[str]:
        """The names of the columns, of a table."""
        try:
            return next(csv.reader(io.StringIO(self.text[:10_000])), [])
        except csv.Error:
            return []

    def table(self, needed: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
        """The rows of a table, each with the line in which it ends.

        Raises Fault when it lacks columns or breaks off.
        """
        rows = csv.reader(io.StringIO(self.text), strict=True)
        missing = [name for name in needed if name not in self.header()]
        if missing:
            raise Fault(f"{self.path} lacks the columns {', '.join(missing)}: give the table as it was downloaded.")
        try:
            next(rows, None)
            for row in rows:
                if row:
                    yield rows.line_num, row
        except csv.Error as error:
            raise Fault(f"{self.path} is no whole table: {error} (line {rows.line_num}).") from error


def load(path: Path) -> Content:
    """Reads a file. Raises Fault when it cannot be read, is empty or not UTF-8."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Fault(f"{path} is not UTF-8 (line {line}, byte {error.start}): save it as UTF-8.") from error
    if not text.strip():
        raise Fault(f"{path} is empty: give a file with petitions.")
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        document = error
    return Content(path, text, document)


def kind_of(value: Any) -> str:
    """What a JSON value is, for a sentence."""
    names = {dict: "object", list: "list", str: "text", bool: "truth value", int: "number", float: "number"}
    return names.get(type(value), "null")


def why_no_json(text: str, error: ValueError | RecursionError) -> str:
    """What is wrong with a text that should be JSON, and where: in a text of one line, the column."""
    if isinstance(error, RecursionError):
        return "is not JSON that can be read: it is nested too deeply"
    if not isinstance(error, json.JSONDecodeError):
        return "is not JSON that can be read: a number in it is too long"
    where = f"line {error.lineno}, column {error.colno}" if "\n" in text else f"column {error.colno}"
    if error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip()):
        return f"breaks off ({where})"
    return f"is not JSON ({where})"
