"""Coarse limits of requests per address block, so that one sender cannot use up the gateway.

The rules that matter (per person, mailbox and burst) live with the services, in their databases.
These here count in this process alone, and cached answers do not count at all.

The counter is ours: the memory store of the package ``limits`` walks all its keys from a timer thread up to a hundred
times a second, which costs every request about 0.1 ms when tens of thousands of addresses come at once.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request

from viche_chassis.errors import TooManyRequests
from viche_gateway.context import client_network

MOST_SENDERS = 100_000


@dataclass(frozen=True, slots=True)
class Rule:
    """At most ``most`` requests of one kind from one address block in ``window_s`` seconds."""

    name: str
    most: int
    window_s: float = 60.0


# a mobile operator puts thousands of people behind one address, hence the size
READ = Rule("read", 3000)
WRITE = Rule("write", 600)
MAIL = Rule("mail", 60)
# requests that have a mail sent to whoever is named in them
MAIL_ENDPOINTS = frozenset({"portal.send_link", "portal.sign_by_email", "api.send_sign_in_link", "api.sign_by_email"})
UNLIMITED_ENDPOINTS = frozenset({"assets.built"})


class WindowCounter:
    """Counts per sender over a sliding window: what came in this one, and the part of the last that is still near.

    Args:
        factor: multiplies every rule.
        clock: seconds, never going back.
    """

    def __init__(self, factor: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._factor = factor
        self._clock = clock
        self._lock = threading.Lock()
        self._windows: dict[str, _Window] = {}

    def hit(self, rule: Rule, sender: str) -> None:
        """Counts one request.

        Raises:
            TooManyRequests: it is one too many; it is not counted, and ``retry_after_s`` says when one will fit.
        """
        with self._lock:
            now = self._clock()
            window = self._window(rule, now)
            elapsed = (now - window.began_at) / rule.window_s
            count = window.now.get(sender, 0)
            near = window.before.get(sender, 0) * (1 - elapsed)
            if count + near >= rule.most * self._factor:
                raise TooManyRequests(retry_after_s=max(1, round((1 - elapsed) * rule.window_s)))
            if count or len(window.now) < MOST_SENDERS:
                window.now[sender] = count + 1

    def _window(self, rule: Rule, now: float) -> "_Window":
        window = self._windows.get(rule.name)
        if window is None or now - window.began_at >= 2 * rule.window_s:
            window = _Window(now, {}, {})
        elif now - window.began_at >= rule.window_s:
            window = _Window(window.began_at + rule.window_s, {}, window.now)
        self._windows[rule.name] = window
        return window


@dataclass(frozen=True, slots=True)
class _Window:
    began_at: float
    now: dict[str, int]
    before: dict[str, int]


def register(app: Flask) -> None:
    """Counts every request that reaches Flask."""
    app.extensions["viche.limits"] = WindowCounter(app.extensions["viche.settings"].rate_factor)
    app.before_request(_count)


def _count() -> None:
    if request.endpoint in UNLIMITED_ENDPOINTS:
        return
    counter: WindowCounter = current_app.extensions["viche.limits"]
    sender = client_network()
    if request.endpoint in MAIL_ENDPOINTS and request.method == "POST":
        counter.hit(MAIL, sender)
    counter.hit(READ if request.method in ("GET", "HEAD", "OPTIONS") else WRITE, sender)
