"""How many drafts officers may write for somebody, and how long these wait."""

from viche_chassis.errors import Code, DomainError

MAX_WAITING = 3
UNCHANGED_DAYS = 30


class TooManyWritten(DomainError):
    """As many drafts as may wait for one address wait already; ``limit`` is among the values."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "TOO_MANY_WRITTEN"


def check_number_of_written(waiting: int) -> None:
    """Refuses one more draft for an address that has enough of them. Drafts of the person's own are nobody's business.

    Raises:
        TooManyWritten: it would be one too many.
    """
    if waiting >= MAX_WAITING:
        raise TooManyWritten(limit=MAX_WAITING)
