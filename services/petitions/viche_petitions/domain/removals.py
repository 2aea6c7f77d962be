"""What everybody may know of signatures that were taken out of a count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Removal:
    """A decision to take signatures out of the count, or to put them back, as everybody may know it."""

    reason: str
    signatures: int
    at: datetime
    note: Mapping[str, str]
    is_restored: bool
    is_against: bool = False


@dataclass(frozen=True, slots=True)
class Reversal:
    """A threshold that the count fell under again, with the signatures that were left."""

    threshold: str
    reached_at: datetime
    reversed_at: datetime
    signatures: int


@dataclass(frozen=True, slots=True)
class Removals:
    """What was taken out of a count: ``signatures`` in all, and the decisions that may be told of one by one.

    Of ``votes_against`` as many were taken out.
    """

    signatures: int = 0
    items: tuple[Removal, ...] = ()
    reversals: tuple[Reversal, ...] = ()
    votes_against: int = 0
