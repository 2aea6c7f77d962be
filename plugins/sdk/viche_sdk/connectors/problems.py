"""What keeps a post from an account, found before anything is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from viche_sdk.connectors.limits import Limits, MediaLimit, PollLimit, TextLimit
from viche_sdk.connectors.posts import Media, MediaKind, Poll, Post
from viche_sdk.connectors.texts import length_of, with_link


class ProblemReason(StrEnum):
    """Why. Stable: catalogues of sentences are keyed by it."""

    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    TEXT_MISSING = "TEXT_MISSING"
    FORBIDDEN_CHARACTERS = "FORBIDDEN_CHARACTERS"
    TITLE_MISSING = "TITLE_MISSING"
    TITLE_TOO_LONG = "TITLE_TOO_LONG"
    NO_IMAGES = "NO_IMAGES"
    NO_VIDEOS = "NO_VIDEOS"
    NO_POLLS = "NO_POLLS"
    MEDIA_MISSING = "MEDIA_MISSING"
    TOO_MANY_FILES = "TOO_MANY_FILES"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_TYPE = "FILE_TYPE"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    VIDEO_TOO_LONG = "VIDEO_TOO_LONG"
    MIXED_MEDIA = "MIXED_MEDIA"
    ALT_MISSING = "ALT_MISSING"
    ALT_TOO_LONG = "ALT_TOO_LONG"
    TOO_FEW_OPTIONS = "TOO_FEW_OPTIONS"
    TOO_MANY_OPTIONS = "TOO_MANY_OPTIONS"
    QUESTION_TOO_LONG = "QUESTION_TOO_LONG"
    OPTION_TOO_LONG = "OPTION_TOO_LONG"
    POLL_TOO_SHORT = "POLL_TOO_SHORT"
    POLL_TOO_LONG = "POLL_TOO_LONG"
    POLL_MULTIPLE = "POLL_MULTIPLE"
    POLL_WITH_MEDIA = "POLL_WITH_MEDIA"


@dataclass(frozen=True, slots=True)
class Problem:
    """One of them: the part of the post, what is there, and what would be taken; figures in the limit's unit."""

    field: str
    reason: ProblemReason
    value: str = ""
    limit: str = ""


def problems_of(post: Post, limits: Limits) -> Iterator[Problem]:
    """What the declared limits do not let through, in the order of the parts of a post."""
    yield from _text(post, limits)
    if limits.title_most is not None:
        yield from _title(post.title, limits.title_most)
    yield from _media(post, limits)
    if post.poll:
        yield from _poll(post.poll, limits.poll)


def _text(post: Post, limits: Limits) -> Iterator[Problem]:
    limit = limits.caption if post.media and limits.caption else limits.text
    text = with_link(post.text, post.link)
    if not text.strip() and not post.media and not post.poll:
        yield Problem("text", ProblemReason.TEXT_MISSING)
    yield from too_long(text, limit)


def too_long(text: str, limit: TextLimit) -> Iterator[Problem]:
    """Whether a text is longer than a limit."""
    length = length_of(text, limit)
    if length > limit.most:
        yield Problem("text", ProblemReason.TEXT_TOO_LONG, str(length), str(limit.most))
    elif limit.most_bytes is not None and len(text.encode()) > limit.most_bytes:
        yield Problem("text", ProblemReason.TEXT_TOO_LONG, str(len(text.encode())), str(limit.most_bytes))


def _title(title: str, most: int) -> Iterator[Problem]:
    if not title.strip():
        yield Problem("title", ProblemReason.TITLE_MISSING)
    elif len(title) > most:
        yield Problem("title", ProblemReason.TITLE_TOO_LONG, str(len(title)), str(most))


def _media(post: Post, limits: Limits) -> Iterator[Problem]:
    images = [media for media in post.media if media.kind is MediaKind.IMAGE]
    videos = [media for media in post.media if media.kind is MediaKind.VIDEO]
    if images and videos:
        yield Problem("media", ProblemReason.MIXED_MEDIA)
    yield from _files(images, limits.images, ProblemReason.NO_IMAGES)
    yield from _files(videos, limits.videos, ProblemReason.NO_VIDEOS)
    least = min((each.least for each in (limits.images, limits.videos) if each), default=0)
    if len(post.media) < least:
        yield Problem("media", ProblemReason.MEDIA_MISSING, str(len(post.media)), str(least))


def _files(files: list[Media], limit: MediaLimit | None, refusal: ProblemReason) -> Iterator[Problem]:
    if not files:
        return
    if limit is None:
        yield Problem("media", refusal)
        return
    if len(files) > limit.most:
        yield Problem("media", ProblemReason.TOO_MANY_FILES, str(len(files)), str(limit.most))
    for media in files:
        yield from _file(media, limit)


def _file(media: Media, limit: MediaLimit) -> Iterator[Problem]:
    if media.type not in limit.types:
        yield Problem("media", ProblemReason.FILE_TYPE, media.type, ", ".join(sorted(limit.types)))
    if media.size_bytes > limit.most_bytes:
        yield Problem("media", ProblemReason.FILE_TOO_LARGE, str(media.size_bytes), str(limit.most_bytes))
    if limit.most_pixels is not None and media.width * media.height > limit.most_pixels:
        yield Problem("media", ProblemReason.TOO_MANY_PIXELS, str(media.width * media.height), str(limit.most_pixels))
    if limit.most_duration_s is not None and media.duration_s > limit.most_duration_s:
        yield Problem("media", ProblemReason.VIDEO_TOO_LONG, str(media.duration_s), str(limit.most_duration_s))
    if not media.alt.strip():
        yield Problem("media", ProblemReason.ALT_MISSING)
    elif limit.alt_most and len(media.alt) > limit.alt_most:
        yield Problem("media", ProblemReason.ALT_TOO_LONG, str(len(media.alt)), str(limit.alt_most))


def _poll(poll: Poll, limit: PollLimit | None) -> Iterator[Problem]:
    if limit is None:
        yield Problem("poll", ProblemReason.NO_POLLS)
        return
    if len(poll.options) < limit.least_options:
        yield Problem("poll", ProblemReason.TOO_FEW_OPTIONS, str(len(poll.options)), str(limit.least_options))
    if len(poll.options) > limit.most_options:
        yield Problem("poll", ProblemReason.TOO_MANY_OPTIONS, str(len(poll.options)), str(limit.most_options))
    if len(poll.question) > limit.question_most:
        yield Problem("poll", ProblemReason.QUESTION_TOO_LONG, str(len(poll.question)), str(limit.question_most))
    longest = max((len(option) for option in poll.options), default=0)
    if longest > limit.option_most:
        yield Problem("poll", ProblemReason.OPTION_TOO_LONG, str(longest), str(limit.option_most))
    if poll.open_for_s < limit.shortest_s:
        yield Problem("poll", ProblemReason.POLL_TOO_SHORT, str(poll.open_for_s), str(limit.shortest_s))
    if poll.open_for_s > limit.longest_s:
        yield Problem("poll", ProblemReason.POLL_TOO_LONG, str(poll.open_for_s), str(limit.longest_s))
    if poll.multiple and not limit.allows_multiple:
        yield Problem("poll", ProblemReason.POLL_MULTIPLE)
