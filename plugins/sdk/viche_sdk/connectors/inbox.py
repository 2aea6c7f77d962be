"""What people write to an account, and figures about it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class InboxKind(StrEnum):
    """How somebody wrote."""

    COMMENT = "comment"
    MENTION = "mention"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote, as the platform shows it: personal data."""

    id: str
    name: str = field(default="", repr=False)
    handle: str = field(default="", repr=False)
    url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that somebody wrote.

    `id` is the platform's and never changes; an item that comes again with the same id was edited, or deleted
    (`is_deleted`). `thread` is what the platform groups by: a conversation, or the post that is commented.
    `on` is the ref of the own post under which it stands, `answers` the id of the item that it answers.
    """

    id: str
    kind: InboxKind
    thread: str
    text: str = field(repr=False)
    author: Author
    written_at: datetime
    on: str = ""
    answers: str = ""
    url: str = ""
    language: str = ""
    is_own: bool = False
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items and where to go on. `cursor` is opaque; asking with it gives only what came later, or the rest."""

    items: tuple[T, ...]
    cursor: str
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a platform wants to hear back before it sends anything: answered with status 200 as it stands."""

    body: str
    type: str = "text/plain"


class MetricName(StrEnum):
    """Figures that mean the same on all platforms."""

    FOLLOWERS = "followers"
    POSTS = "posts"
    REACH = "reach"
    VIEWS = "views"
    REACTIONS = "reactions"
    COMMENTS = "comments"
    SHARES = "shares"
    SAVES = "saves"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of a post (`ref`) or of the account (no ref). `value` is None where there is none, and then why."""

    name: MetricName
    value: int | None
    ref: str = ""
    reason: str = ""
