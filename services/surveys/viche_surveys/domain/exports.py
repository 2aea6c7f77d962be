"""Exports: what becomes of one that was asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from viche_chassis.errors import Code, DomainError

MOST_ATTEMPTS = 3
KEPT_DAYS = 7
MOST_LISTED = 50

WORKER_DIED = "WORKER_DIED"
"""Why an export failed: nobody ended it, though it was taken up several times."""
EXPORT_FAILED = "EXPORT_FAILED"
"""Why an export failed: the log of the service tells."""


class ExportNotFound(DomainError):
    """There is no such export."""

    code = Code.NOT_FOUND
    reason = "EXPORT_NOT_FOUND"


class UnknownFormat(DomainError):
    """Answers do not go out in this format."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_FORMAT"


class State(StrEnum):
    """Where an export is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for.

    Attributes:
        language: of labels; "" is the first of the survey.
    """

    id: UUID
    survey_id: UUID
    format: str
    language: str
    with_personal: bool
    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Wanted):
    """An export.

    Attributes:
        written: responses in the file so far, of `total`.
        reason: why it failed.
        expires_at: when the file of one that is done goes.
    """

    state: State
    attempts: int
    written: int
    total: int
    size_bytes: int
    reason: str
    created_at: datetime
    expires_at: datetime | None

    @property
    def file_key(self) -> str:
        """Where the file lies in the object store."""
        return f"surveys/exports/{self.id}/{self.file_name}"

    @property
    def codebook_key(self) -> str:
        """Where its codebook lies."""
        return f"surveys/exports/{self.id}/codebook.xml"


def file_name(number: int | None, survey_id: UUID, format_name: str) -> str:
    """What the file is called: by the survey's public number, or by its id while it has none."""
    return f"survey-{number or survey_id}.{format_name}"


class Stored(NamedTuple):
    """A response as it is stored.

    Attributes:
        submitted_at: to the second, in UTC; None: nobody knows (imported).
        partner_id: "" where it came through a page of ours.
        answers: a JSON object.
        private: another one, sealed: what is personal.
    """

    id: str
    version: int
    submitted_at: datetime | None
    language: str
    channel: str
    partner_id: str
    territory_code: str
    assurance: str
    source: str
    answers: str
    private: bytes | None = None
