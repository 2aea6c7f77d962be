"""Italian citizens' initiatives and referendums: JSON, one object on each line; and their counts by the day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.imports import rows
from viche_cli.imports.content import Content, why_no_json
from viche_cli.imports.rows import Bad, Found, Record

NAME = "it-initiatives"
TITLE = "Italian citizens' initiatives (JSON, one on each line)"
SOURCE = "Ministero della Giustizia, onData"
LICENCE = "CC BY 4.0"
COLLECTING = "IN RACCOLTA FIRME"
ROME = ZoneInfo("Europe/Rome")
NEVER = date(9999, 12, 31)
"""What stands there where no end is set."""
# days that the source gives, by the name of the step here
STAGES = {
    "dataGazzetta": "published",
    "dataInizioRaccolta": "opened",
    "dataFineRaccolta": "deadline",
    "dataChiusura": "closed",
}


def fits(content: Content) -> bool:
    """Whether the file looks like one."""
    return {"titolo", "quorum"} <= content.first_object().keys()


def read(content: Content) -> Found:
    """The initiatives of a file."""
    return rows.collect(records(content), lambda line: _item(parse(line)))


def records(content: Content) -> Iterator[Record]:
    """The lines of a file."""
    return (Record(place, line, number) for place, (number, line) in enumerate(content.lines(), start=1))


def parse(line: str) -> dict[str, Any]:
    """The object of a line."""
    try:
        return rows.must_be_object(json.loads(line))
    except (ValueError, RecursionError) as error:
        raise Bad(f"it {why_no_json(line, error)}") from None


def key(value: Any) -> str:
    """By which an initiative is known."""
    return f"it-initiatives/{rows.public_number(value, 'id')}"


def _item(raw: dict[str, Any]) -> pb.ImportItem:
    state = rows.text(raw.get("idDecStatoIniziativa.nome"), "idDecStatoIniziativa.nome")
    item = pb.ImportItem(
        source_key=key(raw.get("id")),
        source_name=SOURCE,
        source_licence=LICENCE,
        language="it",
        title=rows.title(raw.get("titolo"), "titolo"),
        background=rows.plain(rows.optional_text(raw.get("descrizioneBreve"), "descrizioneBreve"), "descrizioneBreve"),
        details=rows.plain(rows.optional_text(raw.get("descrizione"), "descrizione"), "descrizione"),
        source_state=state,
        state=pb.PETITION_STATE_OPEN if state == COLLECTING else pb.PETITION_STATE_CLOSED,
        signature_count=rows.count(raw.get("sostenitori"), "sostenitori"),
        source=_facts(raw),
    )
    _date(item, raw)
    return item


def _date(item: pb.ImportItem, raw: dict[str, Any]) -> None:
    if inserted := raw.get("dataIns"):
        item.created_at.FromDatetime(_in_rome(inserted))
    if opened := _day(raw, "dataInizioRaccolta"):
        item.opened_at.FromDatetime(datetime.combine(opened, time.min, ROME))
    if last := _day(raw, "dataChiusura") or _day(raw, "dataFineRaccolta"):
        item.closes_at.FromDatetime(datetime.combine(last + timedelta(days=1), time.min, ROME))


def _in_rome(value: Any) -> datetime:
    """The source writes local time without a zone."""
    at = rows.instant(value, "dataIns")
    return at if "+" in value or value.endswith("Z") else at.replace(tzinfo=ROME)


def _day(raw: dict[str, Any], field: str) -> date | None:
    value = raw.get(field)
    found = rows.day(value, field) if value else None
    return None if found == NEVER else found


def _facts(raw: dict[str, Any]) -> archive_pb2.SourceFacts:
    days = [(day, event) for field, event in STAGES.items() if (day := _day(raw, field))]
    topic = rows.optional_text(raw.get("idDecCatIniziativa.nome"), "idDecCatIniziativa.nome")
    return archive_pb2.SourceFacts(
        stages=[archive_pb2.SourceStage(event=event, day=day.isoformat()) for day, event in sorted(days)],
        threshold=rows.count(raw.get("quorum"), "quorum"),
        topics=[topic] if topic else [],
        kind=rows.optional_text(raw.get("idDecTipoIniziativa.nome"), "idDecTipoIniziativa.nome"),
        website=rows.optional_text(raw.get("sito"), "sito"),
    )
