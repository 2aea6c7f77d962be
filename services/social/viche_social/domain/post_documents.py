"""Posts as JSON, as they are kept."""

from typing import Any
from uuid import UUID

from viche_social.domain.posts import Attached, Content, Poll, PostKind, Source, Variant


def to_json(content: Content) -> dict[str, Any]:
    """What JSON takes; times and the post that is corrected are columns of their own."""
    poll = content.poll
    return {
        "kind": str(content.kind),
        "title": dict(content.title),
        "text": dict(content.text),
        "link": content.link,
        "sources": [{"claim": each.claim, "reference": each.reference, "url": each.url} for each in content.sources],
        "media": [{"id": str(each.id), "alt": dict(each.alt)} for each in content.media],
        "poll": poll
        and {
            "question": dict(poll.question),
            "options": [dict(each) for each in poll.options],
            "open_for_s": poll.open_for_s,
            "multiple": poll.multiple,
        },
        "variants": [
            {"channel_id": str(each.channel_id), "language": each.language, "text": each.text}
            for each in content.variants
        ],
    }


def from_json(stored: dict[str, Any]) -> Content:
    """What was kept, without times and the post that is corrected."""
    poll = stored["poll"]
    return Content(
        kind=PostKind(stored["kind"]),
        title=stored["title"],
        text=stored["text"],
        link=stored["link"],
        sources=tuple(Source(each["claim"], each["reference"], each["url"]) for each in stored["sources"]),
        media=tuple(Attached(UUID(each["id"]), each["alt"]) for each in stored["media"]),
        poll=poll and Poll(poll["question"], tuple(poll["options"]), poll["open_for_s"], poll["multiple"]),
        variants=tuple(
            Variant(UUID(each["channel_id"]), each["language"], each["text"]) for each in stored["variants"]
        ),
    )
