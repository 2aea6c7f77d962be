"""Shards of counts: rows that add up to one number, so that writers do not wait for one row."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

SHARDS = 8


class Shards:
    """Gives batches that are under way at once shards of their own, so that they do not wait for each other's counts.

    Another process may use the same one; then they do wait, and no harm is done.
    """

    def __init__(self, count: int = SHARDS) -> None:
        self._count = count
        start = random.randrange(count)  # noqa: S311 (nothing secret)
        self._free = [(start + place) % count for place in range(count)][::-1]

    @contextmanager
    def take(self) -> Iterator[int]:
        """A shard that nobody else in this process uses, or any where all are in use."""
        shard = self._free.pop() if self._free else None
        try:
            yield random.randrange(self._count) if shard is None else shard  # noqa: S311 (nothing secret)
        finally:
            if shard is not None:
                self._free.append(shard)
