"""What may go wrong, in the few ways that the host can do something about.

The host decides by the type alone: it waits, asks for consent anew, shows the fault to the author, looks whether the
post is there, or hands it to a person. A connector raises nothing else; whatever else comes out of it counts as its
own fault and is treated like OutcomeUnknown when the call was a write.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What is out of breath: one account, or all accounts of the application."""

    ACCOUNT = "account"
    APP = "app"


@dataclass(eq=False)
class ConnectorError(Exception):
    """Any of them. `detail` is for the log and the console: what the platform said, without secrets."""

    detail: str = ""

    def __str__(self) -> str:
        """The name of the kind and what the platform said."""
        return f"{type(self).__name__}: {self.detail}" if self.detail else type(self).__name__


@dataclass(eq=False)
class AuthExpired(ConnectorError):
    """The consent has ended: the account must be connected anew. Only where the platform says so for certain."""


@dataclass(eq=False)
class PermissionDenied(ConnectorError):
    """The account may not do this; `permission` is what it lacks, where the platform names it."""

    permission: str = ""


@dataclass(eq=False)
class RateLimited(ConnectorError):
    """Too much at once: again after `retry_after_s` seconds (None: the platform does not say)."""

    retry_after_s: float | None = None
    scope: Scope = Scope.ACCOUNT


@dataclass(eq=False)
class QuotaOrBudget(ConnectorError):
    """What was allowed, or paid for, is used up; `retry_after_s` until it is there again, where that is known."""

    retry_after_s: float | None = None


@dataclass(eq=False)
class InvalidContent(ConnectorError):
    """The platform does not take this content; `field` is the part: text, link, title, media, poll, event."""

    field: str = "text"


@dataclass(eq=False)
class PolicyRejected(ConnectorError):
    """The platform's rules forbid it: a duplicate, a blocked link, a suspended account."""


@dataclass(eq=False)
class NotFound(ConnectorError):
    """What was named is not there, or not any more."""


@dataclass(eq=False)
class Unsupported(ConnectorError):
    """The platform has no such thing."""


@dataclass(eq=False)
class Transient(ConnectorError):
    """For certain nothing happened, and it may work later: not reachable, busy, in maintenance."""

    retry_after_s: float | None = None


@dataclass(eq=False)
class OutcomeUnknown(ConnectorError):
    """It was sent, and nobody can say whether it worked: no answer, half an answer, a fault inside the platform."""


ERRORS: tuple[type[ConnectorError], ...] = (
    AuthExpired,
    PermissionDenied,
    RateLimited,
    QuotaOrBudget,
    InvalidContent,
    PolicyRejected,
    NotFound,
    Unsupported,
    Transient,
    OutcomeUnknown,
)
"""Every kind that a connector raises."""
