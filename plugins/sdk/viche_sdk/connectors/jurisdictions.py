"""Where a connector must run, may not run, or is restricted."""

from dataclasses import dataclass
from enum import StrEnum

from viche_sdk.basis import LegalBasis
from viche_sdk.localized import Localized


class Duty(StrEnum):
    """What a country's law says about authorities on a platform."""

    MUST = "must"
    MAY_NOT = "may_not"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """One country (ISO 3166-1, two letters), what holds there, and where that is written."""

    country: str
    duty: Duty
    reason: Localized
    legal_basis: LegalBasis
