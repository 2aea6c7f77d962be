"""Coarse limits of requests per address block, so that one sender cannot use up the gateway.

The rules that matter (per person, mailbox and burst) live with the services, in their databases.
These here count in this process alone, and cached answers do not count at all.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, current_app, request

from viche_chassis.errors import TooManyRequests
from viche_gateway.context import client_network


@dataclass(frozen=True, slots=True)
class Rule:
    """At most ``most`` requests of one kind from one address block in ``window_s`` seconds."""

    name: str
    most: int
    window_s: int = 60


# a mobile operator puts thousands of people behind one address, hence the size
READ = Rule("read", 3000)
WRITE = Rule("write", 600)
MAIL = Rule("mail", 60)
# requests that have a mail sent to whoever is named in them
MAIL_ENDPOINTS = frozenset(
    {
        "portal.send_link", "portal.sign_by_email", "portal.mail_survey_draft", "framed_surveys.mail_survey_draft",
        "portal.register_for_event",
        "api.send_sign_in_link", "api.sign_by_email",
    }
)  # fmt: skip
UNLIMITED_ENDPOINTS = frozenset({"assets.built"})
_ROUNDING = 1e-6


class Counter:
    """Counts per sender over a sliding window: what came in this one, and the part of the last that is still near.

    Args:
        factor: multiplies every rule.
        clock: seconds that only grow.
    """

    def __init__(self, factor: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._factor = factor
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[Rule, _Windows] = {}

    def hit(self, rule: Rule, sender: str) -> None:
        """Counts one request.

        Raises:
            TooManyRequests: it is one too many; it is not counted, and ``retry_after_s`` says when one will fit.
        """
        number, passed = divmod(self._clock() / rule.window_s, 1)
        most = max(1, round(rule.most * self._factor))
        with self._lock:
            windows = self._windows.setdefault(rule, _Windows())
            windows.move_to(int(number))
            before, now = windows.last.get(sender, 0), windows.this.get(sender, 0)
            if before * (1 - passed) + now + 1 <= most + _ROUNDING:
                windows.this[sender] = now + 1
                return
        raise TooManyRequests(retry_after_s=_wait_s(rule.window_s, most, before, now, passed))


@dataclass(slots=True)
class _Windows:
    """Requests by sender in the window that runs and in the one before it; older ones are forgotten."""

    number: int = 0
    this: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)

    def move_to(self, number: int) -> None:
        if number != self.number:
            self.last = self.this if number == self.number + 1 else {}
            self.this = {}
            self.number = number


def _wait_s(window_s: int, most: int, before: int, now: int, passed: float) -> int:
    """Seconds until one more request fits, if none comes meanwhile: from 1 to two windows."""
    if now < most:  # the window before must move further away
        fits_at = 1 - (most - 1 - now) / before
    else:  # and so must this one, in the window to come
        fits_at = 2 - (most - 1) / now
    return max(1, math.ceil((fits_at - passed) * window_s - _ROUNDING))


def register(app: Flask) -> None:
    """Counts every request that reaches Flask."""
    app.extensions["viche.limits"] = Counter(app.extensions["viche.settings"].rate_factor)
    app.before_request(_count)


def _count() -> None:
    if request.endpoint in UNLIMITED_ENDPOINTS:
        return
    counter: Counter = current_app.extensions["viche.limits"]
    sender = client_network()
    if request.endpoint in MAIL_ENDPOINTS and request.method == "POST":
        counter.hit(MAIL, sender)
    counter.hit(READ if request.method in ("GET", "HEAD", "OPTIONS") else WRITE, sender)
