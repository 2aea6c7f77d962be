"""What kinds of messages there are, when they are tried again, and when one is not sent at all. Pure.

Lanes keep apart what somebody waits for and what can wait: each lane has its own workers and connections.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from viche_chassis.errors import NotFound

# The most tries of one message whose outcome stays unknown (the mail server fell silent, or the worker died, after the
# mail had gone out): so this is also the most copies that one receiver can get, all with the same Message-ID.
MAX_COPIES = 3


class MessageNotFound(NotFound):
    """There is no message with this id."""

    reason = "MESSAGE_NOT_FOUND"


class Lane(StrEnum):
    """Which workers send a message."""

    URGENT = "urgent"
    BULK = "bulk"


class State(StrEnum):
    """How a message stands; see MessageState in the contract."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PERMANENT_FAILURE = "permanent_failure"
    TECHNICAL_FAILURE = "technical_failure"
    SUPPRESSED = "suppressed"
    CAPPED = "capped"
    EXPIRED = "expired"


WAITING = frozenset({State.QUEUED, State.SENDING})


class Audience(StrEnum):
    """Whom a campaign goes to."""

    # who started the petition
    AUTHOR = "author"
    # the author, those who signed, and those who follow
    EVERYBODY = "everybody"


class Outcome(StrEnum):
    """What came of one try."""

    SENT = "sent"
    # the server said no for good (SMTP 5xx on the receiver or the message)
    REFUSED = "refused"
    # certainly not delivered, and another try may be (SMTP 4xx, connection lost before the mail went out)
    TEMPORARY = "temporary"
    # the mail went out and no reply came
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many messages to one address in a window of time."""

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message, which is also its template's name.

    Args:
        is_optional: people can unsubscribe from it; what they themselves asked for is not optional.
        is_asked_for: its receiver has just asked for it, so that it goes to addresses that mail came back from, too.
        shares_cap: counts together with all other kinds that share; otherwise the cap is the kind's own.
        audience: whom a campaign of this kind goes to; not read for messages that are no campaign.
        is_lasting: of use however late it comes, so that it is tried for as long as a message to many.
    """

    name: str
    lane: Lane
    cap: Cap
    is_optional: bool
    shares_cap: bool
    audience: Audience = Audience.EVERYBODY
    is_lasting: bool = False
    is_asked_for: bool = False


_REQUESTED = Cap(10, timedelta(hours=1))
_DAILY = Cap(20, timedelta(days=1))
SIGN_IN = Kind("sign_in", Lane.URGENT, _REQUESTED, is_optional=False, shares_cap=False, is_asked_for=True)
CONFIRM_SIGNATURE = Kind(
    "confirm_signature", Lane.URGENT, _REQUESTED, is_optional=False, shares_cap=False, is_asked_for=True
)
DRAFT_LINK = Kind(
    "draft_link", Lane.URGENT, Cap(5, timedelta(hours=1)), is_optional=False, shares_cap=False, is_asked_for=True
)
_SELDOM = Cap(10, timedelta(days=1))
PASSKEY_COPIED = Kind("passkey_copied", Lane.URGENT, _SELDOM, is_optional=False, shares_cap=False, is_lasting=True)
PASSKEY_ADDED = Kind("passkey_added", Lane.URGENT, _SELDOM, is_optional=False, shares_cap=False, is_lasting=True)
ORGANISATION_DECIDED = Kind(
    "organisation_decided", Lane.URGENT, _SELDOM, is_optional=False, shares_cap=False, is_lasting=True
)
SPONSOR_INVITATION = Kind(
    "sponsor_invitation", Lane.URGENT, Cap(3, timedelta(days=1)), is_optional=False, shares_cap=False
)


OFFICE_DIGEST = Kind("office_digest", Lane.BULK, Cap(2, timedelta(days=1)), is_optional=True, shares_cap=False)
EVENT_CONFIRM = Kind(
    "event_confirm", Lane.URGENT, Cap(5, timedelta(hours=1)), is_optional=False, shares_cap=False, is_asked_for=True
)


def _to_visitor(name: str, lane: Lane = Lane.URGENT) -> Kind:
    return Kind(name, lane, _DAILY, is_optional=False, shares_cap=False, is_lasting=True)


EVENT_REGISTERED = _to_visitor("event_registered")
EVENT_WAITING = _to_visitor("event_waiting")
EVENT_PROMOTED = _to_visitor("event_promoted")
EVENT_REMINDER = _to_visitor("event_reminder", Lane.BULK)
EVENT_CHANGED = _to_visitor("event_changed", Lane.BULK)
EVENT_CANCELLED = _to_visitor("event_cancelled", Lane.BULK)
EVENT_REMOVED = _to_visitor("event_removed")


def _to_everybody(name: str) -> Kind:
    return Kind(name, Lane.BULK, _DAILY, is_optional=True, shares_cap=True)


def _to_author(name: str) -> Kind:
    return Kind(
        name, Lane.URGENT, _DAILY, is_optional=False, shares_cap=False, audience=Audience.AUTHOR, is_lasting=True
    )


