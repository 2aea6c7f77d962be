"""Posts: what is written, who may let it go out, and what keeps it from going out. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

MOST_LINK_CHARACTERS = 2_000


class PostKind(StrEnum):
    """What a post is about; the names are those of the contract."""

    POLICY = "policy"
    PROGRAMME = "programme"
    STRATEGY = "strategy"
    DOCUMENT = "document"
    DECISION = "decision"
    EXPLANATION = "explanation"
    EVENT = "event"
    MOMENTS = "moments"
    PHOTO = "photo"
    VIDEO = "video"
    POLL = "poll"
    CORRECTION = "correction"


SOURCED = frozenset(
    {
        PostKind.POLICY,
        PostKind.PROGRAMME,
        PostKind.STRATEGY,
        PostKind.DOCUMENT,
        PostKind.DECISION,
        PostKind.EXPLANATION,
        PostKind.CORRECTION,
    }
)
"""Kinds that state facts: they need a source unless a region says otherwise (setting VICHE_SOURCED_POSTS)."""


class PostState(StrEnum):
    """Where a post is in its life; the names are those of the contract."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SCHEDULED = "scheduled"
    OUT = "out"
    WITHDRAWN = "withdrawn"


EDITABLE = frozenset({PostState.DRAFT, PostState.RETURNED})


@dataclass(frozen=True, slots=True)
class Source:
    """A claim and what it rests on."""

    claim: str
    reference: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a post, and what is to be seen on it, by language."""

    id: UUID
    alt: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Poll:
    """A question that platforms ask, by language."""

    question: Mapping[str, str]
    options: tuple[Mapping[str, str], ...]
    open_for_s: int
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """What goes to one channel. An empty language is that of the channel, an empty text the post's own."""

    channel_id: UUID
    language: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that an officer writes; texts by language (BCP 47)."""

    kind: PostKind
    title: Mapping[str, str] = field(default_factory=dict[str, str])
    text: Mapping[str, str] = field(default_factory=dict[str, str])
    link: str = ""
    sources: tuple[Source, ...] = ()
    media: tuple[Attached, ...] = ()
    poll: Poll | None = None
    variants: tuple[Variant, ...] = ()
    publish_at: datetime | None = None
    corrects_id: UUID | None = None


class PostProblemReason(StrEnum):
    """What keeps a post from going out, whatever the channel. Stable."""

    NO_CHANNELS = "NO_CHANNELS"
    NO_TEXT = "NO_TEXT"
    NO_TEXT_IN_LANGUAGE = "NO_TEXT_IN_LANGUAGE"
    NO_SOURCE = "NO_SOURCE"
    SOURCE_INCOMPLETE = "SOURCE_INCOMPLETE"
    LINK_NOT_WEB = "LINK_NOT_WEB"
    NOTHING_CORRECTED = "NOTHING_CORRECTED"
    NO_POLL = "NO_POLL"
    NO_PICTURE = "NO_PICTURE"
    NO_VIDEO = "NO_VIDEO"
    CHANNEL_NOT_CONNECTED = "CHANNEL_NOT_CONNECTED"
    CANNOT = "CANNOT"
    FILES_NOT_REACHED = "FILES_NOT_REACHED"


@dataclass(frozen=True, slots=True)
class PostProblem:
    """One of them; `channel_id` is None where it concerns the post as a whole."""

    channel_id: UUID | None
    field: str
    reason: str
    value: str = ""
    limit: str = ""


def problems(content: Content, kinds_of_media: Sequence[str], sourced: frozenset[PostKind]) -> Iterator[PostProblem]:
    """What keeps a post from going out anywhere.

    Args:
        content: the post.
        kinds_of_media: "image" or "video" for each of its files.
        sourced: kinds that need a source.
    """
    if not content.variants:
        yield _whole("variants", PostProblemReason.NO_CHANNELS)
    if not any(text.strip() for text in content.text.values()) and not any(v.text.strip() for v in content.variants):
        yield _whole("text", PostProblemReason.NO_TEXT)
    if content.link and not content.link.startswith(("https://", "http://")):
        yield _whole("link", PostProblemReason.LINK_NOT_WEB)
    if content.kind in sourced and not content.sources:
        yield _whole("sources", PostProblemReason.NO_SOURCE)
    if any(not source.claim.strip() or not source.reference.strip() for source in content.sources):
        yield _whole("sources", PostProblemReason.SOURCE_INCOMPLETE)
    match content.kind:
        case PostKind.CORRECTION if content.corrects_id is None:
            yield _whole("corrects_id", PostProblemReason.NOTHING_CORRECTED)
        case PostKind.POLL if content.poll is None:
            yield _whole("poll", PostProblemReason.NO_POLL)
        case PostKind.PHOTO if "image" not in kinds_of_media:
            yield _whole("media", PostProblemReason.NO_PICTURE)
        case PostKind.VIDEO if "video" not in kinds_of_media:
            yield _whole("media", PostProblemReason.NO_VIDEO)
        case _:
            pass


def _whole(field: str, reason: PostProblemReason) -> PostProblem:
    return PostProblem(None, field, reason)


def text_of(content: Content, variant: Variant, language: str) -> str | None:
    """What goes out in a language: the variant's own text, or the post's; None where there is none."""
    if variant.text.strip():
        return variant.text
    return _in_language(content.text, language)


def _in_language(texts: Mapping[str, str], language: str) -> str | None:
    """The text in a language, or in the one that it is a variety of (RFC 4647, lookup)."""
    tag = language
    while tag:
        if texts.get(tag, "").strip():
            return texts[tag]
        tag = tag.rpartition("-")[0]
    return None


def title_of(content: Content, language: str) -> str:
    """The title in a language; empty where there is none."""
    return _in_language(content.title, language) or ""


def poll_in(poll: Poll, language: str) -> tuple[str, tuple[str, ...]] | None:
    """Question and options in a language; None where one of them is missing."""
    question = _in_language(poll.question, language)
    options = [_in_language(option, language) for option in poll.options]
    if question is None or not all(options):
        return None
    return question, tuple(option for option in options if option)


def alt_in(attached: Attached, language: str) -> str:
    """What is to be seen on a file, in a language; empty where it is not said."""
    return _in_language(attached.alt, language) or ""
