"""Columns of ours in an XLSForm, `viche::…`: what a definition says and XLSForm has no words for.

`write_xlsform.py` writes them, JSON in each cell. `viche::check` of a row is a check sum over its other cells: where
somebody has edited those, what they say goes before what our columns say about the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from viche_surveys.domain.definition import Definition
from viche_surveys.domain.document import NotADefinition, from_json, to_json
from viche_surveys.forms.xlsform_book import OWN, Book, Row, Tokens

CHECK = "check"
SURVEY_FIELDS = ("title", "languages", "introduction", "thanks", "quotas")
IN_CELLS = frozenset({
    "name", "kind", "label", "title", "hint", "relevant", "constraint", "constraint_message", "is_required",
    "required_if", "options", "rows", "option_filter", "default", "expression", "repeat", "languages",
})  # fmt: skip
"""Fields that ordinary cells say something about."""


def check_sum(cells: Mapping[Tokens, str]) -> str:
    """A check sum over cells that are not ours."""
    kept = sorted(("::".join(key), value.strip()) for key, value in cells.items() if key[0] != OWN)
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()[:12]


def applied(definition: Definition, book: Book) -> Definition:
    """The definition with what our columns say; the same one where there are none."""
    own = [
        row for sheet in ("survey", "settings") for row in book.sheet(sheet) if any(key[0] == OWN for key in row.cells)
    ]
    if not own:
        return definition
    document = to_json(definition)
    items = {item["name"]: item for item in _items(document["pages"])}
    for row in own:
        target = document if row.sheet == "settings" else items.get(row.cells.get((OWN, "name"), row.get("name")))
        if target is not None:
            _apply(target, row)
    try:
        return from_json(document)
    except NotADefinition as broken:
        for fault in broken.faults:
            own[0].at(OWN).fault(fault.reason, path=fault.place, value=fault.value)
        return definition


def _apply(target: dict[str, Any], row: Row) -> None:
    is_edited = row.cells.get((OWN, CHECK), "") != check_sum(row.cells)
    for name, written in _fields(row).items():
        if is_edited and name in IN_CELLS:
            row.at(OWN, name).change("EDITED_CELL_HOLDS", field=name)
            continue
        try:
            value = json.loads(written)
        except ValueError:
            row.at(OWN, name).fault("BAD_JSON", value=written[:100])
            continue
        if value is None:
            target.pop(name, None)
        else:
            target[name] = value


def _fields(row: Row) -> dict[str, str]:
    """JSON by field; a long one is in several columns, `viche::label` and `viche::label::2`."""
    found: dict[str, str] = {}
    for key in sorted(key for key in row.cells if key[0] == OWN and key[1] not in (CHECK, "name")):
        found[key[1]] = found.get(key[1], "") + row.cells[key]
    return found


def _items(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from _items(item.get("items", []))
