"""What is to be done with a case, and what may be written in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_petitions.domain.drafts import LANGUAGE, length_faults
from viche_sdk.types import Event

MIN_PUBLIC_TEXT = 10
MAX_TEXT = 3_000
MAX_TEMPLATE_TITLE = 100
CLAIM_LASTS = timedelta(hours=24)

STEPS = (Event.REGISTERED, Event.HANDED_OVER, Event.VERIFIED, Event.CONSIDERATION_STARTED, Event.ANSWERED)
"""Events that officers bring about once a petition is open; a clock that waits for one of them is theirs to keep."""

DEEDS = (Event.OPENED, Event.COMPLAINT_DECIDED, *STEPS)
"""All that officers bring about within a term."""

VARIABLES = ("title", "number", "authority", "reason")
"""What may stand in braces in a template."""

NUMBER = "{number}"
"""What stands for the public number in a note: it is given together with the rejection."""

_VARIABLE = re.compile(r"\{([^{}\s]*)\}")


class Task(StrEnum):
    """What is to be done with a case. Stable: it is part of page addresses."""

    CHECK = "check"
    OPINION = "opinion"
    COMPLAINT = "complaint"
    ANNOUNCE = "announce"
    ANSWER = "answer"


class NoteKind(StrEnum):
    """What kind of note it is. Stable: it is stored."""

    NOTE = "note"
    QUESTION = "question"
    OPINION = "opinion"


class Advice(StrEnum):
    """What an officer advises. Stable: it is stored."""

    OPEN = "open"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Note:
    """What an officer wrote into a case. An opinion has ``advice`` and ``answers`` a question; others have neither."""

    id: UUID
    kind: NoteKind
    text: str
    officer: bytes
    at: datetime
    advice: Advice | None = None
    reason: str = ""
    answers: UUID | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a colleague answers to a question; ``reason`` goes with the advice to reject."""

    question_id: UUID
    advice: Advice
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is on a case, and until when."""

    officer: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class Template:
    """An answer that an authority keeps ready, in several languages; an empty ``reason`` fits any."""

    id: UUID
    authority_id: UUID
    title: str
    reason: str
    texts: Mapping[str, str]
    updated_at: datetime | None = None


def check_public_text(field: str, text: str, language: str) -> None:
    """Holds what everybody will read against its rules.

    Raises:
        InvalidFields: it is too short or too long, or its language is none.
    """
    faults = list(length_faults(field, text, MIN_PUBLIC_TEXT, MAX_TEXT))
    if not LANGUAGE.fullmatch(language):
        faults.append(invalid("language", "BAD_LANGUAGE"))
    if faults:
        raise InvalidFields(*faults)


def check_note(text: str) -> None:
    """Holds a note for colleagues against its rules.

    Raises:
        InvalidFields: it is empty or too long.
    """
    if faults := list(length_faults("text", text, 1, MAX_TEXT)):
        raise InvalidFields(*faults)


def check_template(template: Template) -> None:
    """Holds a template against its rules.

    Raises:
        InvalidFields: naming every field that breaks them.
    """
    if faults := list(_template_faults(template)):
        raise InvalidFields(*faults)


def unknown_variables(text: str) -> list[str]:
    """What stands in braces and means nothing, in order."""
    return [name for name in _VARIABLE.findall(text) if name not in VARIABLES]


def _template_faults(template: Template) -> Iterator[FieldViolation]:
    yield from length_faults("title", template.title, 1, MAX_TEMPLATE_TITLE)
    if not template.texts:
        yield invalid("text", "REQUIRED")
    for language, text in template.texts.items():
        field = f"text.{language[:16]}"
        if not LANGUAGE.fullmatch(language):
            yield invalid(field, "BAD_LANGUAGE")
        yield from length_faults(field, text, MIN_PUBLIC_TEXT, MAX_TEXT)
        if unknown := unknown_variables(text):
            known = ", ".join(f"{{{name}}}" for name in VARIABLES)
            yield invalid(field, "UNKNOWN_VARIABLE", value=f"{{{unknown[0][:40]}}}", choices=known)
