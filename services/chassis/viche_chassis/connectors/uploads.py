"""Files of posts in the process of a connector: their bytes come before the call, and are gone after it."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from viche_chassis.errors import InvalidFields, invalid
from viche_sdk.connectors.types import Media, Unsupported

FORGET_S = 600.0
"""Files whose call never came are gone after this time."""


class Uploads:
    """Bytes of files for calls that will come, in a folder of their own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="viche-media-")
        self._calls: dict[str, tuple[float, dict[str, Path]]] = {}

    def put(self, call_id: str, media_id: str, offset: int, data: bytes) -> None:
        """Takes a part.

        Raises:
            InvalidFields: the parts before have not come.
        """
        self._forget()
        _, files = self._calls.setdefault(call_id, (monotonic(), {}))
        path = files.setdefault(media_id, Path(self._folder.name) / f"{call_id}-{len(files)}")
        with path.open("ab") as file:
            if file.tell() < offset:
                raise InvalidFields(invalid("offset", "GAP"))
            file.truncate(offset)
            file.write(data)

    def take(self, call_id: str) -> dict[str, Path]:
        """The files of a call, to be removed with `drop`."""
        return self._calls.pop(call_id, (0.0, {}))[1]

    @staticmethod
    def drop(files: Mapping[str, Path]) -> None:
        """Removes files."""
        for path in files.values():
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Removes all."""
        self._folder.cleanup()

    def _forget(self) -> None:
        old = [call_id for call_id, (since, _) in self._calls.items() if since < monotonic() - FORGET_S]
        for call_id in old:
            self.drop(self.take(call_id))


class UploadedFiles:
    """Answers `context.MediaStore` with what came before the call."""

    def __init__(self, files: Mapping[str, Path], links: Mapping[str, str]) -> None:
        self._files = files
        self._links = links

    async def read(self, media: Media) -> bytes:
        """The bytes."""
        if media.id not in self._files:
            raise Unsupported(f"this call has no file {media.id}")
        return await asyncio.to_thread(self._files[media.id].read_bytes)

    async def link(self, media: Media) -> str:
        """An address for the platform."""
        if media.id not in self._links:
            raise Unsupported("the instance has no address that platforms reach")
        return self._links[media.id]
