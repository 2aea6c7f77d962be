"""What happens to a petition in the course of its life; clocks start and end with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_REACHED = "threshold_reached"


class Event(StrEnum):
    """What happens to a petition once, in the order of its life. Stable: it is stored and translated."""

    SUBMITTED = "submitted"
    SPONSORED = "sponsored"
    REGISTERED = "registered"
    REJECTED = "rejected"
    COMPLAINT_MADE = "complaint_made"
    COMPLAINT_DECIDED = "complaint_decided"
    OPENED = "opened"
    COLLECTION_ENDED = "collection_ended"
    HANDED_OVER = "handed_over"
    VERIFIED = "verified"
    CONSIDERATION_STARTED = "consideration_started"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reached:
    """A threshold was reached."""

    threshold: str

    def __str__(self) -> str:
        """As it is stored: "threshold_reached:answer"."""
        return f"{_REACHED}:{self.threshold}"


Happening = Event | Reached
"""What a clock starts at or ends with."""

EXPLAINED: Mapping[Event, str] = {
    Event.SUBMITTED: "it was submitted",
    Event.SPONSORED: "it had all its sponsors",
    Event.REGISTERED: "it was registered",
    Event.REJECTED: "it was rejected",
    Event.COMPLAINT_MADE: "its author complained",
    Event.COMPLAINT_DECIDED: "the complaint was decided",
    Event.OPENED: "it opened",
    Event.COLLECTION_ENDED: "collecting ended",
    Event.HANDED_OVER: "it was handed over to its addressee",
    Event.VERIFIED: "its signatures were verified",
    Event.CONSIDERATION_STARTED: "the start of its consideration was announced",
    Event.ANSWERED: "it was answered",
    Event.CLOSED: "it was closed",
}


def explained(event: Happening) -> str:
    """The event in English, for logs and the command line."""
    return f"threshold {event.threshold} was reached" if isinstance(event, Reached) else EXPLAINED[event]


def event_named(name: str) -> Happening:
    """The event that `str` gave.

    Raises:
        ValueError: there is none of that name.
    """
    kind, _, threshold = name.partition(":")
    return Reached(threshold) if kind == _REACHED and threshold else Event(name)
