"""Whole tables, made once for everybody who asks within a minute, kept on disk and never in memory.

A table is sent only when all of it is there, with its length: the web server ends an answer that fails half-way as if
it were whole, and a table that lacks rows must not look like one.
"""

import os
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from viche_chassis.errors import TooManyRequests

MOST_FILES = 16
# of the gateway's threads, so that pages are answered while tables are made
MOST_WAITING = 8
RETRY_AFTER_S = 15
_PART_BYTES = 256 * 1024


class File:
    """A file without a name; it is gone when nobody reads it any more."""

    _number = -1

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._number, path = tempfile.mkstemp(prefix="viche-table-")
        os.unlink(path)
        self.size_bytes = 0
        for part in parts:
            self._write(part)

    def parts(self) -> Iterator[bytes]:
        """The content, for any number of readers at once."""
        for start in range(0, self.size_bytes, _PART_BYTES):
            yield os.pread(self._number, _PART_BYTES, start)

    def _write(self, part: bytes) -> None:
        left = memoryview(part)
        while left:
            written = os.write(self._number, left)
            self.size_bytes += written
            left = left[written:]

    def __del__(self) -> None:
        if self._number >= 0:
            os.close(self._number)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table and the version of the data that it is made of."""

    version: str
    file: File


@dataclass(slots=True)
class _Place:
    """Where one table lies, if it was made; who makes it holds the lock."""

    lock: threading.Lock
    table: Table | None = None
    fresh_until: float = 0.0


class Tables:
    """The tables that were asked for last.

    Args:
        fresh_s: for how long a table is given out without a look whether something has changed.
        clock: seconds, never going back.
    """

    def __init__(self, fresh_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._fresh_s = fresh_s
        self._clock = clock
        self._lock = threading.Lock()
        self._seats = threading.BoundedSemaphore(MOST_WAITING)
        self._places: OrderedDict[str, _Place] = OrderedDict()

    def get(self, key: str, begin: Callable[[], tuple[str, Iterable[bytes]]]) -> Table:
        """The table, made anew where its data has changed.

        Whoever asks meanwhile gets the one before, or waits for the first one.

        Args:
            key: what is asked for.
            begin: gives the version of the data, and the parts of the table, which are made as they are read.

        Raises:
            TooManyRequests: too many wait for tables already.
        """
        place = self._place(key)
        if place.table is not None and (self._clock() < place.fresh_until or place.lock.locked()):
            return place.table
        if not self._seats.acquire(blocking=False):
            raise TooManyRequests(retry_after_s=RETRY_AFTER_S)
        try:
            return self._renewed(place, begin)
        finally:
            self._seats.release()

    def _renewed(self, place: _Place, begin: Callable[[], tuple[str, Iterable[bytes]]]) -> Table:
        with place.lock:
            if place.table is None or self._clock() >= place.fresh_until:
                version, parts = begin()
                if place.table is None or place.table.version != version:
                    place.table = Table(version, File(parts))
                place.fresh_until = self._clock() + self._fresh_s
            return place.table

    def _place(self, key: str) -> _Place:
        with self._lock:
            place = self._places.setdefault(key, _Place(threading.Lock()))
            self._places.move_to_end(key)
            while len(self._places) > MOST_FILES:
                self._places.popitem(last=False)
            return place
