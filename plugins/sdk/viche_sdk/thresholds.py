"""Thresholds: what is reached by how many signatures, from where."""

from collections.abc import Mapping
from dataclasses import dataclass

from viche_sdk.basis import LegalBasis
from viche_sdk.figures import Figure, Reckoning
from viche_sdk.localized import Localized
from viche_sdk.minima import FixedMinima, Minima, PerTerritory
from viche_sdk.stored import read_localized, read_number, read_object, read_optional, read_text


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a petition has come towards one threshold.

    `territories` of the `territories_needed` have their minimum; both are 0 where there are no minima.
    """

    threshold: str
    total: int
    signatures: int
    territories: int = 0
    territories_needed: int = 0

    @property
    def is_reached(self) -> bool:
        """Whether both the total and the minima are there."""
        return self.total >= self.signatures and self.territories >= self.territories_needed


@dataclass(frozen=True, slots=True)
class FixedThreshold:
    """A number of validated signatures, with minima by territory where there are any, at which something happens."""

    name: str
    signatures: int
    effect: Localized
    minima: FixedMinima | None = None
    legal_basis: LegalBasis | None = None

    def progress(self, total: int, by_territory: Mapping[str, int]) -> Progress:
        """How far it is.

        Args:
            total: validated signatures, from everywhere.
            by_territory: the same by the codes of the minima; sum up smaller territories before.
        """
        if self.minima is None:
            return Progress(self.name, total, self.signatures)
        reached = self.minima.territories_reached(by_territory)
        return Progress(self.name, total, self.signatures, reached, self.minima.territories)

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {
            "name": self.name,
            "signatures": self.signatures,
            "effect": dict(self.effect),
            "minima": _write_minima(self.minima) if self.minima else None,
            "legal_basis": self.legal_basis.content() if self.legal_basis else None,
        }

    @classmethod
    def read(cls, value: object) -> "FixedThreshold":
        """Read it back.

        Raises:
            KeyError, TypeError, ValueError: it is of another kind.
        """
        stored = read_object(value)
        return cls(
            name=read_text(stored["name"]),
            signatures=read_number(stored["signatures"]),
            effect=read_localized(stored["effect"]),
            minima=read_optional(_read_minima, stored.get("minima")),
            legal_basis=read_optional(LegalBasis.read, stored.get("legal_basis")),
        )


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of signatures, and what happens when it is reached.

    Args:
        name: found by it, for instance "answer".
        signatures: how many in total.
        effect: what happens, in a sentence.
        minima: how many territories must have how many each; None where only the total counts.
        legal_basis: where the rule comes from.
    """

    name: str
    signatures: Figure
    effect: Localized
    minima: Minima | None = None
    legal_basis: LegalBasis | None = None

    def fixed(self, reckoning: Reckoning) -> FixedThreshold:
        """Its figures for one petition."""
        minima = None
        if self.minima:
            territories = reckoning.number(self.name, self.minima.territories)
            minima = FixedMinima(territories, PerTerritory.of(self.minima.per_territory))
        signatures = reckoning.number(self.name, self.signatures)
        return FixedThreshold(self.name, signatures, self.effect, minima, self.legal_basis)


def _write_minima(minima: FixedMinima) -> dict[str, object]:
    return {"territories": minima.territories, "per_territory": dict(minima.per_territory)}


def _read_minima(value: object) -> FixedMinima:
    stored = read_object(value)
    numbers = {code: read_number(number) for code, number in read_object(stored["per_territory"]).items()}
    return FixedMinima(read_number(stored["territories"]), PerTerritory.of(numbers))
