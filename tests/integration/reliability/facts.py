"""What the suite holds of a petition or a survey once it is quiet, in the words of the checker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

VALIDATED = "validated"
REMOVED = ("invalidated", "fraudulent")
PAPER = "paper"


@dataclass(frozen=True, slots=True)
class StoredSignature:
    """A signature as stored."""

    signature_id: str
    channel: str
    # the latest of its states; empty when it has none
    state: str
    # empty for signatures by e-mail
    request_id: str = ""

    @property
    def counts(self) -> bool:
        """Whether it is one that counts."""
        return self.state == VALIDATED

    @property
    def is_removed(self) -> bool:
        """Whether an officer has taken it out of the count."""
        return self.state in REMOVED


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold of the petition's terms, and what happened at it."""

    name: str
    signatures: int
    # rows that say that it was reached
    reached: int
    # events that say so
    announced: int
    # events that say that it is not reached any more
    reversed: int = 0


@dataclass(frozen=True, slots=True)
class PetitionFacts:
    """One petition."""

    petition_id: str
    signatures: tuple[StoredSignature, ...]
    # rows of who signed, one for each person
    signers: int
    # every number that claims to be the count, by where it stands
    counts: Mapping[str, int]
    # ids of signatures in events, one for each time that an event names one
    announced: tuple[str, ...]
    thresholds: tuple[Threshold, ...] = ()
    # the same of events that say that they were taken out of the count
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer to a survey as stored."""

    response_id: str
    request_id: str
    answers: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    """One survey."""

    survey_id: str
    answers: tuple[StoredAnswer, ...]
    # rows of who answered, one for each person; None where the survey does not count persons
    respondents: int | None
    # every number that claims to be the count of answers, by where it stands
    counts: Mapping[str, int]
    # by question and code
    tallied: Mapping[tuple[str, str], int]
    # ids of answers in events, one for each time that an event names one
    announced: tuple[str, ...]
    # answers in the numbers for everybody, which are made anew when `k` more have come
    published: int
    k: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The suite."""

    petitions: tuple[PetitionFacts, ...]
    # events that have not gone out, by service
    unpublished: Mapping[str, int] = field(default_factory=dict)
    # events that no try could handle, by service
    dead_letters: Mapping[str, int] = field(default_factory=dict)
    surveys: tuple[SurveyFacts, ...] = ()
