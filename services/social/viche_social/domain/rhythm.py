"""How often a platform is asked about a post that is there: less and less. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum


class Asked(StrEnum):
    """What it is asked for; the names are those of the database."""

    FIGURES = "figures"
    POLL = "poll"


RHYTHM = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=30), timedelta(days=1)),
    (timedelta(days=90), timedelta(weeks=1)),
)
"""Up to which age of the post, and after which pause."""
LONGEST_PAUSE = timedelta(days=1)
"""Where the platform does not answer."""


def pause_after(published_at: datetime, now: datetime, failures: int = 0) -> timedelta | None:
    """After which pause a platform is asked again; None where the post is too old to be asked about.

    Args:
        published_at: when the post appeared.
        now: the present instant.
        failures: how often in a row it has not answered.
    """
    age = now - published_at
    usual = next((pause for until, pause in RHYTHM if age < until), None)
    if usual is None or not failures:
        return usual
    return max(usual, min(LONGEST_PAUSE, RHYTHM[0][1] * 2 ** min(failures - 1, 10)))