DRAFT_WRITTEN = _to_author("draft_written")
PETITION_SUBMITTED = _to_author("petition_submitted")
PETITION_SPONSORED = _to_author("petition_sponsored")
PETITION_OPENED = _to_author("petition_opened")
PETITION_REJECTED = _to_author("petition_rejected")
COMPLAINT_RECEIVED = _to_author("complaint_received")
COMPLAINT_DECIDED = _to_author("complaint_decided")
SIGNATURES_REMOVED = _to_author("signatures_removed")
PETITION_THRESHOLD = _to_everybody("petition_threshold")
THRESHOLD_REVERSED = _to_everybody("threshold_reversed")
PETITION_STEP = _to_everybody("petition_step")
DEADLINE_EXTENDED = _to_everybody("deadline_extended")
PETITION_ANSWERED = _to_everybody("petition_answered")
ANSWER_CORRECTED = _to_everybody("answer_corrected")
PETITION_HEARING = _to_everybody("petition_hearing")
PETITION_CLOSED = _to_everybody("petition_closed")
KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        SIGN_IN, CONFIRM_SIGNATURE, SPONSOR_INVITATION, DRAFT_WRITTEN, PETITION_SUBMITTED, PETITION_SPONSORED,
        PETITION_OPENED, PETITION_REJECTED, COMPLAINT_RECEIVED, COMPLAINT_DECIDED, SIGNATURES_REMOVED,
        PETITION_THRESHOLD, THRESHOLD_REVERSED, PETITION_STEP, DEADLINE_EXTENDED, PETITION_ANSWERED, ANSWER_CORRECTED,
        PETITION_HEARING, PETITION_CLOSED, OFFICE_DIGEST, PASSKEY_ADDED, PASSKEY_COPIED, ORGANISATION_DECIDED,
        DRAFT_LINK, EVENT_CONFIRM, EVENT_REGISTERED, EVENT_WAITING, EVENT_PROMOTED, EVENT_REMINDER, EVENT_CHANGED,
        EVENT_CANCELLED, EVENT_REMOVED,
    )
}  # fmt: skip

_SECONDS: Mapping[Lane, Sequence[int]] = {
    Lane.URGENT: (5, 15, 60, 300, 300, 600),
    Lane.BULK: (60, 300, 900, 3600, 10_800, 21_600, 43_200),
}
_LASTING_SECONDS = (5, 15, 60, 300, *_SECONDS[Lane.BULK][2:])
# longer, because every such try may be a copy more
_UNCLEAR_SECONDS: Mapping[Lane, Sequence[int]] = {Lane.URGENT: (30, 120), Lane.BULK: (900, 7200)}


@dataclass(frozen=True, slots=True)
class Try:
    """A message that a worker has claimed, as far as deciding about it goes.

    Args:
        attempts: tries so far, this one included.
        unclear: those of them whose outcome is unknown, this one included until it is known.
        recent: messages under the same cap that the address has had in its window.
        is_suppressed: the receiver does not want it.
        is_undeliverable: mail to the address came back.
    """

    kind: Kind
    attempts: int
    unclear: int
    recent: int
    is_suppressed: bool
    expires_at: datetime | None
    is_undeliverable: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a message: an end state, or QUEUED with the time to wait."""

    state: State
    wait: timedelta = timedelta()


def before_sending(claimed: Try, now: datetime) -> Decision | None:
    """Why a claimed message ends without being sent; None when it goes out."""
    if claimed.unclear > MAX_COPIES or claimed.attempts > max_tries(claimed.kind):
        return Decision(State.TECHNICAL_FAILURE)
    if claimed.expires_at is not None and claimed.expires_at <= now:
        return Decision(State.EXPIRED)
    if claimed.is_suppressed and claimed.kind.is_optional:
        return Decision(State.SUPPRESSED)
    if claimed.is_undeliverable and not claimed.kind.is_asked_for:
        return Decision(State.SUPPRESSED)
    if claimed.recent >= claimed.kind.cap.most:
        return Decision(State.CAPPED)
    return None


def after_sending(claimed: Try, outcome: Outcome) -> Decision:
    """What becomes of a message after a try."""
    if outcome is Outcome.SENT:
        return Decision(State.SENT)
    if outcome is Outcome.REFUSED:
        return Decision(State.PERMANENT_FAILURE)
    waits, used = _waits(claimed.kind), claimed.attempts
    if outcome is Outcome.UNCLEAR:
        waits, used = _UNCLEAR_SECONDS[claimed.kind.lane], claimed.unclear
    if used > len(waits) or claimed.attempts >= max_tries(claimed.kind):
        return Decision(State.TECHNICAL_FAILURE)
    return Decision(State.QUEUED, timedelta(seconds=waits[used - 1]))


def max_tries(kind: Kind) -> int:
    """How often a message is tried in all."""
    return len(_waits(kind)) + 1


def language_for(wanted: str, languages: Sequence[str]) -> str:
    """The language of a mail: the wanted one ("uk-UA" counts as "uk") if the instance has it, else its first."""
    base = wanted.replace("_", "-").partition("-")[0].lower()
    return base if base in languages else languages[0]


def text_in(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """A localized text in ``language`` or, where it is missing, in English or whatever there is.

    Returns:
        the text and its language; both empty when there is none.
    """
    for candidate in (language, "en", *sorted(texts)):
        if texts.get(candidate):
            return texts[candidate], candidate
    return "", ""


def _waits(kind: Kind) -> Sequence[int]:
    return _LASTING_SECONDS if kind.is_lasting else _SECONDS[kind.lane]
