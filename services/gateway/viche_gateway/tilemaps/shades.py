"""Values in three shades, so that neighbours differ three to one; zero has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

SHADES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Shade:
    """One shade with the least and the greatest value that it stands for."""

    level: int
    least: float
    most: float


def levels(values: Mapping[str, float]) -> Mapping[str, int]:
    """The shade of each value, 0 for nothing: the lowest third of those above zero, the middle one, the highest.

    Equal values have the same shade.
    """
    above = sorted(value for value in values.values() if value > 0)
    cuts = [above[ceil(len(above) * part / 3) - 1] for part in (1, 2)] if above else []
    return {code: 1 + sum(value > cut for cut in cuts) if value > 0 else 0 for code, value in values.items()}


def legend(values: Mapping[str, float], found: Mapping[str, int]) -> Sequence[Shade]:
    """The shades that occur, the lightest first."""
    spans = ((level, [values[code] for code, at in found.items() if at == level]) for level in SHADES)
    return [Shade(level, min(span), max(span)) for level, span in spans if span]
