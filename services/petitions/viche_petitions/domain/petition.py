"""A petition and the states of its life."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from viche_petitions.domain.deadlines import NotedDeadline
from viche_sdk.types import Terms

ARCHIVED_OPEN = "open"


class State(StrEnum):
    """Where a petition is in its life."""

    DRAFT = "draft"
    SPONSORING = "sponsoring"
    SUBMITTED = "submitted"
    OPEN = "open"
    THRESHOLD_REACHED = "threshold_reached"
    CLOSED = "closed"
    REJECTED = "rejected"


COLLECTING = frozenset({State.OPEN, State.THRESHOLD_REACHED})


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a petition's life, for instance "consideration_started", and when it happened."""

    event: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Petition:
    """A petition as stored, with its count. ``reached`` maps thresholds to when they were reached.

    Of an archived one, dates that its source does not give are None, and ``source_facts`` are what it says besides.
    Only a petition that was read alone has ``deadlines``, ``happenings``, and ``by_territory``: validated signatures by
    territory, each with all below it, where its terms ask for minima.
    """

    id: UUID
    number: int | None
    state: State
    title: str
    background: str
    details: str
    language: str
    authority_id: UUID | None
    author: bytes | None
    author_name: str
    workflow: str
    terms: Terms | None
    version: int
    created_at: datetime | None
    submitted_at: datetime | None
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    is_archived: bool
    source_url: str
    source_state: str
    signature_count: int
    reached: dict[str, datetime] = field(default_factory=dict)
    deadlines: tuple[NotedDeadline, ...] = ()
    by_territory: Mapping[str, int] = field(default_factory=dict)
    happenings: tuple[Happened, ...] = ()
    source_name: str = ""
    source_licence: str = ""
    source_facts: dict[str, object] | None = None
    imported_at: datetime | None = None
