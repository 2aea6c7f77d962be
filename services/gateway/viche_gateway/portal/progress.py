"""How far a petition is on the way to each of its thresholds, and in which territories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import country_name
from viche_gateway.portal.life import Goal, goal_of
from viche_gateway.regions import current_region, summed_up, territory_name

# acts of the European Union call Greece EL, ISO 3166 calls it GR
_ISO_OF_UNION = {"EL": "GR"}


@dataclass(frozen=True, slots=True)
class Minimum:
    """What one territory must have, and has; ``count`` is None where that is not known."""

    territory: str
    needed: int
    count: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """The way to one threshold; ``territories_needed`` is 0 where only the total counts."""

    goal: Goal
    territories_reached: int
    territories_needed: int
    minima: tuple[Minimum, ...]


def ways_of(petition: pb.Petition, territories: Sequence[pb.TerritoryCount] | None) -> tuple[Way, ...]:
    """The way to each threshold, the lowest first.

    Args:
        territories: counts by the territory where people live; None where they are not known.
    """
    counts = None if territories is None else summed_up(_counts(territories))
    ordered = sorted(petition.terms.thresholds, key=lambda threshold: threshold.signatures)
    return tuple(_way(threshold, petition.signature_count, counts) for threshold in ordered)


def minima_of(threshold: pb.Threshold, counts: Mapping[str, int] | None = None) -> tuple[Minimum, ...]:
    """The minima of a threshold by the names of their territories."""
    minima = [
        Minimum(place_name(code), needed, None if counts is None else counts.get(code, 0))
        for code, needed in threshold.minima.per_territory.items()
    ]
    return tuple(sorted(minima, key=lambda minimum: minimum.territory.casefold()))


def place_name(code: str) -> str:
    """A territory of this region, or else a country; the code itself when it is neither."""
    if code in current_region().territories:
        return territory_name(code)
    return country_name(_ISO_OF_UNION.get(code, code))


def _way(threshold: pb.Threshold, count: int, counts: Mapping[str, int] | None) -> Way:
    return Way(
        goal=goal_of(threshold, count),
        territories_reached=threshold.territories_reached,
        territories_needed=threshold.minima.territories,
        minima=minima_of(threshold, counts),
    )


def _counts(territories: Sequence[pb.TerritoryCount]) -> dict[str, int]:
    return {item.territory_code: item.signature_count for item in territories if item.territory_code}
