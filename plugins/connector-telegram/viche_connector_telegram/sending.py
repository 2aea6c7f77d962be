"""A post as one request: what was not sent whole was not sent."""

import json
from collections.abc import Sequence
from typing import Any

from viche_connector_telegram.client import do, result_of
from viche_sdk.connectors.types import Answer, Context, InvalidContent, Media, MediaKind, Poll, Post, with_link


async def send(ctx: Context, chat: str, post: Post) -> Sequence[int]:
    """Makes the message of a post, or the messages of its album; gives their numbers."""
    answer = await _sent(ctx, chat, post)
    with answer.understood():
        found = result_of(answer)
        return [int(each["message_id"]) for each in (found if isinstance(found, list) else [found])]


async def _sent(ctx: Context, chat: str, post: Post) -> Answer:
    text = with_link(post.text, post.link)
    if post.poll:
        return await _send_poll(ctx, chat, post.poll, text)
    if len(post.media) > 1:
        return await _send_album(ctx, chat, post.media, text)
    if post.media:
        return await _send_file(ctx, chat, post.media[0], text)
    return await do(ctx, "sendMessage", json={"chat_id": chat, "text": text, **preview(post)})


def preview(post: Post) -> dict[str, Any]:
    """Which address is shown with its picture: that of the post and not the first one of the text."""
    return {"link_preview_options": {"url": post.link}} if post.link else {}


async def _send_poll(ctx: Context, chat: str, poll: Poll, text: str) -> Answer:
    body: dict[str, Any] = {
        "chat_id": chat,
        "question": poll.question,
        "options": [{"text": option} for option in poll.options],
        "allows_multiple_answers": poll.multiple,
        "open_period": poll.open_for_s,
    }
    if text.strip():
        body["description"] = text
    return await do(ctx, "sendPoll", "poll", json=body)


async def _send_file(ctx: Context, chat: str, media: Media, text: str) -> Answer:
    form = {"chat_id": chat, "caption": text, **_measures(media)}
    method, name = ("sendVideo", "video") if media.kind is MediaKind.VIDEO else ("sendPhoto", "photo")
    return await do(ctx, method, "media", form=form, files={name: await _file(ctx, media)})


async def _send_album(ctx: Context, chat: str, media: Sequence[Media], text: str) -> Answer:
    """The caption of the first picture is that of the album."""
    if any(each.kind is MediaKind.VIDEO for each in media):
        raise InvalidContent("one video a post", field="media")
    album = [{"type": "photo", "media": f"attach://file{number}"} for number in range(len(media))]
    album[0]["caption"] = text
    return await do(
        ctx,
        "sendMediaGroup",
        "media",
        form={"chat_id": chat, "media": json.dumps(album)},
        files={f"file{number}": await _file(ctx, each) for number, each in enumerate(media)},
    )


def _measures(media: Media) -> dict[str, str]:
    """Players need them before the video is loaded."""
    if media.kind is not MediaKind.VIDEO:
        return {}
    known = {"width": media.width, "height": media.height, "duration": round(media.duration_s)}
    return {"supports_streaming": "true", **{name: str(value) for name, value in known.items() if value}}


async def _file(ctx: Context, media: Media) -> tuple[str, bytes, str]:
    return f"{media.kind}.{media.type.partition('/')[2]}", await ctx.media.read(media), media.type
