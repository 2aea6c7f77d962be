"""Which origins belong to partners. Identity keeps them, and is asked every few seconds.

For an origin that is nobody's it is asked sooner, so that all gateways know one that was just registered at once.
While identity does not answer, its last answer stands.
"""

import threading
import time
from collections.abc import Callable, Mapping

from viche_chassis.errors import DomainError

FRESH_S = 10.0
UNKNOWN_FRESH_S = 1.0
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
        self._asked_at = float("-inf")
        self._ask_at = float("-inf")

    def partner_of(self, origin: str) -> str:
        """The id of the partner whose pages are at ``origin``, written as browsers do; empty where it is nobody's.

        One thread asks, while the others take what is known.

        Raises:
            DomainError: identity has not answered since this process started.
        """
        if self._is_due(origin) and self._lock.acquire(blocking=self._known is None):
            try:
                if self._is_due(origin):
                    self._refresh()
            finally:
                self._lock.release()
        return (self._known or {}).get(origin, "")

    def forget(self) -> None:
        """Asks identity anew the next time."""
        self._ask_at = float("-inf")

    def _is_due(self, origin: str) -> bool:
        at = self._ask_at if origin in (self._known or ()) else min(self._ask_at, self._asked_at + UNKNOWN_FRESH_S)
        return self._clock() >= at

    def _refresh(self) -> None:
        self._asked_at = self._clock()
        try:
            self._known = self._ask()
            self._ask_at = self._asked_at + FRESH_S
        except DomainError:
            if self._known is None:
                raise
            self._ask_at = self._clock() + RETRY_S
