"""Resumable uploads (developers.google.com/youtube/v3/guides/using_resumable_upload_protocol).

An upload has an address of its own. A video exists from the moment on at which its last byte has come in there; the
address tells how many have, and the video itself once it is whole. So whatever gets lost on the way, it is asked first,
and goes on from there; nothing is sent a second time.
"""

import re
from typing import Any

from viche_connector_youtube.client import HOST, RESUME, call
from viche_sdk.connectors.types import (
    Answer,
    ConnectorError,
    Context,
    InvalidContent,
    NotFound,
    OutcomeUnknown,
    Transient,
)

UPLOAD = f"https://{HOST}/upload/youtube/v3/videos"
CHUNK_BYTES = 8 * 1024 * 1024
"""A multiple of 256 KiB, as the platform wants it."""
MOST_STANDS = 5
"""So often in a row a part is sent after which the upload is no further."""

_RANGE = re.compile(r"bytes=0-(\d+)")


async def begin(ctx: Context, type: str, size_bytes: int, resource: dict[str, Any]) -> str:
    """Tells what will be uploaded: media type, size, and what there is to say of it. Gives the address of the upload.

    Raises:
        Transient: nobody knows whether there is one; an upload without bytes is seen by nobody.
        ConnectorError: the platform does not take such a video.
    """
    told = {"X-Upload-Content-Length": str(size_bytes), "X-Upload-Content-Type": type}
    parts = {"uploadType": "resumable", "part": ",".join(resource)}
    try:
        answer = await call(ctx, "POST", UPLOAD, "media", params=parts, headers=told, json=resource)
        with answer.understood():
            return answer.headers["location"]
    except OutcomeUnknown as error:
        raise Transient(error.detail) from error


async def progress(ctx: Context, address: str, size_bytes: int) -> str | int:
    """The id of the video where the upload is whole, else how many bytes have come in.

    Raises:
        NotFound: the platform has forgotten the upload.
        ConnectorError: it does not say.
    """
    told = {"Content-Range": f"bytes */{size_bytes}"}
    return _read(await call(ctx, "PUT", address, "media", gone=(404, 410), headers=told))


async def send(ctx: Context, address: str, content: bytes, type: str, at: int = 0) -> str:
    """Sends a file from a place in it on. Gives the id of the video.

    Raises:
        OutcomeUnknown: the last part was sent, and nobody says whether it came in, or what became of it.
        Transient: an earlier one was; there is no video, and the upload may go on.
        ConnectorError: the platform refuses.
    """
    stands = 0
    while stands <= MOST_STANDS:
        try:
            is_in = at >= len(content)
            reached = await progress(ctx, address, at) if is_in else _read(await _part(ctx, address, content, type, at))
        except (OutcomeUnknown, Transient) as error:
            reached = await _after_loss(ctx, address, len(content), at, error)
        if isinstance(reached, str):
            return reached
        stands = 0 if reached > at else stands + 1
        at = reached
    raise (OutcomeUnknown if at >= len(content) else Transient)(f"the upload stands at {at} of {len(content)} bytes")


async def _part(ctx: Context, address: str, content: bytes, type: str, at: int) -> Answer:
    part = content[at : at + CHUNK_BYTES]
    place = f"bytes {at}-{at + len(part) - 1}/{len(content)}"
    return await call(
        ctx, "PUT", address, "media", headers={"Content-Range": place, "Content-Type": type}, content=part
    )


async def _after_loss(ctx: Context, address: str, size_bytes: int, at: int, error: ConnectorError) -> str | int:
    """How far the upload is after the answer to a part was lost."""
    may_be_whole = at + CHUNK_BYTES >= size_bytes
    try:
        return await progress(ctx, address, size_bytes)
    except ConnectorError as second:
        raise (OutcomeUnknown if may_be_whole else Transient)(error.detail) from second


def _read(answer: Answer) -> str | int:
    if answer.status == RESUME:
        found = _RANGE.fullmatch(answer.headers.get("range", ""))
        return int(found[1]) + 1 if found else 0
    with answer.understood():
        return str(answer.object()["id"])


async def goes_on(ctx: Context, address: str, size_bytes: int) -> str | int | None:
    """As `progress`; None where the platform has forgotten the upload, which it may say in either way."""
    try:
        return await progress(ctx, address, size_bytes)
    except (NotFound, InvalidContent):
        return None
