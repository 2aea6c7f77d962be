"""Patience with an engine that is not up yet, because jobs in a cluster start before their engines."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, TypeVar

import click

from viche_cli.faults import Fault

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 5.0
SAID_EVERY_S = 15.0
_UNITS_S = {"s": 1.0, "m": 60.0, "h": 3600.0}

T = TypeVar("T")


class NotYet(Exception):
    """An engine does not answer, or not as it should; maybe it will. Says why, for people."""


class Duration(click.ParamType[float]):
    """Seconds, written as 90s, 5m or 1h."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        if isinstance(value, float):
            return value
        number, unit = str(value)[:-1], str(value)[-1:]
        if unit not in _UNITS_S or not number.isascii() or not number.isdigit():
            self.fail(f"{value!r} is no duration; write it like 90s, 5m or 1h.", param, ctx)
        return int(number) * _UNITS_S[unit]


wait_option: Callable[[Any], Any] = click.option(
    "--wait", "wait_s", type=Duration(), default="0s", show_default=True,
    help="How long to wait for an engine that does not answer yet, as 90s, 5m or 1h.",
)  # fmt: skip


def patiently(what: str, attempt: Callable[[], T], wait_s: float) -> T:
    """What the attempt gives; one that raises NotYet is made again until `wait_s` is over.

    Args:
        what: the engine, for the lines on stderr that tell how the wait goes.
    Raises:
        Fault: it was in vain, and why.
    """
    deadline_s = time.monotonic() + wait_s
    pause_s, said_at_s, said = FIRST_PAUSE_S, 0.0, ""
    while True:
        try:
            return attempt()
        except NotYet as error:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                raise Fault(str(error)) from error.__cause__
            if str(error) != said or time.monotonic() - said_at_s > SAID_EVERY_S:
                said, said_at_s = str(error), time.monotonic()
                print(f"waiting for {what}, {left_s:.0f} s left: {said}", file=sys.stderr, flush=True)
        time.sleep(min(pause_s, left_s))
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
