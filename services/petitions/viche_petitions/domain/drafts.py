"""What a draft may say, and how many of them a person may have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from viche_chassis.errors import FieldViolation, InvalidFields, TooManyRequests, invalid
from viche_petitions.domain.authors import Authorship, violations_of_draft
from viche_petitions.domain.errors import TooManyDrafts

MIN_TITLE = 10
MAX_TITLE = 150
MIN_BACKGROUND = 10
MAX_BACKGROUND = 3_000
MAX_DETAILS = 3_000
MAX_AUTHOR_NAME = 100
MAX_OPEN_DRAFTS = 5
MAX_DRAFTS_PER_DAY = 20
DAY = timedelta(days=1)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts of a draft, cleaned: lines trimmed, a title and a name of one line.

    ``authorship`` is None where what was said of the author before stays as it is.
    """

    title: str
    background: str
    details: str
    language: str
    authority_id: UUID
    author_name: str
    is_submitted: bool
    authorship: Authorship | None = None


def clean_line(text: str) -> str:
    """The text on one line, with single blanks."""
    return _BLANKS.sub(" ", text).strip()


def clean_text(text: str) -> str:
    """The text with line ends of one kind and no blanks around it."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()


def check_draft(draft: Draft) -> None:
    """Holds a draft against its rules; what is handed in must be complete.

    Raises:
        InvalidFields: naming every field that breaks its rules.
    """
    found = list(_violations(draft))
    if found:
        raise InvalidFields(*found)


def check_number_of_drafts(unopened: int, made_today: int, rate_factor: float) -> None:
    """Refuses one more draft to somebody who has enough of them.

    Args:
        unopened: drafts of the person that wait or are being written.
        made_today: petitions that the person started within the last 24 hours.

    Raises:
        TooManyDrafts, TooManyRequests: it would be one too many.
    """
    if unopened >= MAX_OPEN_DRAFTS * max(1.0, rate_factor):
        raise TooManyDrafts(limit=MAX_OPEN_DRAFTS)
    if made_today >= MAX_DRAFTS_PER_DAY * rate_factor:
        raise TooManyRequests(retry_after_s=int(DAY.total_seconds()))


def _violations(draft: Draft) -> Iterator[FieldViolation]:
    yield from length_faults("title", draft.title, MIN_TITLE, MAX_TITLE)
    if draft.background or draft.is_submitted:
        minimum = MIN_BACKGROUND if draft.is_submitted else 0
        yield from length_faults("background", draft.background, minimum, MAX_BACKGROUND)
    yield from length_faults("details", draft.details, 0, MAX_DETAILS)
    yield from length_faults("author_name", draft.author_name, 0, MAX_AUTHOR_NAME)
    if not LANGUAGE.fullmatch(draft.language):
        yield invalid("language", "BAD_LANGUAGE")
    if draft.authorship is not None:
        yield from violations_of_draft(draft.authorship)


def length_faults(field: str, text: str, minimum: int, maximum: int) -> Iterator[FieldViolation]:
    """What is wrong with the length of a text, in characters."""
    if not text and minimum:
        yield invalid(field, "REQUIRED")
    elif len(text) < minimum:
        yield invalid(field, "TOO_SHORT", limit=minimum, length=len(text))
    elif len(text) > maximum:
        yield invalid(field, "TOO_LONG", limit=maximum, length=len(text))
