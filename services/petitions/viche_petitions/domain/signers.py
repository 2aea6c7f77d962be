"""Names of signers, where the rules of a petition publish them."""

from dataclasses import dataclass

from viche_chassis.errors import Code, DomainError
from viche_sdk.types import SignersShown, Terms


class NameNeeded(DomainError):
    """The rules publish the names of signers, and this one gave none."""

    reason = "NAME_NEEDED"


class NamesNotPublic(DomainError):
    """The rules of the petition do not publish the names of its signers."""

    code = Code.NOT_FOUND
    reason = "NAMES_NOT_PUBLIC"


@dataclass(frozen=True, slots=True)
class GivenName:
    """A name to be published; ``person`` is the pseudonym of the scope "names", by which it is erased."""

    name: str
    name_from: str
    person: bytes


def shows_names(terms: Terms | None) -> bool:
    """Whether everybody sees who signed."""
    return terms is not None and terms.signers_shown is SignersShown.NAMES


def check_name(terms: Terms | None, given: GivenName | None) -> None:
    """Asks for a name where it is to be published.

    Raises:
        NameNeeded: there is none.
    """
    if given is None and shows_names(terms):
        raise NameNeeded()
