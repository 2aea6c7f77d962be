"""What `viche up` says: a spinner and colours on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Tells what happens, one line for each thing done."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._fancy = self._out.isatty()
        self._step_s = 0.0

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Shows that `what` goes on, and how long it took when it is done."""
        began = time.monotonic()
        with self._spinner(what):
            yield
        took = f"({time.monotonic() - began:.1f} s)"
        self.say(f"\x1b[32m✓\x1b[0m {what} \x1b[2m{took}\x1b[0m" if self._fancy else f"{what}: done {took}")

    def say(self, line: str = "") -> None:
        """One line, at once. A reader that went away does not stop us."""
        try:
            print(line, file=self._out, flush=True)
        except BrokenPipeError:
            self._fancy = False
            self._out = sys.stderr

    def warn(self, line: str) -> None:
        """One line that somebody should look at."""
        clock = time.strftime("%H:%M:%S")
        self.say(f"\x1b[33m{clock} {line}\x1b[0m" if self._fancy else f"{clock} {line}")

    @contextmanager
    def _spinner(self, what: str) -> Iterator[None]:
        if not self._fancy:
            yield
            return
        from rich.console import Console

        with Console(file=self._out).status(what):
            yield
