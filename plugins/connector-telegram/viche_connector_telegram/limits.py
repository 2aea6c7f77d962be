"""What Telegram takes (core.telegram.org/bots/api). It counts characters; units of UTF-16, by which it counts places
in a text, are never fewer."""

from viche_sdk.connectors.types import LengthUnit, Limits, MediaLimit, PollLimit, TextLimit

POLL_TEXT = TextLimit(1_024, LengthUnit.UTF16)
"""What stands beside the question of a poll."""

POSSIBLE_SIDES = 10_000
"""Width and height of a photo together."""

LIMITS = Limits(
    text=TextLimit(4_096, LengthUnit.UTF16),
    caption=TextLimit(1_024, LengthUnit.UTF16),
    images=MediaLimit(
        most=10,
        types=frozenset({"image/jpeg", "image/png", "image/webp"}),
        most_bytes=10_000_000,
        # Telegram has no place for what is said of a picture
        alt_most=0,
    ),
    videos=MediaLimit(most=1, types=frozenset({"video/mp4"}), most_bytes=50_000_000, alt_most=0),
    poll=PollLimit(
        least_options=2,
        most_options=12,
        question_most=300,
        option_most=100,
        shortest_s=5,
        longest_s=2_628_000,
        allows_multiple=True,
    ),
)
