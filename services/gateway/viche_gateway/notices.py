"""Notices of the instance: a banner on all pages, and maintenance. Identity keeps them, and is asked every few seconds.

While identity does not answer, its last answer stands, so that maintenance outlasts the stop of any service.
A process that has had no answer yet shows no banner, and takes nothing (:mod:`viche_gateway.maintenance`).
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from viche.identity.v1 import notices_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import formats
from viche_gateway.languages import current_language

FRESH_S = 2.0
RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice for the reader: its text in the language that it is in, maybe another than theirs; "" where none."""

    language: str
    text: str
    link: str
    until_at: datetime | None


class Notices:
    """What holds now, as identity last said it.

    Args:
        ask: identity's answer, or DomainError.
        clock: seconds that only grow.
    """

    def __init__(self, ask: Callable[[], Sequence[pb.Notice]], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = threading.Lock()
        self._holding: Mapping[int, pb.Notice] | None = None
        self._ask_at = float("-inf")

    def get(self) -> Mapping[int, pb.Notice] | None:
        """What holds by kind; None where identity has not answered since this process started.

        One thread asks, while the others take what is known.
        """
        if self._clock() >= self._ask_at and self._lock.acquire(blocking=self._holding is None):
            try:
                if self._clock() >= self._ask_at:
                    self._refresh()
            finally:
                self._lock.release()
        return self._holding

    def forget(self) -> None:
        """Asks identity anew the next time."""
        self._ask_at = float("-inf")

    def _refresh(self) -> None:
        try:
            self._holding = {each.kind: each for each in self._ask()}
            self._ask_at = self._clock() + FRESH_S
        except DomainError:
            self._ask_at = self._clock() + RETRY_S


def register(app: Flask) -> None:
    """Keeps what holds, and gives templates the notices."""
    app.extensions["viche.notices"] = Notices(app.extensions["viche.clients"].notices.holding)
    app.jinja_env.globals.update(banner=banner, maintenance=maintenance, shown_notice=shown)


def known() -> Notices:
    """The notices of this process."""
    return current_app.extensions["viche.notices"]


def banner() -> Shown | None:
    """What stands on all pages; None where nothing does."""
    found = (known().get() or {}).get(pb.NOTICE_KIND_BANNER)
    until_at = formats.moment(found.until_at) if found else None
    is_over = until_at is not None and until_at <= formats.now()
    return shown(found) if found and not is_over else None


def maintenance() -> Shown | None:
    """What is said while nothing is taken; None outside of maintenance."""
    found = (known().get() or {}).get(pb.NOTICE_KIND_MAINTENANCE)
    return shown(found) if found else None


def shown(notice: pb.Notice, language: str = "") -> Shown:
    """A notice for readers of a language, or of this request's."""
    wanted = (language or current_language(), current_app.extensions["viche.settings"].default_language)
    texts = notice.text.texts
    chosen = next((each for each in (*wanted, *sorted(texts)) if texts.get(each)), "")
    return Shown(chosen, texts.get(chosen, ""), notice.link, formats.moment(notice.until_at))
