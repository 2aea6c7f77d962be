"""What happened to a petition, as life-cycle hooks are told. Nothing here is personal data."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_sdk.terms import Terms


@dataclass(frozen=True, slots=True)
class PetitionOpened:
    """A petition collects from now on, under `terms`; times are aware UTC."""

    petition_id: UUID
    number: int
    terms: Terms
    opened_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class PetitionThresholdReached:
    """A petition has reached one of its thresholds; `signatures` is the count at that time."""

    petition_id: UUID
    number: int
    terms: Terms
    threshold: str
    signatures: int
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class PetitionAnswered:
    """The authority has answered a petition publicly."""

    petition_id: UUID
    number: int
    terms: Terms
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class PetitionClosed:
    """A petition collects no more; `signatures` is the final count, `reached` names the thresholds reached.

    `closing_event` is the one of its terms that ended it early, empty when its term was over.
    """

    petition_id: UUID
    number: int
    terms: Terms
    signatures: int
    reached: tuple[str, ...]
    closed_at: datetime
    closing_event: str = ""


Happened = PetitionOpened | PetitionThresholdReached | PetitionAnswered | PetitionClosed
"""What life-cycle hooks are told."""
