"""Files of posts: looked at, made smaller, without what a camera writes into them."""

import asyncio
import io
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from viche_chassis.ids import new_id
from viche_chassis.objects import ObjectStore
from viche_sdk.connectors.types import Media as SdkMedia
from viche_sdk.connectors.types import Unsupported
from viche_social.domain.errors import FileNotReadable, FileTooLarge
from viche_social.store.posts import Media

MOST_BYTES = 50 * 1024 * 1024
MOST_PIXELS = 60_000_000
"""Larger pictures are refused before they are unpacked."""
LONGEST_SIDE = 2048
"""What all platforms show; larger ones are scaled down."""
QUALITY = 88
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
    if len(content) > MOST_BYTES:
        raise FileTooLarge(most=MOST_BYTES)
    if content[4:8] == b"ftyp":
        return Prepared(content, "video", "video/mp4", 0, 0)
    return _picture(content)


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


class MediaFiles:
    """The files in the store of objects; what connectors get of them."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def put(self, authority_id: UUID, title: str, content: bytes) -> Media:
        """Prepares a file and stores it; its row is to be written after that.

        Raises:
            FileTooLarge, FileNotReadable: it cannot be taken.
        """
        prepared = await asyncio.to_thread(prepare, content)
        media = Media(
            new_id(), authority_id, title, prepared.kind, prepared.type, len(prepared.content), prepared.width,
            prepared.height,
        )  # fmt: skip
        await asyncio.to_thread(
            self._objects.put, key(media.id), io.BytesIO(prepared.content), len(prepared.content), prepared.type
        )
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


def key(id: UUID) -> str:
    """Where the object of a file lies."""
    return f"media/{id}"
