"""Files of posts: looked at, made smaller, without what a camera writes into them."""

import asyncio
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import UUID

from viche_chassis.ids import new_id
from viche_chassis.objects import ObjectNotFound, ObjectStore
from viche_chassis.periodic import every
from viche_sdk.connectors.types import Media as SdkMedia
from viche_sdk.connectors.types import Unsupported
from viche_social.domain.errors import FileNotReadable, FileTooLarge
from viche_social.store.posts import Media

MOST_PICTURE_BYTES = 50 * 1024 * 1024
"""Pictures are unpacked in memory; videos go through piece by piece."""
MOST_PIXELS = 60_000_000
"""Larger pictures are refused before they are unpacked."""
LONGEST_SIDE = 2048
"""What all platforms show; larger ones are scaled down."""
QUALITY = 88
VIDEO = "video/mp4"
UPLOADS = "uploads/posts"
UPLOADS_KEPT = timedelta(days=1)
LINK_FOR = timedelta(hours=1)
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/jpeg"}
"""Formats that are read, and what they become."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file as it is kept."""

    content: bytes
    kind: str
    type: str
    width: int
    height: int


def prepare(content: bytes) -> Prepared:
    """A file as platforms get it: pictures upright, at most LONGEST_SIDE on a side, with their pixels and nothing else.

    Raises:
        FileTooLarge: it has too many bytes or pixels.
        FileNotReadable: it is neither a JPEG, PNG or WebP picture nor an MP4 video.
    """
    if len(content) > MOST_PICTURE_BYTES:
        raise FileTooLarge(most=MOST_PICTURE_BYTES)
    if is_video(content):
        return Prepared(content, "video", VIDEO, 0, 0)
    return _picture(content)


def is_video(beginning: bytes) -> bool:
    """Whether a file begins as an MP4 video (ISO/IEC 14496-12, 4.3)."""
    return beginning[4:8] == b"ftyp"


def _picture(content: bytes) -> Prepared:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=list(TYPES)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise FileTooLarge(most=MOST_PIXELS)
            type = TYPES[opened.format or ""]
            upright = ImageOps.exif_transpose(opened)
            shown = upright.convert("RGBA" if type == "image/png" and upright.mode in ("RGBA", "LA", "P") else "RGB")
            shown.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:  # Pillow's own faults
        raise FileNotReadable() from fault
    shown.info.clear()
    out = io.BytesIO()
    if type == "image/png":
        shown.save(out, "PNG", optimize=True)
    else:
        shown.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Prepared(out.getvalue(), "image", type, shown.width, shown.height)


class Pieces:
    """Chunks as a stream that is read once."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        if not self._left:
            self._left = next(self._chunks, b"")
        taken, self._left = self._left[:size], self._left[size:]
        return taken


class MediaFiles:
    """The files in the store of objects; what connectors get of them.

    Args:
        objects: the store.
        most_bytes: how large a file may be.
    """

    def __init__(self, objects: ObjectStore, most_bytes: int) -> None:
        self._objects = objects
        self._most_bytes = most_bytes

    async def run(self) -> None:
        """Takes away, until cancelled, what callers have left behind."""
        await every(3_600.0, self.sweep, "removing uploads that were left behind")

    async def sweep(self) -> None:
        """Takes away uploads that are older than a day: whoever brought them has ended before taking them away."""
        await asyncio.to_thread(self._sweep, datetime.now(UTC) - UPLOADS_KEPT)

    def _sweep(self, before: datetime) -> None:
        for each in list(self._objects.list(f"{UPLOADS}/")):
            with suppress(ValueError):  # others' files, which have no such names
                if made_at(UUID(each.rpartition("/")[2])) < before:
                    self._objects.delete(each)

    async def put(self, authority_id: UUID, title: str, content: bytes) -> Media:
        """Prepares a file and stores it; its row is to be written after that.

        Raises:
            FileTooLarge, FileNotReadable: it cannot be taken.
        """
        if len(content) > self._most_bytes:
            raise FileTooLarge(most=self._most_bytes)
        return await asyncio.to_thread(self._keep, authority_id, title, content)

    async def take(self, authority_id: UUID, title: str, upload_id: UUID) -> Media:
        """The same with a file that a caller has put into the store.

        Raises:
            FileTooLarge, FileNotReadable: it cannot be taken, or it is not there any more.
        """
        return await asyncio.to_thread(self._take, authority_id, title, upload_id)

    def _take(self, authority_id: UUID, title: str, upload_id: UUID) -> Media:
        try:
            opened = self._objects.open(f"{UPLOADS}/{upload_id}")
        except ObjectNotFound as error:
            raise FileNotReadable() from error
        with opened:
            size_bytes = opened.stored.size_bytes
            if size_bytes > self._most_bytes:
                raise FileTooLarge(most=self._most_bytes)
            chunks = iter(opened)
            beginning = next(chunks, b"")
            if is_video(beginning):
                media = Media(new_id(), authority_id, title, "video", VIDEO, size_bytes, 0, 0)
                self._objects.put(key(media.id), Pieces(chain([beginning], chunks)), size_bytes, VIDEO)
                return media
            if size_bytes > MOST_PICTURE_BYTES:
                raise FileTooLarge(most=MOST_PICTURE_BYTES)
            return self._keep(authority_id, title, b"".join([beginning, *chunks]))

    def _keep(self, authority_id: UUID, title: str, content: bytes) -> Media:
        prepared = prepare(content)
        media = Media(
            new_id(), authority_id, title, prepared.kind, prepared.type, len(prepared.content), prepared.width,
            prepared.height,
        )  # fmt: skip
        self._objects.put(key(media.id), io.BytesIO(prepared.content), len(prepared.content), prepared.type)
        return media

    async def content(self, id: UUID) -> bytes:
        """The bytes of a file.

        Raises:
            ObjectNotFound: it is gone.
        """
        return await asyncio.to_thread(self._read, id)

    def _read(self, id: UUID) -> bytes:
        with self._objects.open(key(id)) as opened:
            return b"".join(opened)

    async def read(self, media: SdkMedia) -> bytes:
        """For connectors: the bytes."""
        return await self.content(UUID(media.id))

    async def link(self, media: SdkMedia) -> str:
        """For connectors: an address for the next hour.

        Raises:
            Unsupported: files lie in a folder, which platforms do not reach.
        """
        url = await asyncio.to_thread(self._objects.presigned_get, key(UUID(media.id)), LINK_FOR)
        if url is None:
            raise Unsupported(
                "files lie in a folder of this machine; platforms fetch them from a bucket (VICHE_S3_URL)"
            )
        return url


def made_at(id: UUID) -> datetime:
    """When an id was made (UUIDv7: RFC 9562, 5.7)."""
    return datetime.fromtimestamp((id.int >> 80) / 1_000, UTC)


def key(id: UUID) -> str:
    """Where the object of a file lies."""
    return f"media/{id}"
