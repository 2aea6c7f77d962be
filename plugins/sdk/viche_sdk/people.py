"""Who stands behind a petition, and how it is checked before it opens."""

from dataclasses import dataclass

from viche_sdk.basis import LegalBasis
from viche_sdk.figures import Figure, Reckoning
from viche_sdk.localized import Localized
from viche_sdk.stored import read_flag, read_number, read_object, read_optional


@dataclass(frozen=True, slots=True)
class Sponsors:
    """How many people must support a draft before it is checked."""

    needed: Figure
    legal_basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class FixedCommittee:
    """The committee that one petition needs; None where there is no limit."""

    members_min: int
    members_max: int | None = None
    territories_min: int | None = None
    protocol: bool = False

    def content(self) -> dict[str, object]:
        """What JSON takes."""
        return {
            "members_min": self.members_min,
            "members_max": self.members_max,
            "territories_min": self.territories_min,
            "protocol": self.protocol,
        }

    @classmethod
    def read(cls, value: object) -> "FixedCommittee":
        """Read it back.

        Raises:
            KeyError, TypeError: it is of another kind.
        """
        stored = read_object(value)
        return cls(
            read_number(stored["members_min"]),
            read_optional(read_number, stored.get("members_max")),
            read_optional(read_number, stored.get("territories_min")),
            read_flag(stored.get("protocol", False)),
        )


@dataclass(frozen=True, slots=True)
class Committee:
    """Petitions are brought by a committee.

    Args:
        members_min: how many members at least.
        members_max: how many at most; None sets no limit.
        territories_min: in how many territories they must live; None where that does not matter.
        protocol: whether the minutes of its founding must be handed in.
        legal_basis: where the rule comes from.
    """

    members_min: Figure
    members_max: Figure | None = None
    territories_min: Figure | None = None
    protocol: bool = False
    legal_basis: LegalBasis | None = None

    def fixed(self, reckoning: Reckoning) -> FixedCommittee:
        """Its figures for one petition."""

        def number(name: str, figure: Figure | None) -> int | None:
            return None if figure is None else reckoning.number(name, figure)

        return FixedCommittee(
            reckoning.number("members_min", self.members_min),
            number("members_max", self.members_max),
            number("territories_min", self.territories_min),
            self.protocol,
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a draft may be rejected: a stable code, what it is called, and what its author can do.

    Args:
        code: stable; it is stored.
        title: how people call it.
        help: what the author can do.
        hides_text: the text of what is rejected for this is not shown, for instance because it is libellous.
    """

    code: str
    title: Localized
    help: Localized
    hides_text: bool = False


@dataclass(frozen=True, slots=True)
class Moderation:
    """Drafts are checked before they open, within the clock of that name, and rejected for listed reasons only."""

    clock: str
    reasons: tuple[Reason, ...]
    legal_basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class Complaint:
    """Whose draft was rejected may complain to somebody, who decides within the clock of that name."""

    to: Localized
    clock: str
    legal_basis: LegalBasis | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words for this kind of petition, where they differ from the portal's."""

    petition: Localized | None = None
    signature: Localized | None = None
    sign: Localized | None = None
    author: Localized | None = None
    signer: Localized | None = None
    threshold: Localized | None = None
