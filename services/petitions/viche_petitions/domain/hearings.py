"""Hearings and debates: announced, moved, cancelled, and what came of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_petitions.domain.answer_errors import StaleHearing, UnknownHearing
from viche_petitions.domain.texts import Texts, check_texts

if TYPE_CHECKING:
    from viche_petitions.domain.petition import Petition

MOST_TITLE = 200
MOST_PLACE = 500
MOST_OUTCOME = 10_000
MOST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was said of a hearing at a time; the last that was said of a hearing holds.

    ``version`` counts all that was said of hearings of the petition, ``hearing`` the hearings; both from 1.
    """

    version: int
    hearing: int
    title: Texts
    held_at: datetime
    place: Texts
    watch_url: str
    outcome: Texts
    transcript_url: str
    video_url: str
    is_cancelled: bool
    note: Texts
    published_at: datetime


def place_of(petition: "Petition", seen: int, hearing: int) -> tuple[int, int]:
    """Version and hearing of what is said next.

    Args:
        seen: the last version that the officer saw.
        hearing: which one; 0 is another one.

    Raises:
        StaleHearing: somebody has said more in between.
        UnknownHearing: there is none of that number.
    """
    said = petition.hearings
    if seen != len(said):
        raise StaleHearing(version=len(said))
    known = max((each.hearing for each in said), default=0)
    if hearing > known or hearing < 0:
        raise UnknownHearing()
    return len(said) + 1, hearing or known + 1


def before(petition: "Petition", hearing: int) -> Hearing | None:
    """What was said last of a hearing."""
    return next((each for each in reversed(petition.hearings) if each.hearing == hearing), None)


def check_hearing(said: Hearing, last: Hearing | None, languages: Sequence[str]) -> None:
    """Holds what is said against its rules.

    Args:
        last: what was said of it before; None where it is announced.
        languages: those in one of which every needed text must be.

    Raises:
        InvalidFields: naming every field that breaks its rules.
    """
    found = list(_violations(said, last, languages))
    if found:
        raise InvalidFields(*found)


def _violations(said: Hearing, last: Hearing | None, languages: Sequence[str]) -> Iterator[FieldViolation]:
    is_over = said.held_at <= said.published_at
    is_changed = last is not None and not said.outcome and (said.is_cancelled or last.held_at != said.held_at)
    yield from check_texts("title", said.title, MOST_TITLE, languages)
    yield from check_texts("place", said.place, MOST_PLACE, languages)
    yield from check_texts("note", said.note, MOST_NOTE, languages if is_changed else ())
    yield from check_texts("outcome", said.outcome, MOST_OUTCOME)
    if said.outcome and not is_over:
        yield invalid("outcome", "OUTCOME_TOO_EARLY")
    if said.outcome and said.is_cancelled:
        yield invalid("outcome", "CANCELLED_WITH_OUTCOME")
    if last is None and is_over and not said.outcome:
        yield invalid("held_at", "IN_THE_PAST")
    if last is None and said.is_cancelled:
        yield invalid("is_cancelled", "UNKNOWN_HEARING")
    for name in ("watch_url", "transcript_url", "video_url"):
        if not _is_address(getattr(said, name)):
            yield invalid(name, "BAD_ADDRESS")


def _is_address(url: str) -> bool:
    """Whether it is empty or a plain web address."""
    try:
        parts = urlsplit(url)
        return not url or (parts.scheme in ("https", "http") and bool(parts.hostname) and not set(url) & set(' "<>\\'))
    except ValueError:
        return False
