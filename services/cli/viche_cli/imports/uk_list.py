"""The list of petitions of the UK Parliament, as published on its data site: JSON, one object for each petition."""

from __future__ import annotations

from typing import Any

from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.imports import rows
from viche_cli.imports.content import Content
from viche_cli.imports.rows import Bad, Found

NAME = "uk-list"
TITLE = "list of petitions of the UK Parliament (JSON)"
SOURCE = "UK Parliament"
LICENCE = "Open Government Licence v3.0"
STATES = ("open", "closed", "rejected")


def fits(content: Content) -> bool:
    """Whether the file looks like one."""
    found = content.document if content.is_json and isinstance(content.document, list) else []
    return any(isinstance(raw, dict) and "numberOfSignatures" in raw for raw in found)


def read(content: Content) -> Found:
    """The petitions of a file. Raises Fault when it is no list."""
    return rows.collect(rows.numbered(content.must_be_list()), _item)


def _item(raw: Any) -> pb.ImportItem:
    raw = rows.must_be_object(raw)
    item = pb.ImportItem(
        source_name=SOURCE, source_licence=LICENCE, language="en",
        signature_count=rows.count(raw.get("numberOfSignatures"), "numberOfSignatures"),
        number=rows.public_number(_value(raw, "identifier"), "identifier._value"),
        title=rows.title(_value(raw, "label"), "label._value"),
        source_state=_state(raw.get("status")),
        source_url=rows.address(raw.get("_about"), "_about"),
    )  # fmt: skip
    item.created_at.FromDatetime(rows.instant(_value(raw, "created"), "created._value"))
    return item


def _value(raw: dict[str, Any], field: str) -> Any:
    value = raw.get(field)
    return value.get("_value") if isinstance(value, dict) else None


def _state(value: Any) -> str:
    if not isinstance(value, str) or value.strip().lower() not in STATES:
        raise Bad(f"status is {rows.shown(value)} and none of {', '.join(STATES)}")
    return value.strip()
