"""The file of a backup: a tar whose last member is a manifest with the digest of every part."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

from viche_chassis.objects import CHUNK_BYTES, Readable
from viche_cli.faults import Fault

MANIFEST = "manifest.json"
STATE = "state.json"
KEYS = "keys.sealed"
OBJECTS = "objects.jsonl"
FORMAT = "viche-backup"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the file; `sha256` in hex."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """One object: what the store knows of it. A line of the part OBJECTS; its bytes are the member `objects/KEY`."""

    key: str
    size_bytes: int
    sha256: str
    content_type: str
    metadata: Mapping[str, str]

    @property
    def name(self) -> str:
        """Of its member."""
        return f"objects/{self.key}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup.

    `began_at` is ISO 8601 in UTC: what was acknowledged before is in it. `schemas` has the checksums of the migrations
    by name, for each service.
    """

    began_at: str
    version: str
    has_keys: bool
    schemas: Mapping[str, Mapping[str, str]]
    objects: int
    parts: Mapping[str, Part]


class ArchiveWriter:
    """Writes parts one after the other; `finish` writes the manifest, without which the file is no backup."""

    def __init__(self, file: BinaryIO) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 (closed by finish)
        self._parts: dict[str, Part] = {}
        self._objects: list[ObjectEntry] = []

    def add(self, name: str, stream: Readable, size_bytes: int) -> None:
        """A part of its own. Raises OSError when the stream is shorter than it was said to be."""
        self._parts[name] = self._write(name, stream, size_bytes)

    def add_bytes(self, name: str, content: bytes) -> None:
        """A small part."""
        self.add(name, io.BytesIO(content), len(content))

    def add_object(self, entry: ObjectEntry, stream: Readable) -> None:
        """An object; its digest is taken anew from what is written."""
        written = self._write(entry.name, stream, entry.size_bytes)
        self._objects.append(
            ObjectEntry(entry.key, entry.size_bytes, written.sha256, entry.content_type, entry.metadata)
        )

    def finish(self, began_at: str, version: str, schemas: Mapping[str, Mapping[str, str]]) -> Manifest:
        """Writes the list of objects and the manifest."""
        lines = (json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in self._objects)
        self.add_bytes(OBJECTS, "".join(lines).encode())
        has_keys = KEYS in self._parts
        manifest = Manifest(began_at, version, has_keys, schemas, len(self._objects), self._parts)
        document = {"format": FORMAT, "format_version": VERSION, **asdict(manifest)}
        content = json.dumps(document, indent=2).encode()
        self._write(MANIFEST, io.BytesIO(content), len(content))
        self._tar.close()
        return manifest

    def _write(self, name: str, stream: Readable, size_bytes: int) -> Part:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size_bytes, 0o600, int(time.time())
        hashing: Any = _Hashing(stream)
        self._tar.addfile(member, hashing)
        return Part(size_bytes, hashing.digest.hexdigest())


class Archive:
    """A backup that is read; used in a with block."""

    def __init__(self, path: Path) -> None:
        """Raises Fault when this is no whole backup, or a newer version wrote it."""
        self._path = path
        with ExitStack() as stack:
            try:
                self._tar = stack.enter_context(tarfile.open(path, "r:"))
                self._members = {member.name: member for member in self._tar}
            except tarfile.TarError as error:
                raise self._not_whole() from error
            self.manifest = self._read_manifest()
            stack.pop_all()  # stays open until __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tar.close()

    def open(self, name: str) -> IO[bytes]:
        """The bytes of a member. Raises Fault when there is none."""
        member = self._members.get(name)
        file = self._tar.extractfile(member) if member is not None else None
        if file is None:
            raise self._not_whole()
        return file

    def read(self, name: str) -> bytes:
        """A small member."""
        return self.open(name).read()

    def objects(self) -> Iterator[ObjectEntry]:
        """What is known of each object, in the order in which they lie in the file."""
        for line in self.open(OBJECTS):
            yield ObjectEntry(**json.loads(line))

    def verify(self) -> None:
        """Reads everything and compares it with the manifest. Raises Fault where one byte differs."""
        for name, part in self.manifest.parts.items():
            self._verify(name, part)
        for entry in self.objects():
            self._verify(entry.name, Part(entry.size_bytes, entry.sha256))

    def _verify(self, name: str, part: Part) -> None:
        file = self.open(name)
        digest, size_bytes = hashlib.sha256(), 0
        try:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                size_bytes += len(chunk)
        except tarfile.TarError as error:
            raise self._not_whole() from error
        if Part(size_bytes, digest.hexdigest()) != part:
            raise Fault(f"{self._path} is damaged: {name} is not what was written. Take another backup.")

    def _read_manifest(self) -> Manifest:
        try:
            document = json.loads(self.read(MANIFEST))
            if document.pop("format") != FORMAT:
                raise self._not_whole()
            if document.pop("format_version") > VERSION:
                raise Fault(f"{self._path} was made by a newer viche ({document['version']}): install that version.")
            parts = {name: Part(**part) for name, part in document.pop("parts").items()}
            return Manifest(**document, parts=parts)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._not_whole() from error

    def _not_whole(self) -> Fault:
        return Fault(f"{self._path} is not a whole backup of viche: take another file.")


class ChunkReader:
    """Reads what comes in chunks as from a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def read(self, size: int, /) -> bytes:
        """Exactly `size` bytes, fewer at the end."""
        pieces, missing = [self._left], size - len(self._left)
        while missing > 0 and (chunk := next(self._chunks, b"")):
            pieces.append(chunk)
            missing -= len(chunk)
        read = b"".join(pieces)
        self._left = read[size:]
        return read[:size]


class _Hashing:
    """A stream that notes the digest of what is read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        chunk = self._stream.read(size)
        self.digest.update(chunk)
        return chunk
