"""What keeps a definition from opening, as `checking.py` and `expression_checking.py` find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong in a definition.

    Attributes:
        place: a JSON Pointer (RFC 6901) into its document.
        reason: stable, UPPER_SNAKE_CASE.
        values: for the sentence that says it.
    """

    place: str
    reason: str
    values: Mapping[str, str] = field(default_factory=dict)


def fault(place: str, reason: str, **values: object) -> Fault:
    """A fault whose values are written as text."""
    return Fault(place, reason, {name: str(value) for name, value in values.items()})
