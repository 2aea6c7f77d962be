"""A rejection as it was worded, and the complaint about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche_sdk.stored import read_flag, read_localized, read_object, read_optional, read_text
from viche_sdk.types import Localized, Reason, Workflow


@dataclass(frozen=True, slots=True)
class Rule:
    """The reason of a rejection and to whom its author may complain, as the workflow had them then.

    ``complaint_to`` is None where the workflow names nobody.
    """

    reason: Reason
    complaint_to: Localized | None

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {
            "code": self.reason.code,
            "title": dict(self.reason.title),
            "help": dict(self.reason.help),
            "hides_text": self.reason.hides_text,
            "complaint_to": dict(self.complaint_to) if self.complaint_to else None,
        }

    @classmethod
    def read(cls, value: object) -> "Rule":
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is of another kind.
        """
        stored = read_object(value)
        reason = Reason(
            read_text(stored["code"]),
            read_localized(stored["title"]),
            read_localized(stored["help"]),
            read_flag(stored["hides_text"]),
        )
        return cls(reason, read_optional(read_localized, stored.get("complaint_to")))


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a complaint, and by whom; ``text`` is public."""

    is_upheld: bool
    text: str
    language: str
    officer: bytes
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an author complained of; ``text`` is for the author and the officers alone."""

    id: UUID
    text: str
    made_at: datetime
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a petition was rejected; all of it is public but ``officer``."""

    id: UUID
    rule: Rule
    note: str
    language: str
    duplicate_of: int | None
    officer: bytes
    rejected_at: datetime
    complaint: Complaint | None = None

    @property
    def complaint_waits(self) -> bool:
        """Whether a complaint about it is still to be decided."""
        return self.complaint is not None and self.complaint.decision is None


def reasons_of(workflow: Workflow) -> Mapping[str, Reason]:
    """The reasons of a workflow by their codes; none where its drafts are not checked."""
    return {reason.code: reason for reason in (workflow.moderation.reasons if workflow.moderation else ())}
