"""Where and when a petition opens: the facts on which rules may depend."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from viche_sdk.settings import SettingReason


class Level(StrEnum):
    """The level of government that a petition is addressed to. Stable: it is stored and translated."""

    UNION = "union"
    NATIONAL = "national"
    REGION = "region"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about an authority and a petition to it; what is not known is None, or empty, never a guess.

    `territory_code` and `population` are those of the authority's territory; `registered_on` is the day on which the
    petition was registered, where that is earlier than the day of opening.
    """

    territory_code: str = ""
    level: Level | None = None
    population: int | None = None
    opened_on: date | None = None
    registered_on: date | None = None

    @property
    def ruled_on(self) -> date | None:
        """The day whose version of the rules holds: of registration, where that is earlier, or else of opening."""
        return self.registered_on or self.opened_on

    def facts(self) -> Mapping[str, str | int]:
        """What is known, by the names that expressions use; days are texts such as "2024-07-16", which compare."""
        known = {
            "territory_code": self.territory_code or None,
            "level": self.level and str(self.level),
            "population": self.population,
            "opened_on": self.opened_on and self.opened_on.isoformat(),
            "registered_on": self.registered_on and self.registered_on.isoformat(),
        }
        return {name: fact for name, fact in known.items() if fact is not None}


UNKNOWN: Mapping[str, SettingReason] = {
    "territory_code": SettingReason.NO_TERRITORY,
    "level": SettingReason.NO_LEVEL,
    "population": SettingReason.NO_POPULATION,
    "opened_on": SettingReason.NO_OPENING_DAY,
    "registered_on": SettingReason.NO_REGISTRATION_DAY,
}
"""Facts that expressions may use, and why a figure is refused where one is not known."""
