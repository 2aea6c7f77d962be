"""Which columns of a table are which answers: a TOML file that people write (docs/operating.md tells how)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from viche_cli.faults import Fault
from viche_cli.imports.answer_table import Layout

Column = str | int
"""By its name, or by its number from 1."""
LAYOUT = {"encoding": str, "delimiter": str, "skip_rows": int, "header_rows": int, "sheet": str}
KEYS = {*LAYOUT, "id", "source", "empty", "submitted", "values", "questions"}
QUESTION_KEYS = {
    "column", "type", "values", "dont_know", "separator", "format", "columns", "chosen", "places", "rows",
}  # fmt: skip
SHAPES = ("column", "columns", "places", "rows")


class Type(StrEnum):
    """What a cell is made into."""

    CODE = "code"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Where the answer to one question lies.

    Attributes:
        shape: "column": one cell; "columns": a multiple choice with a column for each option; "places": a ranking with
            one for the place of each option; "rows": a matrix with one for each row.
        columns: by option or row; of one cell by "".
        values: code of each text; empty: the text is the code.
        dont_know: texts that say "I don't know".
        separator: between the codes of a multiple choice in one cell.
        format: of dates, as Python's `strptime` takes it.
        chosen: texts that say that an option is chosen; empty: any text does.
    """

    name: str
    shape: str
    columns: Mapping[str, Column]
    type: Type = Type.CODE
    values: Mapping[str, str] = field(default_factory=dict)
    dont_know: frozenset[str] = frozenset()
    separator: str = ""
    format: str = ""
    chosen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """Where it stands when an answer was given; an instant without a zone is in `zone`."""

    column: Column
    format: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMapping:
    """A whole mapping.

    Attributes:
        id: column with the answer's id at its source.
        empty: texts that stand for no answer.
    """

    layout: Layout
    id: Column
    source: str
    empty: frozenset[str]
    submitted: Submitted | None
    questions: tuple[Asked, ...]


def read_mapping(path: Path, source: str) -> AnswerMapping:
    """Reads a mapping.

    Args:
        source: where answers come from, if the mapping does not say so.

    Raises Fault when it is none.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Fault(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise Fault(f"{path} is no TOML: {error}.") from error
    try:
        return _mapping(document, source)
    except _Wrong as wrong:
        raise Fault(f"{path}: {wrong}.") from wrong


class _Wrong(Exception):
    """What is wrong with a mapping."""


def _mapping(document: dict[str, Any], source: str) -> AnswerMapping:
    _known(document, KEYS, "")
    layout = {name: _of_type(document[name], type_, name) for name, type_ in LAYOUT.items() if name in document}
    questions, values = document.get("questions", {}), document.get("values", {})
    if not isinstance(questions, dict) or not questions:
        raise _Wrong("it maps no questions; write a table [questions.NAME] for each")
    if len(layout.get("delimiter", ",")) != 1:
        raise _Wrong("delimiter must be one character")
    return AnswerMapping(
        layout=Layout(**layout),
        id=_column(document.get("id"), "id"),
        source=_of_type(document.get("source", source), str, "source"),
        empty=_texts(document.get("empty", []), "empty") | {""},
        submitted=_submitted(document["submitted"]) if "submitted" in document else None,
        questions=tuple(_asked(name, _of_type(each, dict, name), values) for name, each in questions.items()),
    )


def _submitted(document: Any) -> Submitted:
    found = _of_type(document, dict, "submitted")
    _known(found, {"column", "format", "zone"}, "submitted.")
    texts = {name: _of_type(found[name], str, f"submitted.{name}") for name in ("format", "zone") if name in found}
    return Submitted(column=_column(found.get("column"), "submitted.column"), **texts)


def _asked(name: str, document: dict[str, Any], shared: Any) -> Asked:
    at = f"questions.{name}"
    _known(document, QUESTION_KEYS, f"{at}.")
    shapes = [shape for shape in SHAPES if shape in document]
    if len(shapes) != 1:
        raise _Wrong(f"{at} needs one of {', '.join(SHAPES)}")
    shape, places = shapes[0], document[shapes[0]]
    if shape == "column":
        places = {"": places}
    columns = _of_type(places, dict, f"{at}.{shape}")
    try:
        type_ = Type(document.get("type", Type.CODE))
    except ValueError:
        raise _Wrong(f"{at}.type is one of {', '.join(Type)}") from None
    return Asked(
        name=name, shape=shape, type=type_,
        columns={key: _column(each, f"{at}.{shape}") for key, each in columns.items()},
        values=_values(document.get("values", {}), shared, f"{at}.values"),
        dont_know=_texts(document.get("dont_know", []), f"{at}.dont_know"),
        separator=_of_type(document.get("separator", ""), str, f"{at}.separator"),
        format=_of_type(document.get("format", ""), str, f"{at}.format"),
        chosen=_texts(document.get("chosen", []), f"{at}.chosen"),
    )  # fmt: skip


def _values(given: Any, shared: Any, at: str) -> dict[str, str]:
    """Codes by texts: a table, or the name of one of those in [values]."""
    if isinstance(given, str):
        if not isinstance(shared, dict) or given not in shared:
            raise _Wrong(f"{at} names [values.{given}], which is not there")
        given = shared[given]
    table = _of_type(given, dict, at)
    return {text.strip(): _of_type(code, str, at) for text, code in table.items()}


def _column(given: Any, at: str) -> Column:
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise _Wrong(f"{at} must be a column: its name, or its number from 1")
    return given


def _texts(given: Any, at: str) -> frozenset[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise _Wrong(f"{at} must be a list of texts")
    return frozenset(each.strip() for each in given)


def _of_type(given: Any, type_: type, at: str) -> Any:
    if not isinstance(given, type_) or (type_ is int and (isinstance(given, bool) or given < 0)):
        names = {str: "a text", int: "a number from 0", dict: "a table"}
        raise _Wrong(f"{at} must be {names[type_]}")
    return given


def _known(document: Mapping[str, Any], names: set[str], at: str) -> None:
    if strange := sorted(document.keys() - names):
        raise _Wrong(f"it knows no {at}{strange[0]}; there are {', '.join(sorted(names))}")
