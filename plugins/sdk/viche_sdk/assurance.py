"""How surely a signer is known, and what is shown of them."""

from enum import StrEnum


class Assurance(StrEnum):
    """How surely a signer is known; the names follow eIDAS, Regulation (EU) 910/2014, article 8."""

    EMAIL = "email"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Surer is higher."""
        return list(Assurance).index(self)


class SignersShown(StrEnum):
    """What everybody may see about those who signed."""

    NUMBER = "number"
    TERRITORIES = "territories"
    NAMES = "names"
