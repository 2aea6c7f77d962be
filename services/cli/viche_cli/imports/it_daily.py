"""The counts of Italian citizens' initiatives by the day: JSON, one object on each line."""

from __future__ import annotations

from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_cli.imports import rows
from viche_cli.imports.content import Content
from viche_cli.imports.it_initiatives import key, parse, records
from viche_cli.imports.rows import Bad, Found, Record, Refusal, Row

NAME = "it-daily"
TITLE = "counts of Italian citizens' initiatives by the day (JSON, one on each line)"
MOST_DAYS = 2_000
"""Days that travel together."""


def fits(content: Content) -> bool:
    """Whether the file looks like one."""
    found = content.first_object().keys()
    return {"id", "data", "sostenitori"} <= found and "titolo" not in found


def read(content: Content) -> Found:
    """The counts of a file, put together by initiative. A line that stands there twice is one."""
    found, series = Found(), _Series()
    for record in records(content):
        found.total += 1
        try:
            series.add(record)
        except Bad as bad:
            found.refusals.append(Refusal(record.place, bad.reason, str(bad), record.line))
    found.rows.extend(series.rows())
    return found


class _Series:
    """Days and counts by initiative, each with the place of its row."""

    def __init__(self) -> None:
        self._points: dict[str, dict[str, tuple[int, int]]] = {}

    def add(self, record: Record) -> None:
        raw = parse(record.raw)
        day = rows.day(raw.get("data"), "data").isoformat()
        count = rows.count(raw.get("sostenitori"), "sostenitori")
        before, place = self._points.setdefault(key(raw.get("id")), {}).setdefault(day, (count, record.place))
        if before != count:
            raise Bad(f"the day {day} of this initiative stands in row {place} already, with another count")

    def rows(self) -> list[Row]:
        return [
            _row(name, list(points.items())[start : start + MOST_DAYS])
            for name, points in self._points.items()
            for start in range(0, len(points), MOST_DAYS)
        ]


def _row(name: str, points: list[tuple[str, tuple[int, int]]]) -> Row:
    counts = [archive_pb2.StatedCount(day=day, signature_count=count) for day, (count, _) in points]
    item = pb.ImportItem(source_key=name, counts_only=True, counts=counts)
    return Row(min(place for _, (_, place) in points), item, len(points))
