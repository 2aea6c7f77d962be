"""What was sent and what was answered, kept outside of the suite: no fault in there can change it.

One line of JSON for each thing noted goes to a file too, so that a failed run can be looked into.
"""

from __future__ import annotations

import itertools
import json
import math
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What the client saw of one try."""

    ACKNOWLEDGED = "acknowledged"
    # a final no, with a reason
    REFUSED = "refused"
    # no answer, or "later": the client tries again with the same request id
    FAILED = "failed"


class Channel(StrEnum):
    """How somebody signs."""

    PERSON = "person"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Request:
    """One press on the button. `key` is the request id; for a signature by e-mail, the address.

    `subject_id` names the petition that is signed or the survey that is answered.
    """

    key: str
    subject_id: str
    person: str
    channel: Channel = Channel.PERSON


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try; times are seconds of the monotonic clock."""

    outcome: Outcome
    sent_at_s: float
    answered_at_s: float
    # HTTP status; 0 when there was none
    status: int = 0
    # of a refusal or a failure
    reason: str = ""
    # of an acknowledged signature, where the answer names it
    signature_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A request with all its answers so far, oldest first. It was sent at least once, even without an answer."""

    request: Request
    answers: tuple[Answer, ...] = ()

    @property
    def is_acknowledged(self) -> bool:
        """Whether the client was ever told that the signature or answer counts."""
        return any(answer.outcome is Outcome.ACKNOWLEDGED for answer in self.answers)

    @property
    def is_refused(self) -> bool:
        """Whether the client was ever told a final no."""
        return any(answer.outcome is Outcome.REFUSED for answer in self.answers)

    @property
    def is_settled(self) -> bool:
        """Whether the client knows what became of it."""
        return self.is_acknowledged or self.is_refused


class Ledger:
    """All requests of a run. Methods may be called from several threads."""

    def __init__(self, file: Path | None = None) -> None:
        """`file` gets a line for everything noted; none is written without it."""
        self._lock = threading.Lock()
        self._entries: dict[str, Entry] = {}
        # when somebody was last told that theirs counts, by the monotonic clock
        self.last_acknowledged_at_s = 0.0
        self._file = file.open("a", encoding="utf-8", buffering=1) if file else None

    def sending(self, request: Request) -> None:
        """Notes that a request is about to be sent. Raises ValueError when its key stands for another one."""
        with self._lock:
            known = self._entries.setdefault(request.key, Entry(request))
            if known.request != request:
                raise ValueError(f"{request.key} is the key of another request")
            self._write({"at_s": time.monotonic(), "sending": asdict(request)})

    def answered(self, key: str, answer: Answer) -> None:
        """Notes what came of a try."""
        with self._lock:
            entry = self._entries[key]
            self._entries[key] = replace(entry, answers=(*entry.answers, answer))
            if answer.outcome is Outcome.ACKNOWLEDGED:
                self.last_acknowledged_at_s = max(self.last_acknowledged_at_s, answer.answered_at_s)
            self._write({"key": key, "answer": asdict(answer)})

    def first_acknowledged_after_s(self, moment_s: float) -> float:
        """When somebody was first told after this moment that theirs counts; infinity if nobody was."""
        told = (answer.answered_at_s for answer in acknowledgements(self.entries()))
        return min((at_s for at_s in told if at_s > moment_s), default=math.inf)

    def entries(self, subject_ids: Iterable[str] | None = None) -> list[Entry]:
        """Everything so far, or what belongs to the petitions or surveys named."""
        with self._lock:
            every = list(self._entries.values())
        if subject_ids is None:
            return every
        wanted = set(subject_ids)
        return [entry for entry in every if entry.request.subject_id in wanted]

    def close(self) -> None:
        """Ends the file."""
        if self._file:
            self._file.close()

    def _write(self, document: dict[str, object]) -> None:
        if self._file:
            self._file.write(json.dumps(document) + "\n")


def acknowledgements(entries: Iterable[Entry]) -> Iterator[Answer]:
    """All good answers."""
    for entry in entries:
        yield from (answer for answer in entry.answers if answer.outcome is Outcome.ACKNOWLEDGED)


def first_acknowledgements(entries: Iterable[Entry]) -> Iterator[Answer]:
    """The answers by which clients learnt it. A request that comes again gets its answer again, also much later."""
    for entry in entries:
        yield from [answer for answer in entry.answers if answer.outcome is Outcome.ACKNOWLEDGED][:1]


def longest_silence_s(entries: Iterable[Entry], began_at_s: float, ended_at_s: float) -> float:
    """The longest time between two moments in which nothing was acknowledged."""
    moments = sorted(answer.answered_at_s for answer in acknowledgements(entries))
    within = [began_at_s, *(at for at in moments if began_at_s < at < ended_at_s), ended_at_s]
    return max(later - earlier for earlier, later in itertools.pairwise(within))
