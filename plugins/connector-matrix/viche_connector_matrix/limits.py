"""What a post may hold. Matrix itself knows one limit, 65,536 bytes for an event; the others are ours.

A changed text is sent twice in one event, so a text has less than half of that.
"""

from dataclasses import replace

from viche_sdk.connectors.types import (
    InvalidContent,
    LengthUnit,
    Limits,
    MediaLimit,
    PollLimit,
    Post,
    TextLimit,
    problems_of,
)

FILES_MOST = 8
"""Servers let an account send ten messages at once (Synapse, `rc_message`)."""

UPLOAD_BYTES = 50 * 1024 * 1024
"""What Synapse takes unless told otherwise; each server tells its own."""

LIMITS = Limits(
    text=TextLimit(30_000, LengthUnit.BYTES),
    images=MediaLimit(
        most=FILES_MOST,
        types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
        most_bytes=UPLOAD_BYTES,
    ),
    videos=MediaLimit(most=1, types=frozenset({"video/mp4", "video/webm"}), most_bytes=UPLOAD_BYTES),
    poll=PollLimit(
        least_options=2,
        # MSC3381: clients leave out what is beyond
        most_options=20,
        question_most=300,
        option_most=100,
        shortest_s=300,
        longest_s=60 * 86_400,
        allows_multiple=True,
    ),
)


def limits_of(upload_bytes: int) -> Limits:
    """The limits of a server that takes files of so many bytes."""
    images, videos = LIMITS.images, LIMITS.videos
    if images is None or videos is None:
        return LIMITS
    return replace(
        LIMITS,
        images=replace(images, most_bytes=upload_bytes),
        videos=replace(videos, most_bytes=upload_bytes),
    )


def held(post: Post) -> None:
    """Holds a post to the limits that no server holds it to.

    Raises:
        InvalidContent: the first that it breaks.
    """
    for problem in problems_of(post, limits_of(1 << 62)):
        raise InvalidContent(f"{problem.reason}: {problem.value} of {problem.limit}", field=problem.field)
