"""Minima by territory: a threshold may ask for signatures from many places, not only for many signatures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from viche_sdk.figures import Figure


@dataclass(frozen=True, slots=True)
class PerTerritory(Mapping[str, int]):
    """A number of signatures for each territory; a mapping from its code."""

    numbers: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> "PerTerritory":
        """Make one from any mapping."""
        return cls(tuple(sorted(numbers.items())))

    def __getitem__(self, code: str) -> int:
        """The number for this territory."""
        return dict(self.numbers)[code]

    def __iter__(self) -> Iterator[str]:
        """The codes, in alphabetical order."""
        return iter(dict(self.numbers))

    def __len__(self) -> int:
        """How many territories there are."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Minima:
    """At least so many `territories` must have their minimum each.

    Territories that are not in `per_territory` add to the total only.
    """

    territories: Figure
    per_territory: Mapping[str, int]

    def __post_init__(self) -> None:
        """Keep the numbers as a value."""
        object.__setattr__(self, "per_territory", PerTerritory.of(self.per_territory))


@dataclass(frozen=True, slots=True)
class FixedMinima:
    """The minima of one petition."""

    territories: int
    per_territory: PerTerritory

    def territories_reached(self, by_territory: Mapping[str, int]) -> int:
        """How many territories have their minimum, from the signatures by territory code."""
        return sum(by_territory.get(code, 0) >= needed for code, needed in self.per_territory.numbers)
