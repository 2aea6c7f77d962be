"""From messages of an import to rows, with everything that is wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from google.protobuf.json_format import MessageToDict, SerializeToJsonError
from viche.petitions.v1 import archive_pb2
from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis.errors import DomainError, FieldViolation, invalid
from viche_chassis.validation import violations
from viche_petitions.domain.drafts import clean_line, clean_text
from viche_petitions.domain.errors import BadRow
from viche_petitions.domain.imports import MAX_COUNT, ImportRow, StatedCount, StatedTerritory, archived_state
from viche_petitions.domain.petition import State

STATES = {pb.PETITION_STATE_OPEN: State.OPEN, pb.PETITION_STATE_CLOSED: State.CLOSED}
Instant = Literal["created_at", "opened_at", "closes_at"]
INSTANTS: tuple[Instant, ...] = ("created_at", "opened_at", "closes_at")


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item as the domain sees it; ``fault`` is set where the message breaks the rules of its fields."""

    row: ImportRow
    counts: tuple[StatedCount, ...]
    counts_only: bool
    fault: DomainError | None


def read_item(item: pb.ImportItem) -> ReadItem:
    """Reads one item; never raises."""
    found = [*violations(item), *_nested(item), *_bad_instants(item), *_bad_days(item)]
    counts = () if found else tuple(StatedCount(date.fromisoformat(c.day), c.signature_count) for c in item.counts)
    return ReadItem(_row(item), counts, item.counts_only, BadRow(*found) if found else None)


def _row(item: pb.ImportItem) -> ImportRow:
    return ImportRow(
        key=item.source_key.strip() or item.source_url.strip(),
        number=item.number,
        title=clean_line(item.title),
        language=item.language,
        state=STATES.get(item.state) or archived_state(item.source_state),
        source_state=item.source_state.strip(),
        count=item.signature_count,
        source_url=item.source_url.strip(),
        source_name=clean_line(item.source_name),
        source_licence=clean_line(item.source_licence),
        background=clean_text(item.background),
        details=clean_text(item.details),
        author_name=clean_line(item.author_name),
        **{field: _instant(item, field) for field in INSTANTS},
        facts=_facts(item),
        territories=tuple(
            StatedTerritory(each.kind, each.code, each.territory_name, each.representative, each.signature_count)
            for each in item.territories
        ),
    )


def _facts(item: pb.ImportItem) -> dict[str, object] | None:
    try:
        return MessageToDict(item.source, preserving_proto_field_name=True)
    except SerializeToJsonError:
        return None  # an instant that no calendar has; _nested names it


def _instant(item: pb.ImportItem, field: Instant) -> datetime | None:
    if not item.HasField(field):
        return None
    try:
        return getattr(item, field).ToDatetime(UTC)
    except (ValueError, OverflowError):
        return None  # _bad_instants names it


def _bad_instants(item: pb.ImportItem) -> Iterator[FieldViolation]:
    for field in INSTANTS:
        if item.HasField(field) and _instant(item, field) is None:
            yield invalid(field, "OUT_OF_RANGE")


def _nested(item: pb.ImportItem) -> Iterator[FieldViolation]:
    """What the messages within break; the items of a list are checked by those who read them."""
    source = item.source
    parts: list[Any] = [*source.stages, source.response, source.debate, source.rejection]
    set_parts = [part for part in parts if part.ByteSize()]
    for message in (source, *set_parts, *item.territories, *item.counts):
        yield from violations(message)
    if any("\x00" in topic for topic in source.topics):
        yield invalid("topics", "NUL_BYTE")
    if _facts(item) is None:
        yield invalid("source", "OUT_OF_RANGE")
    if source.threshold < 0:
        yield invalid("threshold", "OUT_OF_RANGE", value=source.threshold)
    for count in item.counts:
        if not 0 <= count.signature_count <= MAX_COUNT:
            yield invalid("counts", "OUT_OF_RANGE", value=count.signature_count)


def _bad_days(item: pb.ImportItem) -> Iterator[FieldViolation]:
    for field, day in (*_days_of(item.source), *(("counts", count.day) for count in item.counts)):
        if day and not _is_day(day):
            yield invalid(field, "NOT_A_DAY", value=day[:40])


def _days_of(source: archive_pb2.SourceFacts) -> Iterator[tuple[str, str]]:
    for stage in source.stages:
        yield "stages", stage.day
    yield "responded_on", source.response.responded_on
    yield "debated_on", source.debate.debated_on


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
