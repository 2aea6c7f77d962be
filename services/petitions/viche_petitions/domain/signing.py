"""Who may sign what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from viche_petitions.domain.errors import AssuranceTooLow, NotOpen, OtherTerritory
from viche_sdk.types import Assurance, Terms

_ORDER = (Assurance.EMAIL, Assurance.SUBSTANTIAL, Assurance.HIGH)


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs one petition: pseudonym, how surely known, and residence, outermost territory first."""

    petition_id: UUID
    pseudonym: bytes
    assurance: str
    residence: tuple[str, ...]

    @property
    def territory_code(self) -> str:
        """The innermost territory of the residence; empty where none was given."""
        return self.residence[-1] if self.residence else ""


def check_signer(terms: Terms | None, is_open: bool, assurance: str, residence: Sequence[str]) -> None:
    """Lets somebody sign under the terms of a petition.

    Args:
        terms: of the petition; archived ones and drafts have none.
        is_open: whether it collects now, by the database's clock.

    Raises:
        NotOpen, AssuranceTooLow, OtherTerritory: they may not.
    """
    if terms is None or not is_open:
        raise NotOpen()
    check_assurance(terms, assurance)
    if terms.resident_of and terms.resident_of not in residence:
        raise OtherTerritory(territory_code=terms.resident_of)


def check_assurance(terms: Terms, assurance: str) -> None:
    """Refuses who is not known surely enough.

    Raises:
        AssuranceTooLow: naming what is needed.
    """
    if _rank(assurance) < _rank(terms.min_assurance):
        raise AssuranceTooLow(needed=terms.min_assurance.value)


def asks_for_minima(terms: Terms | None) -> bool:
    """Whether a threshold asks for signatures from single territories."""
    return terms is not None and any(each.minima for each in terms.thresholds)


def reached_thresholds(terms: Terms, signatures: int, by_territory: Mapping[str, int]) -> list[str]:
    """Names of the thresholds that validated signatures reach; `by_territory` has each with all below it."""
    return [each.threshold for each in terms.progress(signatures, by_territory) if each.is_reached]


def _rank(assurance: str) -> int:
    try:
        return _ORDER.index(Assurance(assurance))
    except ValueError:
        return -1
