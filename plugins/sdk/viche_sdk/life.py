"""The life of a petition: the stages that it may go through, and how it may end."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from viche_sdk.basis import LegalBasis
from viche_sdk.events import Event, Happening, Reached
from viche_sdk.localized import Localized
from viche_sdk.stored import read_localized, read_object, read_optional, read_text


class Stage(StrEnum):
    """Where a petition stands, in the order of its life. Stable: it is stored and translated."""

    DRAFT = "draft"
    SPONSORING = "sponsoring"
    MODERATION = "moderation"
    OPEN = "open"
    CONSIDERATION = "consideration"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    ARCHIVED = "archived"


USUAL = tuple(stage for stage in Stage if stage is not Stage.SPONSORING)
"""What holds where a workflow says nothing else."""

_STAGE_OF: Mapping[Event, Stage] = {
    Event.SUBMITTED: Stage.DRAFT,
    Event.SPONSORED: Stage.SPONSORING,
    Event.REGISTERED: Stage.MODERATION,
    Event.REJECTED: Stage.REJECTED,
    Event.COMPLAINT_MADE: Stage.REJECTED,
    Event.COMPLAINT_DECIDED: Stage.REJECTED,
    Event.OPENED: Stage.OPEN,
    Event.COLLECTION_ENDED: Stage.OPEN,
    Event.HANDED_OVER: Stage.OPEN,
    Event.VERIFIED: Stage.OPEN,
    Event.CONSIDERATION_STARTED: Stage.CONSIDERATION,
    Event.ANSWERED: Stage.ANSWERED,
    Event.CLOSED: Stage.CLOSED,
}


def stage_of(event: Happening) -> Stage:
    """The stage that a workflow must have for this to happen."""
    return Stage.OPEN if isinstance(event, Reached) else _STAGE_OF[event]


class Failed(StrEnum):
    """What becomes of a petition that has not reached its threshold. Stable: it is stored and translated."""

    NOTHING = "nothing"
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True)
class Failure:
    """What becomes of a petition that has failed, in one word and in a sentence."""

    becomes: Failed = Failed.NOTHING
    effect: Localized | None = None
    legal_basis: LegalBasis | None = None

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {
            "becomes": str(self.becomes),
            "effect": dict(self.effect) if self.effect else None,
            "legal_basis": self.legal_basis.content() if self.legal_basis else None,
        }

    @classmethod
    def read(cls, value: object) -> "Failure":
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is of another kind.
        """
        stored = read_object(value)
        return cls(
            Failed(read_text(stored["becomes"])),
            read_optional(read_localized, stored.get("effect")),
            read_optional(LegalBasis.read, stored.get("legal_basis")),
        )


@dataclass(frozen=True, slots=True)
class ClosingEvent:
    """Something outside that closes petitions before their time, for instance the dissolution of a parliament.

    Args:
        name: found by it.
        title: how people call it.
        effect: what it does to petitions, in a sentence.
        legal_basis: where the rule comes from.
    """

    name: str
    title: Localized
    effect: Localized
    legal_basis: LegalBasis | None = None

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {
            "name": self.name,
            "title": dict(self.title),
            "effect": dict(self.effect),
            "legal_basis": self.legal_basis.content() if self.legal_basis else None,
        }

    @classmethod
    def read(cls, value: object) -> "ClosingEvent":
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is of another kind.
        """
        stored = read_object(value)
        return cls(
            read_text(stored["name"]),
            read_localized(stored["title"]),
            read_localized(stored["effect"]),
            read_optional(LegalBasis.read, stored.get("legal_basis")),
        )
