"""Erasing persons: when, and what must be confirmed."""

from viche_chassis.errors import Code, DomainError

WAIT_HOURS = 24
CONFIRMED_WITHIN_MINUTES = 60
SCOPE = "erasures"


class ConfirmFirst(DomainError):
    """The person must have signed in lately for this."""

    code = Code.FAILED_PRECONDITION
    reason = "CONFIRM_FIRST"
