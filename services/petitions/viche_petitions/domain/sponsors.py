"""Who may support a petition before it is checked, and how many may."""

from viche_petitions.domain.errors import NotSponsoring, OwnPetition, SponsorsComplete
from viche_petitions.domain.petition import Petition, State
from viche_petitions.domain.signing import Signer, check_signer
from viche_sdk.types import Terms

TIMES_NEEDED = 4
ALWAYS_WELCOME = 20
MAX_INVITED_AT_ONCE = 20
INVITATION_DAYS = 7


def most_sponsors(needed: int) -> int:
    """How many may support a petition before it opens: more than it needs, and not the whole country."""
    return max(TIMES_NEEDED * needed, ALWAYS_WELCOME) if needed else 0


def sponsoring_terms(petition: Petition) -> Terms:
    """The terms of a petition that takes sponsors: until it opens, and only where it needs any.

    Raises:
        NotSponsoring: it takes none.
    """
    terms = petition.terms
    if petition.state not in (State.SPONSORING, State.SUBMITTED) or terms is None or not terms.sponsors:
        raise NotSponsoring()
    return terms


def check_sponsor(petition: Petition, author: bytes, signer: Signer) -> Terms:
    """Lets somebody support a petition: whoever may sign it, but its author.

    Args:
        author: the pseudonym of the scope "authors" of who supports.

    Returns:
        the terms of the petition.

    Raises:
        NotSponsoring, OwnPetition, SponsorsComplete, AssuranceTooLow, OtherTerritory: they may not.
    """
    terms = sponsoring_terms(petition)
    if author == petition.author:
        raise OwnPetition()
    if petition.sponsors >= most_sponsors(terms.sponsors):
        raise SponsorsComplete()
    check_signer(terms, True, signer.assurance, signer.residence)
    return terms


def is_sponsored_by(petition: Petition, sponsors: int) -> bool:
    """Whether these sponsors are those that a petition was looking for."""
    return petition.state is State.SPONSORING and petition.terms is not None and sponsors >= petition.terms.sponsors
