"""Posts as contents of events.

A post is one event: the text, or the poll. Its files are events of their own that refer to it (`m.reference`), since a
message of Matrix holds one file. The description of a file is its caption, which everybody sees and hears.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from viche_sdk.connectors.types import Media, Poll, PollOption, PollResults, Post, with_link

MESSAGE = "m.room.message"
POLL = "org.matrix.msc3381.poll.start"
POLL_RESPONSE = "org.matrix.msc3381.poll.response"
POLL_END = "org.matrix.msc3381.poll.end"
TEXT = "org.matrix.msc1767.text"
"""Names of MSC3381 and MSC1767 that clients use before these are part of the specification."""

KEY = "org.viche.key"
"""Our key, so that a post is found when the server has forgotten its transaction."""

CLOSES_AT = "org.viche.closes_at"
"""Polls of Matrix have no end of their own: milliseconds after which votes do not count for us."""


def text_of(post: Post) -> str:
    """What is written: the text, the link, and the question of a poll."""
    text = with_link(post.text, post.link)
    question = post.poll.question if post.poll else ""
    return text if question in text else f"{text.rstrip()}\n\n{question}".lstrip()


def message(text: str, **more: object) -> dict[str, Any]:
    """A plain text."""
    return {"msgtype": "m.text", "body": text, **more}


def poll(asked: str, poll: Poll, now: datetime) -> dict[str, Any]:
    """A poll whose counts everybody sees."""
    options = [f"{number}. {option}" for number, option in enumerate(poll.options, 1)]
    return {
        POLL: {
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": len(poll.options) if poll.multiple else 1,
            "question": {"msgtype": "m.text", "body": asked, TEXT: asked},
            "answers": [{"id": str(number), TEXT: option} for number, option in enumerate(poll.options, 1)],
        },
        # for clients that know no polls
        TEXT: "\n".join([asked, *options]),
        CLOSES_AT: int((now + timedelta(seconds=poll.open_for_s)).timestamp() * 1_000),
    }


def file(media: Media, address: str) -> dict[str, Any]:
    """A picture or a video at an address of the server ("mxc://…")."""
    info: dict[str, Any] = {"mimetype": media.type, "size": media.size_bytes}
    if media.width and media.height:
        info |= {"w": media.width, "h": media.height}
    if media.duration_s:
        info["duration"] = int(media.duration_s * 1_000)
    name = file_name(media)
    return {"msgtype": f"m.{media.kind}", "body": media.alt or name, "filename": name, "url": address, "info": info}


def file_name(media: Media) -> str:
    """A name that tells the type."""
    return f"{media.kind}.{media.type.partition('/')[2]}"


def referring(content: Mapping[str, Any], root: str) -> dict[str, Any]:
    """The content of an event that belongs to another one."""
    return {**content, "m.relates_to": {"rel_type": "m.reference", "event_id": root}}


def counted(start: Mapping[str, Any], answers: list[Mapping[str, Any]], ends_ms: list[int], now_ms: int) -> PollResults:
    """Counts a poll as MSC3381 says: of each person the newest vote before the end, as far as it is valid.

    Args:
        start: content of the poll.
        answers: events of votes.
        ends_ms: when the account has ended it.
        now_ms: the present.
    """
    asked = start[POLL]
    closes_ms = min([start.get(CLOSES_AT, now_ms + 1), *ends_ms])
    newest: dict[str, Mapping[str, Any]] = {}
    for event in sorted(answers, key=lambda each: each["origin_server_ts"]):
        if event["origin_server_ts"] <= closes_ms and POLL_RESPONSE in event["content"]:
            newest[event["sender"]] = event["content"]
    known = [each["id"] for each in asked["answers"]]
    votes = dict.fromkeys(known, 0)
    voters = 0
    for content in newest.values():
        chosen = _chosen(content, asked.get("max_selections", 1))
        if chosen and all(each in votes for each in chosen):
            voters += 1
            for each in chosen:
                votes[each] += 1
    options = tuple(PollOption(each[TEXT], votes[each["id"]]) for each in asked["answers"])
    return PollResults(options, voters, now_ms >= closes_ms)


def _chosen(content: Mapping[str, Any], most: int) -> list[str]:
    said = content[POLL_RESPONSE]
    answers = said.get("answers", ()) if isinstance(said, Mapping) else ()
    return list(dict.fromkeys(each for each in answers if isinstance(each, str)))[:most]
