"""Answers that were judged, on their way into the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from viche_chassis.errors import DomainError
from viche_chassis.ids import new_id
from viche_surveys.domain.tallying import Cell
from viche_surveys.live import Live
from viche_surveys.scope_tokens import Person

Outcome = UUID | DomainError


class Changed(DomainError):
    """The survey was changed after the answer was judged: it has to be judged once more. Nobody is told of this."""

    reason = "SURVEY_CHANGED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """An answer that was judged and found right.

    Attributes:
        live: the survey, as it was when the answer was judged.
        answers: the document without personal answers, as JSON; `private` those, or empty.
        moves: what it adds to the tallies.
        quotas: names of those that it falls under.
        draft_id: what it was begun as.
        files: that it uses.
        body_hash: by which a repeat is known.
    """

    live: Live
    request_id: UUID
    body_hash: bytes
    answers: str
    private: str
    moves: Sequence[tuple[Cell, Decimal | None]]
    quotas: tuple[str, ...] = ()
    language: str
    channel: str
    partner_id: UUID | None = None
    seed: int | None = None
    person: Person | None = None
    invitation_id: UUID | None = None
    draft_id: UUID | None = None
    files: tuple[UUID, ...] = ()
    id: UUID = field(default_factory=new_id)

    @property
    def key(self) -> tuple[UUID, UUID]:
        """By which a repeat finds its answer."""
        return self.live.id, self.request_id

    @property
    def needs_claims(self) -> bool:
        """Whether something beside the answer itself is taken with it."""
        return bool(self.person or self.invitation_id or self.draft_id or self.files)
