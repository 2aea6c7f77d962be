"""What people are told when an answer cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made

from viche_chassis.errors import Code, DomainError


@dataclass(frozen=True, slots=True)
class AnswerFault:
    """What is wrong with an answer to one question.

    Attributes:
        field: of the question, as forms name it: "NAME", in a repeat "GROUP.0.NAME".
        reason: one of those that `AnswerFault` of the contract lists.
        part: row or option that it is about; empty for the whole question.
        values: for the sentence.
        message: the survey's own sentence, for CONSTRAINT.
    """

    field: str
    reason: str
    part: str = ""
    values: Mapping[str, str] = made(default_factory=dict)
    message: str = ""

    @property
    def form_field(self) -> str:
        """Name of the form field that it is about."""
        return f"{self.field}.{self.part}" if self.part else self.field

    @property
    def pointer(self) -> str:
        """Where it is in answers that came as JSON (RFC 6901)."""
        part = f"/{self.part.replace('~', '~0').replace('/', '~1')}" if self.part else ""
        return f"/{self.field.replace('.', '/')}{part}"


class NotOpen(DomainError):
    """The survey takes no answers now."""

    reason = "NOT_OPEN"


class OutdatedVersion(DomainError):
    """The survey was changed since it was shown; ``version`` is the one that is answered now."""

    code = Code.ABORTED
    reason = "OUTDATED_VERSION"


class AnswersRefused(DomainError):
    """Some answers cannot be taken; the faults say which, and why."""

    code = Code.INVALID_ARGUMENT
    reason = "ANSWERS_REFUSED"

    def __init__(self, faults: Sequence[AnswerFault]) -> None:
        super().__init__(count=len(faults))
        self.faults = tuple(faults)


class AlreadyAnswered(DomainError):
    """The person has answered this survey before."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_ANSWERED"


class QuotaFull(DomainError):
    """So many answers of this kind were wanted, and they are there.

    ``quota`` is its name, ``message`` the survey's own sentence in the reader's language, or empty.
    """

    code = Code.RESOURCE_EXHAUSTED
    reason = "QUOTA_FULL"


class SignInNeeded(DomainError):
    """Only people who are signed in can answer this survey."""

    code = Code.UNAUTHENTICATED
    reason = "SIGN_IN_NEEDED"


class AssuranceTooLow(DomainError):
    """The person is not known surely enough; ``needed`` says how surely."""

    code = Code.PERMISSION_DENIED
    reason = "ASSURANCE_TOO_LOW"


class OtherTerritory(DomainError):
    """Only those who live in ``territory_code`` can answer."""

    code = Code.PERMISSION_DENIED
    reason = "OTHER_TERRITORY"


class InvitationRefused(DomainError):
    """The link is none that was given out for this survey."""

    code = Code.PERMISSION_DENIED
    reason = "INVITATION_REFUSED"


class InvitationUsed(DomainError):
    """Somebody has answered with this link."""

    code = Code.ALREADY_EXISTS
    reason = "INVITATION_USED"


class DraftNotFound(DomainError):
    """No answer was begun under this link, or it was sent, or its time is over."""

    code = Code.NOT_FOUND
    reason = "DRAFT_NOT_FOUND"


class DraftOutdated(DomainError):
    """The survey was changed since the page was shown. What was answered is kept where it still fits."""

    code = Code.ABORTED
    reason = "DRAFT_OUTDATED"


class FileTooLarge(DomainError):
    """A file is larger than ``limit_bytes``."""

    code = Code.INVALID_ARGUMENT
    reason = "FILE_TOO_LARGE"


class FileTypeRefused(DomainError):
    """The question takes no files of this kind; ``allowed`` says which."""

    code = Code.INVALID_ARGUMENT
    reason = "FILE_TYPE_REFUSED"


class NotAFileQuestion(DomainError):
    """The survey has no such question that a file could answer."""

    code = Code.INVALID_ARGUMENT
    reason = "NOT_A_FILE_QUESTION"


class NotByLink(DomainError):
    """The survey is not answered by links that are given out."""

    reason = "NOT_BY_LINK"
