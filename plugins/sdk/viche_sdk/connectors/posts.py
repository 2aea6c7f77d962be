"""What is published, and what a platform answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MediaKind(StrEnum):
    """What a file shows."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Media:
    """A file of a post; its bytes come from `Context.media`.

    `id` is the host's; `type` is the media type ("image/jpeg"); `alt` says what is to be seen, in the post's language.
    Width and height are in pixels, `duration_s` is that of a video.
    """

    id: str
    kind: MediaKind
    type: str
    size_bytes: int
    alt: str
    width: int = 0
    height: int = 0
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Poll:
    """A question that the platform itself asks its people."""

    question: str
    options: tuple[str, ...]
    open_for_s: int
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to which people are invited; `link` is where they register."""

    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str


@dataclass(frozen=True, slots=True)
class Post:
    """One text for one account.

    `text` stands as the officer wrote it; `link` is the address that the post is about, apart from the text: a
    connector that has no field of its own for it puts it behind the text (`texts.with_link`). `language` is a BCP 47
    tag. `title` is for platforms that ask for one.
    """

    text: str
    language: str
    link: str = ""
    title: str = ""
    media: tuple[Media, ...] = ()
    poll: Poll | None = None
    event: Happening | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """It is there. `ref` finds it again in later calls (at most 500 characters), `url` is where people see it."""

    ref: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """The platform still works on it: `check` asks again, not before `after_s` seconds."""

    token: str
    after_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Ready:
    """The platform has prepared it: `finalize` makes it appear."""

    token: str


@dataclass(frozen=True, slots=True)
class PollOption:
    """An option and how many chose it."""

    text: str
    votes: int


@dataclass(frozen=True, slots=True)
class PollResults:
    """Counts of a platform's own poll. `voters` is None where the platform does not say how many people voted."""

    options: tuple[PollOption, ...]
    voters: int | None
    is_closed: bool
