"""Rows of another system: what can be taken over."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from viche_chassis.errors import FieldViolation, invalid
from viche_petitions.domain.errors import BadRow
from viche_petitions.domain.petition import ARCHIVED_OPEN, State

MAX_TITLE = 1_000
MAX_NUMBER = 2**62
MAX_COUNT = 10_000_000_000


@dataclass(frozen=True, slots=True)
class StatedTerritory:
    """Signatures from one territory, as the source states them; ``kind`` is what it divides by."""

    kind: str
    code: str
    name: str
    representative: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One petition of another system; ``key`` is that by which a second import knows it again.

    ``number`` 0 means that it has none of its own. ``state`` is None where the source gives no way to tell. ``facts``
    are what the source says besides, as JSON. Dates that the source does not give are None.
    """

    key: str
    number: int
    title: str
    language: str
    state: State | None
    source_state: str
    count: int
    source_url: str = ""
    source_name: str = ""
    source_licence: str = ""
    background: str = ""
    details: str = ""
    author_name: str = ""
    created_at: datetime | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    facts: dict[str, object] | None = None
    territories: tuple[StatedTerritory, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedCount:
    """The count on one day, as the source states it."""

    day: date
    count: int


def archived_state(word: str) -> State | None:
    """What the source's word for a state means here: open where it says so, else closed; None where it says nothing."""
    word = word.strip().lower()
    if not word:
        return None
    return State.OPEN if word == ARCHIVED_OPEN else State.CLOSED


def joined(known: ImportRow, row: ImportRow) -> ImportRow:
    """One petition out of two rows of the same source, of which one may come from a list and say little.

    Whichever has facts is the base, and the other one fills what that leaves empty. Counts only grow at a source and
    what is closed stays so: the greater count holds, and the closing.
    """
    base, other = (row, known) if row.facts or not known.facts else (known, row)
    has_closed = State.CLOSED in (base.state, other.state)
    return replace(
        base,
        key=known.key,
        state=State.CLOSED if has_closed else base.state,
        source_state=other.source_state if has_closed and base.state is not State.CLOSED else base.source_state,
        count=max(base.count, other.count),
        source_url=base.source_url or other.source_url,
        background=base.background or other.background,
        details=base.details or other.details,
        author_name=base.author_name or other.author_name,
        created_at=base.created_at or other.created_at,
        opened_at=base.opened_at or other.opened_at,
        closes_at=base.closes_at or other.closes_at,
        territories=base.territories or other.territories,
    )


def check_row(row: ImportRow, now: datetime) -> None:
    """Holds a row against what an archive can keep.

    Raises:
        BadRow: naming every field that cannot be taken.
    """
    found = [*_texts(row), *_figures(row), *_dates(row, now)]
    if found:
        raise BadRow(*found)


def _texts(row: ImportRow) -> Iterator[FieldViolation]:
    if not row.key:
        yield invalid("source_key", "REQUIRED")
    if not row.title.strip():
        yield invalid("title", "REQUIRED")
    elif len(row.title) > MAX_TITLE:
        yield invalid("title", "TOO_LONG", limit=MAX_TITLE, length=len(row.title))
    if not row.language:
        yield invalid("language", "REQUIRED")
    if row.state is None:
        yield invalid("source_state", "REQUIRED")


def _figures(row: ImportRow) -> Iterator[FieldViolation]:
    if not 0 <= row.number <= MAX_NUMBER:
        yield invalid("number", "OUT_OF_RANGE", value=row.number)
    if not 0 <= row.count <= MAX_COUNT:
        yield invalid("signature_count", "OUT_OF_RANGE", value=row.count)
    for territory in row.territories:
        if not 0 <= territory.count <= MAX_COUNT:
            yield invalid("territories", "OUT_OF_RANGE", value=territory.count)


def _dates(row: ImportRow, now: datetime) -> Iterator[FieldViolation]:
    for field, at in (("created_at", row.created_at), ("opened_at", row.opened_at)):
        if at is not None and at > now:
            yield invalid(field, "IN_THE_FUTURE")
