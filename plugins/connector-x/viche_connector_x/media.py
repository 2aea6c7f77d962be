"""Sends files. What is sent is seen by nobody until a post names it, so a doubt here is no doubt about a post."""

from typing import Any

from viche_connector_x.client import call, data_of, get
from viche_sdk.connectors.types import Context, InvalidContent, Media, MediaKind, OutcomeUnknown, Transient

UPLOAD = "/media/upload"
SEGMENT_BYTES = 4 * 1024 * 1024


async def upload(ctx: Context, media: Media) -> tuple[str, float]:
    """Sends a file.

    Returns:
        Its id, and after how many seconds the platform wants to be asked for it; 0 where it is ready.

    Raises:
        Transient: nobody knows whether it arrived; it is simply sent again.
        ConnectorError: the platform refuses.
    """
    try:
        content = await ctx.media.read(media)
        if media.kind is MediaKind.VIDEO:
            return await _video(ctx, media, content)
        return await _image(ctx, media, content), 0.0
    except OutcomeUnknown as error:
        raise Transient(error.detail) from error


async def is_ready(ctx: Context, id_: str) -> bool:
    """Whether a file may be named in a post.

    Raises:
        InvalidContent: the platform has looked at it and does not take it.
    """
    answer = await get(ctx, UPLOAD, media_id=id_, command="STATUS")
    with answer.understood():
        working = data_of(answer).get("processing_info") or {}
        state = working.get("state", "succeeded")
    if state == "failed":
        raise InvalidContent(str(working.get("error", "the video was not taken")), field="media")
    return state == "succeeded"


async def _image(ctx: Context, media: Media, content: bytes) -> str:
    name = f"image.{media.type.partition('/')[2]}"
    answer = await call(
        ctx,
        "POST",
        UPLOAD,
        "media",
        form={"media_category": "tweet_image"},
        files={"media": (name, content, media.type)},
    )
    with answer.understood():
        id_ = data_of(answer)["id"]
    said = {"id": id_, "metadata": {"alt_text": {"text": media.alt}}}
    await call(ctx, "POST", "/media/metadata", "media", json=said)
    return id_


async def _video(ctx: Context, media: Media, content: bytes) -> tuple[str, float]:
    start = {"media_type": media.type, "media_category": "tweet_video", "total_bytes": len(content)}
    answer = await call(ctx, "POST", f"{UPLOAD}/initialize", "media", json=start)
    with answer.understood():
        id_ = data_of(answer)["id"]
    for number, begin in enumerate(range(0, len(content), SEGMENT_BYTES)):
        await call(
            ctx,
            "POST",
            f"{UPLOAD}/{id_}/append",
            "media",
            form={"segment_index": str(number)},
            files={"media": ("segment", content[begin : begin + SEGMENT_BYTES], "application/octet-stream")},
        )
    answer = await call(ctx, "POST", f"{UPLOAD}/{id_}/finalize", "media")
    with answer.understood():
        working: dict[str, Any] = data_of(answer).get("processing_info") or {}
        return id_, 0.0 if working.get("state", "succeeded") == "succeeded" else working.get("check_after_secs", 5.0)
