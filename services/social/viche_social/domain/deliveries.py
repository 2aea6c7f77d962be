"""What becomes of a post at one channel. Pure: each outcome of a call gives the next step, and nothing else does.

The rule behind all of it: a post is never sent twice under doubt. What was sent and not answered is sent again only
where the platform itself knows the key; where it can be looked for, it is looked for; else a person decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from viche_sdk.connectors.types import (
    AuthExpired,
    ConnectorError,
    Idempotency,
    NotFound,
    OutcomeUnknown,
    Pending,
    PermissionDenied,
    Published,
    QuotaOrBudget,
    RateLimited,
    Ready,
    Transient,
)

FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
PAUSE_WHEN_LIMITED = timedelta(minutes=1)
PAUSE_WHEN_SPENT = timedelta(hours=1)
LOOKS = (timedelta(seconds=20), timedelta(minutes=2), timedelta(minutes=10))
"""After which pauses a post is looked for that may have appeared; then a person looks."""
MOST_TRIES = 34
"""With the pauses above that is a day and some hours."""


LONGEST_CALL = timedelta(minutes=4)
"""No call takes longer: neither the one that left doubt, nor the next."""


class DeliveryState(StrEnum):
    """Where a delivery is; the names are those of the contract."""

    WAITING = "waiting"
    SENDING = "sending"
    PENDING = "pending"
    PUBLISHED = "published"
    REFUSED = "refused"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    BY_HAND = "by_hand"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class Task(StrEnum):
    """What is done next; the names are those of the connector's calls."""

    PUBLISH = "publish"
    CHECK = "check"
    FINALIZE = "finalize"
    FIND = "find"
    EDIT = "edit"
    DELETE = "delete"


class Hold(StrEnum):
    """What an outcome says about more than one delivery."""

    # the consent has ended
    EXPIRED = "expired"
    # the channel lacks a right
    LIMITED = "limited"
    # nothing of this channel before the pause is over
    CHANNEL = "channel"
    # nothing of this connector before the pause is over
    CONNECTOR = "connector"


@dataclass(frozen=True, slots=True)
class Step:
    """What a delivery becomes.

    Args:
        task: what is done next, after `pause`; None means that nothing is.
        counts: whether this counts as a try.
        token: what the platform gave for `check` or `finalize`.
        error: name of the error's class; empty after success.
        hold: what else stands still, for as long as `pause` where it has an end.
    """

    state: DeliveryState
    task: Task | None = None
    pause: timedelta = timedelta()
    counts: bool = True
    token: str = ""
    ref: str = ""
    url: str = ""
    error: str = ""
    detail: str = ""
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the task, how often it was tried before, and what the platform makes of a second call with the
    same key."""

    task: Task
    tries: int
    idempotency: Idempotency


_OF_WHAT_IS_THERE = frozenset({Task.EDIT, Task.DELETE})
"""Tasks of what is published: it stays so whatever becomes of them."""

Outcome = Published | Pending | Ready | ConnectorError | None
"""What a call gave: None is that of a `delete`, and of a `find` that found nothing."""


def after(done: Done, outcome: Outcome) -> Step:
    """The step after a call."""
    match outcome:
        case Published():
            return Step(DeliveryState.PUBLISHED, ref=outcome.ref, url=outcome.url)
        case Pending():
            pause = timedelta(seconds=max(1.0, outcome.after_s))
            return Step(DeliveryState.PENDING, Task.CHECK, pause, token=outcome.token)
        case Ready():
            return Step(DeliveryState.PENDING, Task.FINALIZE, token=outcome.token)
        case None:
            return _nothing(done)
        case _:
            return _failed(done, outcome)


def _nothing(done: Done) -> Step:
    if done.task is Task.DELETE:
        return Step(DeliveryState.WITHDRAWN)
    return _look_again(done, OutcomeUnknown("it was sent, and it is not there"))


def _failed(done: Done, error: ConnectorError) -> Step:
    if done.task in _OF_WHAT_IS_THERE:
        return _not_changed(done, error)
    match error:
        case OutcomeUnknown():
            return _in_doubt(done, error)
        case AuthExpired():
            return _told(error, DeliveryState.BLOCKED, done.task, hold=Hold.EXPIRED, counts=False)
        case PermissionDenied():
            return _told(error, DeliveryState.BLOCKED, done.task, hold=Hold.LIMITED, counts=False)
        case RateLimited() | QuotaOrBudget():
            return _slowed(done, error)
        case Transient():
            return _again(done, error)
        case _ if done.task is Task.FIND:
            return _look_again(done, error)
        case _:
            return _told(error, DeliveryState.REFUSED)


def _slowed(done: Done, error: RateLimited | QuotaOrBudget) -> Step:
    """Too much at once is nobody's fault: it does not count, and all that goes the same way waits, too."""
    usual = PAUSE_WHEN_LIMITED if isinstance(error, RateLimited) else PAUSE_WHEN_SPENT
    pause = usual if error.retry_after_s is None else timedelta(seconds=max(1.0, error.retry_after_s))
    hold = Hold.CONNECTOR if isinstance(error, RateLimited) and error.scope == "app" else Hold.CHANNEL
    return _told(error, _meanwhile(done.task), done.task, pause, counts=False, hold=hold)


