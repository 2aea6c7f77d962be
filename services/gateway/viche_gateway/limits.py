"""Coarse limits of requests per address block, so that one sender cannot use up the gateway.

The rules that matter (per person, mailbox and burst) live with the services, in their databases.
These here count in this process alone, and cached answers do not count at all.
"""

import time
from dataclasses import dataclass

from flask import Flask, current_app, request
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

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
MAIL_ENDPOINTS = frozenset({"portal.send_link", "portal.sign_by_email", "api.send_sign_in_link", "api.sign_by_email"})
UNLIMITED_ENDPOINTS = frozenset({"assets.built"})


class Counter:
    """Counts per sender over a sliding window: what came in this one, and the part of the last that is still near.

    Args:
        factor: multiplies every rule.
    """

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._items: dict[Rule, RateLimitItemPerSecond] = {}

    def hit(self, rule: Rule, sender: str) -> None:
        """Counts one request.

        Raises:
            TooManyRequests: it is one too many; it is not counted, and ``retry_after_s`` says when one will fit.
        """
        item = self._items.get(rule) or self._item(rule)
        if not self._limiter.hit(item, rule.name, sender):
            resets_at = self._limiter.get_window_stats(item, rule.name, sender).reset_time
            raise TooManyRequests(retry_after_s=max(1, round(resets_at - time.time())))

    def _item(self, rule: Rule) -> RateLimitItemPerSecond:
        most = max(1, round(rule.most * self._factor))
        return self._items.setdefault(rule, RateLimitItemPerSecond(most, rule.window_s))


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
