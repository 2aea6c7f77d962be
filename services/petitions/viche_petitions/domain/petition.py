"""A petition and the states of its life."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from viche_petitions.domain.answers import Answer
from viche_petitions.domain.authors import Authorship
from viche_petitions.domain.deadlines import NotedDeadline
from viche_petitions.domain.hearings import Hearing
from viche_petitions.domain.pauses import Stop
from viche_petitions.domain.rejections import Complaint, Rejection
from viche_petitions.domain.removals import Removals
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
SHOWN = (State.OPEN, State.THRESHOLD_REACHED, State.CLOSED)
"""Public states that lists show where they are not asked for others."""

PUBLIC = (*SHOWN, State.REJECTED)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a petition's life, for instance "consideration_started", and when it happened.

    ``detail`` is the closing event that ended it early, or the register number of the appeal that it became.
    """

    event: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Petition:
    """A petition as stored, with its count. ``reached`` maps thresholds to when they were reached.

    Of an archived one, dates that its source does not give are None, and ``source_facts`` are what it says besides.
    Only a petition that was read alone has ``deadlines``, ``happenings``, ``hearings``, whole ``answers`` (in lists
    there is the last alone, without its texts) and ``by_territory``: validated signatures by
    territory, each with all below it, where its terms ask for minima.
    ``signing_stop`` is what keeps people from signing one that collects, if anything does.
    The ``authorship`` is without the members of a committee: they are sealed, and read apart.
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
    answers: tuple[Answer, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    source_name: str = ""
    source_licence: str = ""
    source_facts: dict[str, object] | None = None
    imported_at: datetime | None = None
    removals: Removals = Removals()
    channels: tuple[tuple[str, int], ...] = ()
    votes_against: int = 0
    channels_against: tuple[tuple[str, int], ...] = ()
    text_hidden: bool = False
    last_rejection: Rejection | None = None
    authorship: Authorship = Authorship()
    committee_size: int = 0
    sponsors: int = 0
    sponsored_at: datetime | None = None
    signing_stop: Stop | None = None

    @property
    def rejection(self) -> Rejection | None:
        """Why it is rejected; None while it is not."""
        return self.last_rejection if self.state is State.REJECTED else None

    @property
    def complaint(self) -> Complaint | None:
        """The complaint about its last rejection; None once it has opened."""
        if self.last_rejection is None or self.state not in (State.REJECTED, State.SUBMITTED):
            return None
        return self.last_rejection.complaint

    @property
    def is_collecting(self) -> bool:
        """Whether it collects signatures."""
        return self.state in COLLECTING and not self.is_archived

    def concealed(self) -> "Petition":
        """The same without what its author wrote."""
        return replace(self, title="", background="", details="", author_name="", authorship=Authorship())