def _again(done: Done, error: Transient) -> Step:
    """For certain nothing happened: the same call once more, later."""
    if done.tries + 1 >= MOST_TRIES:
        return _told(error, DeliveryState.REFUSED if done.task is Task.PUBLISH else DeliveryState.UNKNOWN)
    pause = _pause(done.tries) if error.retry_after_s is None else timedelta(seconds=max(1.0, error.retry_after_s))
    return _told(error, _meanwhile(done.task), done.task, pause)


def _in_doubt(done: Done, error: ConnectorError) -> Step:
    """It was sent, and nobody has answered."""
    if done.task in (Task.CHECK, Task.FIND):
        return _look_again(done, error) if done.task is Task.FIND else _again(done, Transient(error.detail))
    match done.idempotency:
        case Idempotency.NATIVE if done.tries + 1 < MOST_TRIES:
            return _told(error, DeliveryState.WAITING, done.task, _pause(done.tries))
        case Idempotency.RECONCILE:
            return _told(error, DeliveryState.SENDING, Task.FIND, LOOKS[0])
        case _:
            return _told(error, DeliveryState.UNKNOWN)


def _look_again(done: Done, error: ConnectorError) -> Step:
    """Platforms show what was sent after a while only; one that stays away is for a person to find."""
    looks = done.tries + 1
    if looks < len(LOOKS):
        return _told(error, DeliveryState.SENDING, Task.FIND, LOOKS[looks])
    return _told(error, DeliveryState.UNKNOWN)


def _not_changed(done: Done, error: ConnectorError) -> Step:
    """It is still there as it was, or nobody knows. Deleting twice harms nobody, and the same words twice are the same
    words, so doubt is no reason to stop."""
    match error:
        case NotFound() if done.task is Task.DELETE:
            return Step(DeliveryState.WITHDRAWN)
        case RateLimited() | QuotaOrBudget():
            return _slowed(done, error)
        case Transient() | OutcomeUnknown() if done.tries + 1 < MOST_TRIES:
            return _told(error, DeliveryState.PUBLISHED, done.task, _pause(done.tries))
        case AuthExpired():
            return _told(error, DeliveryState.PUBLISHED, done.task, hold=Hold.EXPIRED, counts=False)
        case _:
            return _told(error, DeliveryState.PUBLISHED)


def _told(
    error: ConnectorError,
    state: DeliveryState,
    task: Task | None = None,
    pause: timedelta = timedelta(),
    *,
    counts: bool = True,
    hold: Hold | None = None,
) -> Step:
    name, detail = type(error).__name__, error.detail
    return Step(state, task, pause, counts=counts, error=name, detail=detail, hold=hold)


def _meanwhile(task: Task) -> DeliveryState:
    """What a delivery is called while it waits for the same call once more."""
    match task:
        case Task.PUBLISH:
            return DeliveryState.WAITING
        case Task.CHECK | Task.FINALIZE:
            return DeliveryState.PENDING
        case Task.FIND:
            return DeliveryState.SENDING
        case Task.EDIT | Task.DELETE:
            return DeliveryState.PUBLISHED


def _pause(tries: int) -> timedelta:
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries, 12))


def after_crash(done: Done) -> Step:
    """The step where a process ended between its claim and the answer: whether the call was made is not known."""
    if done.task is Task.CHECK:
        return Step(DeliveryState.PENDING, Task.CHECK, counts=False)
    return after(done, OutcomeUnknown("the process that sent it ended"))


def task_now(task: Task, doubted_at: datetime | None, key_lasts_s: int | None, now: datetime) -> Task:
    """What is called: a post in doubt is not sent again once the platform has forgotten its key; it is looked for.

    Args:
        task: what is due.
        doubted_at: when it may have appeared first; None where it cannot have.
        key_lasts_s: how long the platform remembers a key; None for ever.
        now: the present instant.
    """
    if task is not Task.PUBLISH or doubted_at is None or key_lasts_s is None:
        return task
    forgets_at = doubted_at + timedelta(seconds=key_lasts_s) - LONGEST_CALL
    return Task.FIND if now >= forgets_at else task


def after_withdrawal(doubted_at: datetime | None) -> Step:
    """The step of a post that was withdrawn before it went out: it is not sent any more; where it may have appeared, a
    person looks."""
    if doubted_at is None:
        return Step(DeliveryState.CANCELLED, counts=False)
    doubt = OutcomeUnknown("it was withdrawn while nobody could say whether it appeared")
    return _told(doubt, DeliveryState.UNKNOWN, counts=False)
