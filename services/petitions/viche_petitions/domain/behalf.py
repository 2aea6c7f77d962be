"""How many drafts officers may write for somebody, and how long these wait."""

from viche_petitions.domain.errors import TooManyDrafts

MAX_WAITING = 3
UNCHANGED_DAYS = 30


def check_number_of_written(waiting: int) -> None:
    """Refuses one more draft for an address that has enough of them. Drafts of the person's own are nobody's business.

    Raises:
        TooManyDrafts: it would be one too many.
    """
    if waiting >= MAX_WAITING:
        raise TooManyDrafts(limit=MAX_WAITING)
