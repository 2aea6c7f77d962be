"""Which origins belong to partners. Identity keeps them, and is asked every few seconds.

While identity does not answer, its last answer stands.
"""

import threading
import time
from collections.abc import Callable, Mapping

from viche_chassis.errors import DomainError

FRESH_S = 10.0
RETRY_S = 3.0


class Origins:
    """Partners by the origins of their pages, as identity last said it.

    Args:
        ask: identity's answer, or DomainError.
        clock: seconds that only grow.
    """

    def __init__(self, ask: Callable[[], Mapping[str, str]], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Mapping[str, str] | None = None
        self._ask_at = float("-inf")

    def partner_of(self, origin: str) -> str:
        """The id of the partner whose pages are at ``origin``, written as browsers do; empty where it is nobody's.

        One thread asks, while the others take what is known.

        Raises:
            DomainError: identity has not answered since this process started.
        """
        if self._clock() >= self._ask_at and self._lock.acquire(blocking=self._known is None):
            try:
                if self._clock() >= self._ask_at:
                    self._refresh()
            finally:
                self._lock.release()
        return (self._known or {}).get(origin, "")

    def forget(self) -> None:
        """Asks identity anew the next time."""
        self._ask_at = float("-inf")

    def _refresh(self) -> None:
        try:
            self._known = self._ask()
            self._ask_at = self._clock() + FRESH_S
        except DomainError:
            if self._known is None:
                raise
            self._ask_at = self._clock() + RETRY_S
