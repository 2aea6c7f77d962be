"""How busy the machine is: what takes ten seconds on a calm one takes longer where others want its processors."""

from __future__ import annotations

import os
import threading
import time
from types import TracebackType

EVERY_S = 0.5


class Pace:
    """Notes while the block lasts how many tasks want a processor, as the kernel averages it over a minute."""

    def __init__(self) -> None:
        self._noted: list[tuple[float, float]] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Pace:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ending.set()
        self._thread.join()

    def allowed_s(self, calm_s: float, since_s: float) -> float:
        """How long something may take that took so long at most on a calm machine: as many times longer as tasks had
        to share each processor.

        Args:
            since_s: when it began, by the monotonic clock.
        """
        tasks = [load for at_s, load in list(self._noted) if at_s >= since_s]
        return calm_s * max(1.0, max(tasks, default=_load()) / (os.cpu_count() or 1))

    def _run(self) -> None:
        while not self._ending.wait(EVERY_S):
            self._noted.append((time.monotonic(), _load()))


def _load() -> float:
    return os.getloadavg()[0]
