"""Polls that ran on platforms. Nobody has checked who voted there, so they stand beside a survey's answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from viche_surveys.domain.definition import WITH_OPTIONS, Definition

PLATFORM = re.compile(r"[a-z][a-z0-9_-]{0,39}")
MOST_OPTIONS = 100
MOST_VOTES = 10**12
LEEWAY = timedelta(minutes=5)
"""By which the clock of whoever brings the counts may be ahead."""


@dataclass(frozen=True, slots=True)
class PollOption:
    """An option as it was worded there; `code` is the survey's option that it repeats, or empty."""

    text: str
    code: str
    votes: int


@dataclass(frozen=True, slots=True)
class Poll:
    """Counts of one poll.

    Attributes:
        platform: where it ran ("telegram").
        poll_id: its own id there; the same one again replaces its counts.
        question: of the survey, that it repeats; empty where it repeats none.
        voters: people who voted, where the platform tells; else 0.
    """

    platform: str
    poll_id: str
    url: str
    question: str
    taken_at: datetime
    options: tuple[PollOption, ...]
    voters: int


@dataclass(frozen=True, slots=True)
class PollFault:
    """What is wrong: the field, a reason, and values for its sentence."""

    field: str
    reason: str
    values: dict[str, object]


def faults(poll: Poll, definition: Definition, now: datetime) -> Iterator[PollFault]:
    """Everything that keeps counts from standing beside a survey's results."""
    if not PLATFORM.fullmatch(poll.platform):
        yield PollFault("poll.platform", "BAD_NAME", {"value": poll.platform[:40]})
    if not poll.poll_id.strip():
        yield PollFault("poll.poll_id", "REQUIRED", {})
    if poll.url and not poll.url.startswith(("https://", "http://")):
        yield PollFault("poll.url", "NOT_A_URL", {})
    if poll.taken_at > now + LEEWAY:
        yield PollFault("poll.taken_at", "IN_THE_FUTURE", {})
    if not 1 <= len(poll.options) <= MOST_OPTIONS:
        yield PollFault("poll.options", "OUT_OF_RANGE", {"least": 1, "most": MOST_OPTIONS})
    if not 0 <= poll.voters <= MOST_VOTES:
        yield PollFault("poll.voters", "OUT_OF_RANGE", {"least": 0, "most": MOST_VOTES})
    yield from _option_faults(poll, definition)


def names_that_changed(definition: Definition, renamed: Mapping[str, str]) -> Mapping[str, str]:
    """Of new names by their former ones those that a definition really has, in place of the former."""
    known = {question.name for question in definition.questions()}
    return {former: new for former, new in renamed.items() if former not in known and new in known}


def _option_faults(poll: Poll, definition: Definition) -> Iterator[PollFault]:
    question = definition.question(poll.question) if poll.question else None
    if poll.question and (question is None or question.kind not in WITH_OPTIONS):
        yield PollFault("poll.question", "UNKNOWN_QUESTION", {"value": poll.question[:60]})
    known = {option.code for option in question.options} if question else set()
    for place, option in enumerate(poll.options):
        if not option.text.strip():
            yield PollFault(f"poll.options.{place}.text", "REQUIRED", {})
        if not 0 <= option.votes <= MOST_VOTES:
            yield PollFault(f"poll.options.{place}.votes", "OUT_OF_RANGE", {"least": 0, "most": MOST_VOTES})
        if option.code and option.code not in known:
            yield PollFault(f"poll.options.{place}.code", "NOT_OFFERED", {"value": option.code[:60]})
