"""A survey, its settings and the states of its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from viche_surveys.domain.definition import UNASKED, Definition, Kind, Text

LEAST_K = 5
MOST_K = 1_000
DEFAULT_K = 10


class State(StrEnum):
    """Where a survey is in its life."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"


class Admission(StrEnum):
    """Who may answer, and how often: everybody, once per link that was given out, once per person."""

    OPEN = "open"
    LINK = "link"
    PERSON = "person"


class Visibility(StrEnum):
    """When everybody sees results."""

    LIVE = "live"
    CLOSED = "closed"
    NEVER = "never"


def is_shown(results: Visibility, state: State) -> bool:
    """Whether everybody may see results of a survey that has opened, if there are enough answers."""
    return results is Visibility.LIVE or (results is Visibility.CLOSED and state is State.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an officer decides about a survey beside its questions.

    Attributes:
        assurance: how surely a person must be known; empty: any. It and `territory_code` ask for `Admission.PERSON`.
        territory_code: where a person must live; empty: anywhere.
        k: fewest answers that a number shown to everybody may stand for.
        is_listed: whether the portal's list shows it.
        needs_human_check: for people who are not signed in.
    """

    admission: Admission = Admission.OPEN
    assurance: str = ""
    territory_code: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    results: Visibility = Visibility.LIVE
    k: int = DEFAULT_K
    is_listed: bool = True
    needs_human_check: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What lists show of a definition.

    Attributes:
        takes_files: whether a question asks for files; also where a summary was written before it said so.
    """

    languages: tuple[str, ...]
    title: Text
    introduction: Text
    thanks: Text
    questions: int
    pages: int
    takes_files: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey as stored, with the summary of the version that is answered now.

    Attributes:
        number: public; None until it is opened or scheduled for the first time.
        version: of the definition, from 1.
        edition: grows with each change of definition, settings or state.
        published: answers that public numbers stand for; 0 while there are none.
    """

    id: UUID
    number: int | None
    state: State
    authority_id: UUID
    settings: Settings
    version: int
    edition: int
    summary: Summary
    opened_at: datetime | None
    closed_at: datetime | None
    updated_at: datetime
    published: int = 0


def summary_of(definition: Definition) -> Summary:
    """The summary of a definition."""
    return Summary(
        languages=definition.languages,
        title=definition.title,
        introduction=definition.introduction,
        thanks=definition.thanks,
        questions=sum(each.kind not in UNASKED for each in definition.questions()),
        pages=len(definition.pages),
        takes_files=any(each.kind is Kind.FILE for each in definition.questions()),
    )


def summary_to_json(summary: Summary) -> dict[str, object]:
    """For the database."""
    return {
        "languages": list(summary.languages), "title": dict(summary.title), "introduction": dict(summary.introduction),
        "thanks": dict(summary.thanks), "questions": summary.questions, "pages": summary.pages,
        "takes_files": summary.takes_files,
    }  # fmt: skip


def summary_from_json(body: Mapping[str, object]) -> Summary:
    """From the database."""
    return Summary(**{**body, "languages": tuple(body["languages"])})  # pyright: ignore
