"""Petitions of We the People, the White House's site: CSV with numbers for dates (seconds since 1970)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.imports import rows
from viche_cli.imports.content import Content
from viche_cli.imports.rows import Bad, Found, Record

NAME = "us-wethepeople"
TITLE = "petitions of We the People (CSV)"
SOURCE = "We the People, the White House"
LICENCE = "public domain"
NEEDED = ("id", "title", "body", "signatureThreshold", "signatureCount", "deadline", "status", "created")
TELLING = {"signatureThreshold", "signatureCount", "signaturesNeeded", "issues1.name"}
ISSUES = ("issues1.name", "issues2.name", "issues3.name")
LATEST_S = 4_102_444_800  # 2100
_WHOLE = re.compile(r"(\d{1,15})(?:\.0*)?")


def fits(content: Content) -> bool:
    """Whether the file looks like one."""
    return len(TELLING & set(content.header())) > 1


def read(content: Content) -> Found:
    """The petitions of a file. Raises Fault when it lacks columns."""
    return rows.collect(_records(content), _item)


def _records(content: Content) -> Iterator[Record]:
    header = content.header()
    for place, (line, cells) in enumerate(content.table(NEEDED), start=1):
        yield Record(place, (header, cells), line)


def _item(raw: tuple[list[str], list[str]]) -> pb.ImportItem:
    header, cells = raw
    if len(cells) != len(header):
        raise Bad(f"it has {len(cells)} cells and the table {len(header)} columns")
    row = dict(zip(header, cells, strict=True))
    item = pb.ImportItem(
        source_key=f"us-wethepeople/{_id(row['id'])}", source_name=SOURCE, source_licence=LICENCE, language="en",
        title=rows.title(row["title"], "title"),
        background=rows.plain(rows.optional_text(row["body"], "body"), "body"),
        source_state=rows.text(row["status"], "status"),
        signature_count=rows.count(_whole(row["signatureCount"]), "signatureCount"),
        source=_facts(row),
    )  # fmt: skip
    item.created_at.FromDatetime(_instant(row["created"], "created"))
    item.closes_at.FromDatetime(_instant(row["deadline"], "deadline"))
    return item


def _facts(row: dict[str, str]) -> archive_pb2.SourceFacts:
    deadline = archive_pb2.SourceStage(event="deadline")
    deadline.at.FromDatetime(_instant(row["deadline"], "deadline"))
    facts = archive_pb2.SourceFacts(
        stages=[deadline],
        threshold=rows.count(_whole(row["signatureThreshold"]), "signatureThreshold"),
        topics=[row[name].strip() for name in ISSUES if row.get(name, "").strip()],
    )
    if url := row.get("response.url", "").strip():
        facts.response.url = rows.address(url, "response.url")
        if at := row.get("response.associationTime", "").strip():
            facts.response.created_at.FromDatetime(_instant(at, "response.associationTime"))
            facts.stages.add(event="government_response").at.CopyFrom(facts.response.created_at)
            facts.stages.sort(key=lambda stage: stage.at.seconds)
    return facts


def _id(value: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{8,64}", value.strip()):
        raise Bad(f"id is {rows.shown(value)} and not a hexadecimal number")
    return value.strip()


def _whole(value: str) -> Any:
    """The table writes whole numbers as 5000.0."""
    found = _WHOLE.fullmatch(value.strip())
    return int(found[1]) if found else value


def _instant(value: str, name: str) -> datetime:
    found = _whole(value)
    if not isinstance(found, int) or found > LATEST_S:
        raise Bad(f"{name} is {rows.shown(value)} and not a number of seconds since 1970")
    return datetime.fromtimestamp(found, UTC)
