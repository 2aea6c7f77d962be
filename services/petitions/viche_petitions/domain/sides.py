"""For and against: a person has one voice on a petition, and it stays as it was given."""

from enum import StrEnum

from viche_chassis.errors import DomainError
from viche_sdk.types import Terms


class Side(StrEnum):
    """What a voice says; a signature is one for the petition."""

    FOR = "for"
    AGAINST = "against"


class NoVotesAgainst(DomainError):
    """The rules of the petition have no votes against."""

    reason = "NO_VOTES_AGAINST"


def side_of(is_against: bool) -> Side:
    """The side that a field of a message says."""
    return Side.AGAINST if is_against else Side.FOR


def check_side(terms: Terms | None, side: Side) -> None:
    """Lets somebody vote against only where the rules have that.

    Raises:
        NoVotesAgainst: they do not.
    """
    if side is Side.AGAINST and not (terms and terms.votes_against):
        raise NoVotesAgainst()
