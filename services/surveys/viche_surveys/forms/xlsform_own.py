"""Columns of ours in an XLSForm, `viche::…`: what a definition says and XLSForm has no words for.

`write_xlsform.py` writes them, JSON in each cell. `viche::check` of a row is a check sum over its other cells, and over
those of its choices and of the rows of its table: where somebody has edited them, what they say goes before what our
columns say about the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from viche_surveys.domain.definition import Definition
from viche_surveys.domain.document import NotADefinition, from_json, to_json
from viche_surveys.forms.xlsform_book import OWN, Book, Row

CHECK, TYPE = "check", "type"
"""Not fields: the check sum, and the type of the row for which `viche::kind` stands."""
DOCUMENT = "document"
"""The whole definition, where single fields would not do; it holds while nobody has edited any cell."""
NULL = "null"
SURVEY_FIELDS = ("title", "languages", "introduction", "thanks", "quotas")
IN_CELLS = frozenset({
    "name", "label", "title", "hint", "relevant", "constraint", "constraint_message", "is_required",
    "required_if", "options", "rows", "option_filter", "default", "expression", "repeat", "languages",
})  # fmt: skip
"""Fields that ordinary cells say something about."""


def check_of(row: Row, book: Book) -> str:
    """The check sum of a row and of what belongs to it."""
    rows = [row]
    if "table-list" in row.get("control", "appearance"):
        rows += _until_end(row, book)
    lists = {each.get("type").split(" ")[1] for each in rows if each.get("type").startswith(("select", "rank"))}
    choices = (each for each in book.sheet("choices") if each.get("list name") in lists)
    return _sum([*rows, *choices])


def check_of_all(book: Book) -> str:
    """The check sum of the whole workbook."""
    return _sum(row for sheet in ("survey", "choices", "settings") for row in book.sheet(sheet))


def applied(definition: Definition, book: Book) -> Definition:
    """The definition with what our columns say; the same one where there are none."""
    rows = (row for sheet in ("survey", "settings") for row in book.sheet(sheet))
    own = [row for row in rows if any(key[0] == OWN for key in row.cells)]
    if not own:
        return definition
    document = to_json(definition)
    whole = _fields(book.settings()).get(DOCUMENT)
    if whole and book.settings().cells.get((OWN, CHECK)) == check_of_all(book):
        document = _json(book.settings(), DOCUMENT, whole)
    else:
        items = {item["name"]: item for item in _items(document["pages"])}
        for row in own:
            target = document if row.sheet == "settings" else items.get(row.get("name"))
            if target is not None:
                _apply(target, row, book)
    try:
        return from_json(document)
    except NotADefinition as broken:
        for fault in broken.faults:
            own[0].at(OWN).fault("BAD_DOCUMENT", path=fault.place, fault=fault.reason, value=fault.value)
        return definition


def _apply(target: dict[str, Any], row: Row, book: Book) -> None:
    fields = _fields(row)
    held = set(fields) - _edited(row, fields, book)
    for name, written in fields.items():
        if name == DOCUMENT:
            continue
        if name not in held:
            row.at(OWN, name).change("EDITED_CELL_HOLDS", field=name)
            continue
        value = _json(row, name, written)
        if value is not None:
            target[name] = value
        elif written == NULL:
            target.pop(name, None)


def _edited(row: Row, fields: Mapping[str, str], book: Book) -> set[str]:
    """Fields about which edited cells say something else. Where a group is a question, cells say nothing."""
    if not fields or "items" in fields or row.cells.get((OWN, CHECK)) == check_of(row, book):
        return set()
    has_other_type = row.sheet == "survey" and row.cells.get((OWN, TYPE)) != row.get("type")
    return {*IN_CELLS, "kind"} if has_other_type else set(IN_CELLS)


def _json(row: Row, name: str, written: str) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        row.at(OWN, name).fault("BAD_JSON", value=written[:100])
        return None


def _fields(row: Row) -> dict[str, str]:
    """JSON by field; a long one is in several columns, `viche::label` and `viche::label::0001`."""
    found: dict[str, str] = {}
    for key in sorted(key for key in row.cells if key[0] == OWN and len(key) > 1 and key[1] not in (CHECK, TYPE)):
        found[key[1]] = found.get(key[1], "") + row.cells[key]
    return found


def _until_end(row: Row, book: Book) -> Iterator[Row]:
    for each in book.sheet("survey"):
        if each.number > row.number:
            if each.get("type").startswith("end"):
                return
            yield each


def _sum(rows: Iterable[Row]) -> str:
    cells = [
        sorted(("::".join(key), value.strip()) for key, value in row.cells.items() if key[0] != OWN) for row in rows
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:12]


def _items(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from _items(item.get("items", []))
