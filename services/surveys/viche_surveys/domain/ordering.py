"""The order in which things are shown: shuffled by a seed that is stored with the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shuffled(
    items: Sequence[T], seed: int, within: str, name_of: Callable[[T], str], keeps: Callable[[T], bool]
) -> list[T]:
    """The items in the order of the seed. Those that keep their place stay where they are written.

    The same seed gives the same order wherever it is worked out: items go by SHA-256 of seed, question and name.

    Args:
        within: what is shuffled; two questions with the same options have orders of their own.
    """
    moving = sorted((each for each in items if not keeps(each)), key=lambda each: _rank(seed, within, name_of(each)))
    rest = iter(moving)
    return [each if keeps(each) else next(rest) for each in items]


def _rank(seed: int, within: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed}/{within}/{name}".encode()).digest()
