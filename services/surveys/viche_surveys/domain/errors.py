"""What people are told when something about surveys cannot be done."""

from collections.abc import Iterable

from viche_chassis.errors import Code, DomainError, FieldViolation, InvalidFields
from viche_surveys.domain.faults import Fault


class SurveyNotFound(DomainError):
    """There is no such survey, or it is not public."""

    code = Code.NOT_FOUND
    reason = "SURVEY_NOT_FOUND"


class UnknownAuthority(DomainError):
    """No authority of this instance has that id."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_AUTHORITY"


class SurveyNotOpen(DomainError):
    """The survey takes no answers yet, or no more."""

    reason = "SURVEY_NOT_OPEN"


class SurveyClosed(DomainError):
    """The survey was closed, and stays as it is."""

    reason = "SURVEY_CLOSED"


class SurveyOpen(DomainError):
    """The survey takes answers itself, so none are taken over into it."""

    reason = "SURVEY_OPEN"


class SurveyNotEmpty(DomainError):
    """The survey was opened, or has answers: it is not thrown away."""

    reason = "SURVEY_NOT_EMPTY"


class ResultsNotPublic(DomainError):
    """Results are not for everybody; ``when`` says whether they will be: "closed" or "never"."""

    reason = "RESULTS_NOT_PUBLIC"


class NoSnapshot(DomainError):
    """The answers do not lie ready for tables yet: nobody has answered, or they are being written."""

    reason = "NO_SNAPSHOT"


class ClosesTooSoon(DomainError):
    """The survey would close before it opens."""

    reason = "CLOSES_TOO_SOON"


class StaleVersion(DomainError):
    """Somebody changed the survey in between; ``version`` is the edition that holds."""

    code = Code.ABORTED
    reason = "STALE_VERSION"


class UnknownForm(DomainError):
    """The file is no form of another tool that can be read; ``text`` says what reading it came to."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_FORM"


class BadDefinition(InvalidFields):
    """A definition is none, or cannot be answered; its violations are about "definition" and a JSON Pointer."""

    reason = "BAD_DEFINITION"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__(*(FieldViolation(f"definition{each.place}", each.reason, each.values) for each in faults))
