"""Stops asking a connector that keeps failing by itself, and tries again after a pause."""

import time
from collections.abc import Callable
from enum import StrEnum

AFTER = 5
"""As many faults in a row open it."""
PAUSE_S, LONGEST_PAUSE_S = 30.0, 600.0
"""It doubles with each trial that fails."""


class BreakerState(StrEnum):
    """Whether calls go through."""

    CLOSED = "closed"
    OPEN = "open"
    TRIAL = "trial"


class Breaker:
    """For one connector. What a platform refuses or cannot do is no fault of the connector's.

    Args:
        clock: seconds that never go back.
    """

    def __init__(
        self, after: int = AFTER, pause_s: float = PAUSE_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._after = after
        self._first_pause_s = self._pause_s = pause_s
        self._clock = clock
        self._in_a_row = 0
        self._incident = ""
        self._until = 0.0
        self.state = BreakerState.CLOSED
        self.reason = ""

    def wait_s(self) -> float | None:
        """Seconds until a call may go through; None when one may now, which an open breaker takes for its trial."""
        if self.state is BreakerState.CLOSED:
            return None
        left_s = self._until - self._clock()
        if self.state is BreakerState.TRIAL or left_s > 0:
            return max(left_s, 1.0)
        self.state = BreakerState.TRIAL
        return None

    def passed(self) -> None:
        """A call has ended as it should."""
        if self.state is not BreakerState.OPEN:  # else it had begun before
            self.state, self.reason = BreakerState.CLOSED, ""
            self._in_a_row, self._pause_s = 0, self._first_pause_s

    def failed(self, reason: str, incident: str = "") -> None:
        """A call has ended by a fault of the connector's; of one incident only the first counts."""
        if incident and incident == self._incident:
            return
        self._incident, self.reason = incident, reason
        self._in_a_row += 1
        if self.state is BreakerState.TRIAL:
            self._pause_s = min(2 * self._pause_s, LONGEST_PAUSE_S)
        if self.state is BreakerState.TRIAL or self._in_a_row >= self._after:
            self.state, self._until = BreakerState.OPEN, self._clock() + self._pause_s

    def unanswered(self) -> None:
        """A call never reached the connector: a trial is still due."""
        if self.state is BreakerState.TRIAL:
            self.state = BreakerState.OPEN
