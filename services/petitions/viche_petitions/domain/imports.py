"""Rows of another system: what can be taken over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from viche_chassis.errors import FieldViolation, invalid
from viche_petitions.domain.errors import BadRow
from viche_petitions.domain.petition import ARCHIVED_OPEN, State

MAX_TITLE = 1_000
MAX_NUMBER = 2**62
MAX_COUNT = 10_000_000_000


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One petition of another system; ``source_url`` is the key by which a second import knows it again."""

    number: int
    title: str
    language: str
    source_state: str
    count: int
    created_at: datetime | None
    source_url: str

    @property
    def state(self) -> State:
        """Open where the source says so, else closed."""
        return State.OPEN if self.source_state.strip().lower() == ARCHIVED_OPEN else State.CLOSED


def check_row(row: ImportRow, now: datetime) -> None:
    """Holds a row against what an archive can keep.

    Raises:
        BadRow: naming every field that cannot be taken.
    """
    found = list(_violations(row, now))
    if found:
        raise BadRow(*found)


def _violations(row: ImportRow, now: datetime) -> Iterator[FieldViolation]:
    if not 1 <= row.number <= MAX_NUMBER:
        yield invalid("number", "OUT_OF_RANGE", value=row.number)
    if not row.title.strip():
        yield invalid("title", "REQUIRED")
    elif len(row.title) > MAX_TITLE:
        yield invalid("title", "TOO_LONG", limit=MAX_TITLE, length=len(row.title))
    if not row.language:
        yield invalid("language", "REQUIRED")
    if not row.source_state.strip():
        yield invalid("source_state", "REQUIRED")
    if not 0 <= row.count <= MAX_COUNT:
        yield invalid("signature_count", "OUT_OF_RANGE", value=row.count)
    if row.created_at is None:
        yield invalid("created_at", "REQUIRED")
    elif row.created_at > now:
        yield invalid("created_at", "IN_THE_FUTURE")
    if not row.source_url.strip():
        yield invalid("source_url", "REQUIRED")
