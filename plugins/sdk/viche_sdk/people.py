"""Who stands behind a petition, and how it is checked before it opens."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from viche_sdk.basis import LegalBasis
from viche_sdk.figures import Figure, Reckoning
from viche_sdk.localized import Localized, Plural
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
    """The words for this kind of petition, where they differ from the portal's; what is left out has the portal's.

    Words stand by themselves, in headings and before numbers. Where they would have to be declined, the vocabulary has
    the whole phrase instead.

    Args:
        signatures: what is counted, as it follows a number.
        sign_this: what the button says, for instance "Support this initiative".
        confirm_signature: what the mail and its button ask for, for instance "Confirm your statement of support".
        signature_counts: what people are told who have signed, for instance "Your statement of support counts".
    """

    petition: Localized | None = None
    signature: Localized | None = None
    sign: Localized | None = None
    author: Localized | None = None
    signer: Localized | None = None
    threshold: Localized | None = None
    signatures: Plural | None = None
    sign_this: Localized | None = None
    confirm_signature: Localized | None = None
    signature_counts: Localized | None = None

    def words(self) -> Iterator[tuple[str, Localized]]:
        """Every word and phrase that it has, by its name; forms for numbers by name and category: "signatures.few"."""
        for field in fields(self):
            word = getattr(self, field.name)
            if isinstance(word, Plural):
                yield from ((f"{field.name}.{category}", texts) for category, texts in word.forms)
            elif word is not None:
                yield field.name, word
