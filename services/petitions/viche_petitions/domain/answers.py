"""Official answers: what they say, and when a petition may be answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_petitions.domain.answer_errors import AlreadyAnswered, AnswerEarly, StaleAnswer
from viche_petitions.domain.moderation_errors import NotPublic
from viche_petitions.domain.texts import Texts, check_texts

if TYPE_CHECKING:
    from viche_petitions.domain.petition import Petition

MOST_SUMMARY = 2_000
MOST_REASONS = 20_000
MOST_NOTE = 2_000
MOST_TITLE = 200
MOST_SIGNED_BY = 200
MOST_DOCUMENTS = 10
MOST_UNUSED_DOCUMENTS = 50
MOST_DOCUMENT_BYTES = 20_000_000
MOST_FILE_NAME = 120
MEDIA_TYPES = frozenset(
    {
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "image/jpeg",
        "image/png",
    }
)


class Decision(StrEnum):
    """What an authority has decided. Stable: it is stored and translated."""

    ACCEPTED = "accepted"
    PARTLY_ACCEPTED = "partly_accepted"
    DECLINED = "declined"
    EXPLAINED = "explained"


WITH_REASONS = frozenset({Decision.PARTLY_ACCEPTED, Decision.DECLINED})


@dataclass(frozen=True, slots=True)
class Document:
    """A file of an answer; ``sha256`` is in hex."""

    id: UUID
    file_name: str
    media_type: str
    size_bytes: int
    sha256: str
    title: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file by its id, and what it is."""

    document_id: UUID
    title: Texts


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer says, cleaned; a draft may lack anything."""

    decision: Decision | None
    summary: Texts
    reasons: Texts
    signed_by: str
    documents: tuple[Attached, ...] = ()
    correction_note: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as published, or its correction. In lists it has version, decision and instant alone."""

    version: int
    decision: Decision
    published_at: datetime
    summary: Texts = field(default_factory=dict)
    reasons: Texts = field(default_factory=dict)
    signed_by: str = ""
    documents: tuple[Document, ...] = ()
    correction_note: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An answer that is being written; version 0 is none yet."""

    version: int
    content: Content
    corrects_version: int
    saved_at: datetime | None = None


def check_public(petition: "Petition") -> None:
    """Refuses what has not opened, and what is only kept for reading.

    Raises:
        NotPublic: it is such a petition.
    """
    if petition.opened_at is None or petition.is_archived:
        raise NotPublic()


def check_turn(petition: "Petition", corrects_version: int, *, is_early: bool) -> None:
    """Lets an answer, or a correction of the last one, be published now.

    Args:
        corrects_version: 0 for the answer itself.
        is_early: the officer knows that the petition still collects and has reached nothing.

    Raises:
        NotPublic, AnswerEarly, AlreadyAnswered, StaleAnswer: it cannot be.
    """
    check_public(petition)
    last = petition.answers[-1].version if petition.answers else 0
    if last and not corrects_version:
        raise AlreadyAnswered()
    if corrects_version != last:
        raise StaleAnswer(version=last)
    if not last and not is_early and is_waiting(petition):
        raise AnswerEarly()


def is_waiting(petition: "Petition") -> bool:
    """Whether a petition still collects without having reached a threshold, so that nobody expects an answer yet."""
    return petition.is_collecting and not petition.reached


def check_content(content: Content, languages: Sequence[str], *, is_correction: bool) -> None:
    """Holds an answer against its rules.

    Args:
        languages: those in one of which every needed text must be.

    Raises:
        InvalidFields: naming every field that breaks its rules.
    """
    found = list(_violations(content, languages, is_correction))
    if found:
        raise InvalidFields(*found)


def check_draft_content(content: Content) -> None:
    """Holds a draft against the limits alone.

    Raises:
        InvalidFields: naming every field that is too long.
    """
    found = list(_limits(content))
    if found:
        raise InvalidFields(*found)


def _violations(content: Content, languages: Sequence[str], is_correction: bool) -> Iterator[FieldViolation]:
    if content.decision is None:
        yield invalid("decision", "REQUIRED")
    if not content.signed_by:
        yield invalid("signed_by", "REQUIRED")
    yield from _needed("summary", content.summary, languages)
    if content.decision in WITH_REASONS:
        yield from _needed("reasons", content.reasons, languages)
    if is_correction:
        yield from _needed("correction_note", content.correction_note, languages)
    elif content.correction_note:
        yield invalid("correction_note", "UNKNOWN_FIELD")
    for place, attached in enumerate(content.documents):
        if not attached.title:
            yield invalid(f"documents.{place}", "REQUIRED")
    yield from _limits(content)


def _needed(name: str, texts: Texts, languages: Sequence[str]) -> Iterator[FieldViolation]:
    if not any(texts.get(language) for language in languages):
        yield invalid(f"{name}.{languages[0]}", "REQUIRED")


def _limits(content: Content) -> Iterator[FieldViolation]:
    yield from check_texts("summary", content.summary, MOST_SUMMARY)
    yield from check_texts("reasons", content.reasons, MOST_REASONS)
    yield from check_texts("correction_note", content.correction_note, MOST_NOTE)
    if len(content.signed_by) > MOST_SIGNED_BY:
        yield invalid("signed_by", "TOO_LONG", limit=MOST_SIGNED_BY, length=len(content.signed_by))
    if len(content.documents) > MOST_DOCUMENTS:
        yield invalid("documents", "TOO_MANY", limit=MOST_DOCUMENTS)
    for place, attached in enumerate(content.documents):
        yield from check_texts(f"documents.{place}", attached.title, MOST_TITLE)


def check_document(document: Document) -> None:
    """Holds a file against its rules.

    Raises:
        InvalidFields: naming what breaks them.
    """
    found: list[FieldViolation] = []
    if document.media_type not in MEDIA_TYPES:
        found.append(invalid("media_type", "WRONG_FILE_TYPE"))
    if not 0 < document.size_bytes <= MOST_DOCUMENT_BYTES:
        found.append(invalid("size_bytes", "FILE_TOO_LARGE", limit=MOST_DOCUMENT_BYTES // 1_000_000))
    if len(document.file_name) > MOST_FILE_NAME or any(sign in document.file_name for sign in '/\\\x00\r\n"'):
        found.append(invalid("file_name", "TOO_LONG", limit=MOST_FILE_NAME, length=len(document.file_name)))
    if len(document.sha256) != 64 or set(document.sha256) - set("0123456789abcdef"):
        found.append(invalid("sha256", "WRONG_TYPE"))
    if found:
        raise InvalidFields(*found)
