"""What a platform takes: lengths, files, polls, how often, and what it costs."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from viche_sdk.connectors.capabilities import Operation


class LengthUnit(StrEnum):
    """How a platform counts the length of a text."""

    # what a reader takes for one character (UAX #29)
    GRAPHEMES = "graphemes"
    # Unicode code points
    CODE_POINTS = "code_points"
    # units of UTF-16, as JavaScript and Telegram count
    UTF16 = "utf16"
    # bytes of UTF-8
    BYTES = "bytes"
    # X: most letters of Latin and Cyrillic count 1, all else 2, an address 23 (twitter-text, configuration v3)
    WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True)
class TextLimit:
    """How long a text may be. `address_length` is what any address counts, where that is fixed; `most_bytes` is a
    second limit in bytes of UTF-8."""

    most: int
    unit: LengthUnit = LengthUnit.GRAPHEMES
    address_length: int | None = None
    most_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class MediaLimit:
    """Which files. Types are media types; sizes in bytes; `least` is what a post needs at least. `alt_most` is 0 where
    the platform has no place for what is said of a file; authors write it all the same, for where there is one."""

    most: int
    types: frozenset[str]
    most_bytes: int
    least: int = 0
    alt_most: int = 1_000
    most_pixels: int | None = None
    most_duration_s: int | None = None


@dataclass(frozen=True, slots=True)
class PollLimit:
    """Which polls: lengths in graphemes, times in seconds."""

    least_options: int
    most_options: int
    question_most: int
    option_most: int
    shortest_s: int
    longest_s: int
    allows_multiple: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """All of them; None means that the platform does not take such a thing.

    `caption` holds where files come with the text, if that is shorter.
    """

    text: TextLimit
    caption: TextLimit | None = None
    images: MediaLimit | None = None
    videos: MediaLimit | None = None
    poll: PollLimit | None = None
    title_most: int | None = None


class RateScope(StrEnum):
    """Whose calls count together."""

    APP = "app"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` of these operations in `period_s` seconds. The host keeps to it; connectors never sleep."""

    operations: frozenset[Operation]
    most: int
    period_s: int
    scope: RateScope = RateScope.ACCOUNT


@dataclass(frozen=True, slots=True)
class Cost:
    """What the platform asks for one operation, for instance 0.015 USD for a post.

    `currency` is that of ISO 4217, or "units" and "uploads" where the platform counts those against a daily quota.
    `with_link` costs hold where the post holds an address, in place of the plain one.
    """

    operation: Operation
    amount: Decimal
    currency: str
    with_link: bool = False
