"""What people are told when steps, terms, answers or hearings cannot be noted so."""

from viche_chassis.errors import Code, DomainError


class UnknownStep(DomainError):
    """The rules of the petition know no such step."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_STEP"


class StepTooEarly(DomainError):
    """What must come before the step has not happened, or happened only on ``day``."""

    reason = "STEP_TOO_EARLY"


class InTheFuture(DomainError):
    """What is said to have happened lies ahead."""

    code = Code.INVALID_ARGUMENT
    reason = "IN_THE_FUTURE"


class AlreadyRecorded(DomainError):
    """It was noted before; what is noted is never changed."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_RECORDED"


class NotExtendable(DomainError):
    """The rules do not let this term be prolonged."""

    reason = "NOT_EXTENDABLE"


class ClockNotRunning(DomainError):
    """The term has not begun, or what it asks for has happened."""

    reason = "CLOCK_NOT_RUNNING"


class AlreadyExtended(DomainError):
    """A term is prolonged once."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_EXTENDED"


class TooLate(DomainError):
    """The term has run out, so that it can no longer be prolonged."""

    reason = "TOO_LATE"


class AnswerEarly(DomainError):
    """The petition still collects and has reached no threshold; whoever answers must know it."""

    reason = "ANSWER_EARLY"


class AlreadyAnswered(DomainError):
    """There is an answer; it can be corrected."""

    code = Code.ALREADY_EXISTS
    reason = "ALREADY_ANSWERED"


class StaleAnswer(DomainError):
    """Somebody has changed the draft or the answer in between; ``version`` is the one that holds."""

    code = Code.ABORTED
    reason = "STALE_ANSWER"


class UnknownDocument(DomainError):
    """There is no such file of this petition."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_DOCUMENT"


class TooManyDocuments(DomainError):
    """The petition has more files that nobody uses than it may have; ``limit`` is among the values."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "TOO_MANY_DOCUMENTS"


class StaleHearing(DomainError):
    """Somebody has said more of the hearings in between; ``version`` is what was said last."""

    code = Code.ABORTED
    reason = "STALE_HEARING"


class UnknownHearing(DomainError):
    """The petition has no such hearing."""

    code = Code.INVALID_ARGUMENT
    reason = "UNKNOWN_HEARING"


class NotAnAppeal(DomainError):
    """The petition has not failed, or its rules do not make an appeal of it."""

    reason = "NOT_AN_APPEAL"
