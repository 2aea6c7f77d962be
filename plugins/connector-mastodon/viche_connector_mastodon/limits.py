"""What a server says that it takes (entity V2::Instance)."""

from collections.abc import Mapping
from typing import Any

from viche_sdk.connectors.types import Limits, MediaLimit, PollLimit, TextLimit

QUESTION_MOST = 250
"""The question of a poll stands in the text, which has a limit of its own; this leaves room for both."""

ALT_MOST = 1_500
"""Servers before 4.4 do not say it."""


def limits_of(instance: Mapping[str, Any]) -> Limits:
    """The limits of a server."""
    configuration = instance["configuration"]
    statuses, polls = configuration["statuses"], configuration["polls"]
    return Limits(
        text=TextLimit(statuses["max_characters"], address_length=statuses["characters_reserved_per_url"]),
        images=_media(configuration, "image", statuses["max_media_attachments"]),
        # one video stands alone
        videos=_media(configuration, "video", 1),
        poll=PollLimit(
            least_options=2,
            most_options=polls["max_options"],
            question_most=min(QUESTION_MOST, statuses["max_characters"] // 2),
            option_most=polls["max_characters_per_option"],
            shortest_s=polls["min_expiration"],
            longest_s=polls["max_expiration"],
            allows_multiple=True,
        ),
    )


def _media(configuration: Mapping[str, Any], kind: str, most: int) -> MediaLimit:
    files = configuration["media_attachments"]
    return MediaLimit(
        most=most,
        types=frozenset(type_ for type_ in files["supported_mime_types"] if type_.startswith(f"{kind}/")),
        most_bytes=files[f"{kind}_size_limit"],
        alt_most=files.get("description_limit") or ALT_MOST,
        most_pixels=files[f"{kind}_matrix_limit"],
    )
