"""What calls of connectors there are, what one has, and how it may end: the same wherever the connector runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import uuid4

from viche_sdk.connectors.types import (
    WRITES,
    Account,
    AccountInfo,
    Challenge,
    ConnectorError,
    ConnectorSpec,
    InboxItem,
    Limits,
    MediaStore,
    Metric,
    Operation,
    Page,
    Pending,
    PollResults,
    Post,
    Problem,
    Published,
    Ready,
    Secret,
)

VALIDATE = "validate"
"""The one call without a context."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One call: what it is given, what it may answer, and for how long it may run.

    Args:
        parameters: names, as in the request, and types.
        answers: names, as in the response, and types; None is an answer without value.
        limit_s: it is cut after these seconds.
    """

    parameters: tuple[tuple[str, Any], ...]
    answers: tuple[tuple[str, Any], ...]
    limit_s: float


_POST, _REF, _KEY, _ITEM = ("post", Post), ("ref", str), ("key", str), ("item", InboxItem)
_PUBLISHED, _PENDING, _DONE = ("published", Published), ("pending", Pending), ("done", None)

SHAPES: Mapping[str, Shape] = {
    VALIDATE: Shape((_POST, ("limits", Limits)), (("problems", tuple[Problem, ...]),), 5),
    Operation.PROBE: Shape((), (("account_info", AccountInfo),), 30),
    Operation.PUBLISH: Shape((_POST, _KEY), (_PUBLISHED, _PENDING), 180),
    Operation.CHECK: Shape((("pending", Pending),), (_PUBLISHED, _PENDING, ("ready", Ready)), 30),
    Operation.FINALIZE: Shape((("ready", Ready),), (_PUBLISHED,), 60),
    Operation.FIND: Shape((_KEY, _POST), (_PUBLISHED, ("nothing", None)), 60),
    Operation.EDIT: Shape((_REF, _POST), (_PUBLISHED,), 180),
    Operation.DELETE: Shape((_REF,), (_DONE,), 30),
    Operation.POLL_RESULTS: Shape((_REF,), (("poll_results", PollResults),), 30),
    Operation.FETCH_INBOX: Shape((("cursor", str),), (("page", Page[InboxItem]),), 60),
    Operation.REPLY: Shape((_ITEM, ("text", str), _KEY), (_PUBLISHED,), 60),
    Operation.HIDE: Shape((_ITEM, ("hidden", bool)), (_DONE,), 30),
    Operation.METRICS: Shape((("refs", Sequence[str]),), (("metrics", tuple[Metric, ...]),), 120),
    Operation.VERIFY_WEBHOOK: Shape(
        (("headers", Mapping[str, str]), ("body", bytes)),
        (("challenge", Challenge), ("items", tuple[InboxItem, ...])),
        5,
    ),
}
"""Every call by the name of its method; the limits leave room for uploads of films where those belong."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `method` is a key of SHAPES; `arguments` are in the order of its parameters."""

    connector: str
    method: str
    arguments: tuple[Any, ...]
    now: datetime
    limit_s: float
    account: Account = field(default_factory=Account)
    secrets: Mapping[str, Secret] = field(default_factory=dict[str, Secret], repr=False)
    media: MediaStore | None = field(default=None, repr=False)
    session: str = field(default="", repr=False)
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def is_write(self) -> bool:
        """Whether something may have changed on the platform when it ends in doubt."""
        return self.method in WRITES


class FaultKind(StrEnum):
    """What a connector did wrong by itself."""

    RAISED = "raised"
    WRONG_ANSWER = "wrong_answer"
    TIME = "time"
    # its process ended, or was ended
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the connector itself did wrong. Faults of one `incident` are counted once."""

    kind: FaultKind
    detail: str
    incident: str = ""

    def __str__(self) -> str:
        """For people."""
        return self.detail


@dataclass(frozen=True, slots=True)
class NotAsked:
    """The connector was never reached, so that nothing has happened."""

    reason: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """What a connector said for the log, without secrets."""

    is_warning: bool
    message: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended: with a value as its shape says, an error of the SDK, or without any of them.

    `session` is what is to be kept for the account from here on; None leaves what is kept.
    """

    ending: Any
    log: tuple[LogLine, ...] = ()
    session: str | None = field(default=None, repr=False)

    @property
    def error(self) -> ConnectorError | None:
        """What the connector said went wrong."""
        return self.ending if isinstance(self.ending, ConnectorError) else None


class Home(Protocol):
    """Where the connectors of one plugin run."""

    async def start(self) -> None:
        """Begins; returns when it works or has failed for the first time. Raises nothing."""
        ...

    @property
    def specs(self) -> tuple[ConnectorSpec, ...]:
        """What the connectors declare; nothing before it works."""
        ...

    @property
    def trouble(self) -> str:
        """Why it does not work just now; empty when it does."""
        ...

    @property
    def restarts(self) -> int:
        """How often it had to begin anew."""
        ...

    async def perform(self, call: Call) -> Outcome:
        """Makes a call. Raises nothing but CancelledError."""
        ...

    async def close(self) -> None:
        """Ends it."""
        ...
