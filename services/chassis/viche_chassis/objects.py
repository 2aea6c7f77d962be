"""Objects: files that belong to petitions and people, in a folder or in a bucket of an S3 server.

The store blocks: it is made for threads; coroutines call it through ``asyncio.to_thread``.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from viche_chassis.config import ConfigError
from viche_chassis.errors import Code, DomainError, NotFound

CHUNK_BYTES = 256 * 1024
MAX_KEY_LENGTH = 512
# a part of a key is the name of a file (NAME_MAX of POSIX systems)
MAX_PART_LENGTH = 200
# S3 takes 2 KB of metadata with an object, ours included
MAX_METADATA_BYTES = 1900
# what the store itself keeps in the metadata
SHA256 = "sha256"
DEFAULT_REGION = "us-east-1"
SCHEMES = ("s3+https", "s3+http")

KEY_PART = re.compile(r"[a-z0-9][a-z0-9._-]*")
_KEY = re.compile(rf"({KEY_PART.pattern}/)*{KEY_PART.pattern}")
_PREFIX = re.compile(rf"({KEY_PART.pattern}/)*({KEY_PART.pattern})?")
_METADATA_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_CONTENT_TYPE = re.compile(r"[!-~]+/[!-~]+( [ -~]*)?")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class ObjectNotFound(NotFound):
    """There is no object with this key."""

    reason = "OBJECT_NOT_FOUND"


class BadKey(DomainError):
    """The key is not written as keys are, or it is a folder of another object's key, or that one's of this."""

    code = Code.INVALID_ARGUMENT
    reason = "BAD_OBJECT_KEY"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What is known of an object. ``sha256`` is in hex; it is empty when somebody else put the object there."""

    key: str
    size_bytes: int
    sha256: str
    content_type: str
    metadata: Mapping[str, str] = field(default_factory=dict)


class Readable(Protocol):
    """What can be read piece by piece: a file, an upload."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""
        ...


class OpenedObject(AbstractContextManager["OpenedObject"]):
    """An object that is being read: its bytes in chunks, once. To be closed, also by ``with``.

    A web server's response takes it as its body as it is. Iterating raises Unavailable when the store fails midway.
    """

    def __init__(self, stored: StoredObject, chunks: Iterator[bytes], close: Callable[[], None]) -> None:
        self.stored = stored
        self._chunks = chunks
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def close(self) -> None:
        """Gives back what reading holds."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self.close()


class ObjectStore(Protocol):
    """Keeps objects by key. Every function raises Unavailable when the store is down, full or refuses us.

    A key is parts of ``a-z 0-9 . _ -`` between slashes, each beginning with a letter or digit. An object's key is no
    folder of another's: "a" and "a/b" do not stand side by side, since stores that keep files cannot have both.
    """

    def put(
        self,
        key: str,
        stream: Readable,
        size_bytes: int,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """Keeps the stream's bytes, instead of what was there. When it returns, they are kept for good; when it
        raises, what was there before is still there whole, and so it is for those who read meanwhile.

        Args:
            size_bytes: how many bytes the stream has.
            metadata: names of lower-case letters, digits and hyphens, and texts; in all at most MAX_METADATA_BYTES,
                percent-encoded.

        Raises:
            BadKey: the key cannot be used.
            ValueError: the stream is shorter or longer, or type or metadata cannot be kept.
        """
        ...

    def open(self, key: str) -> OpenedObject:
        """Begins to read. Raises ObjectNotFound, BadKey."""
        ...

    def stat(self, key: str) -> StoredObject:
        """What is known of an object. Raises ObjectNotFound, BadKey."""
        ...

    def delete(self, key: str) -> None:
        """Removes an object; that there is none is no error. Raises BadKey."""
        ...

    def list(self, prefix: str = "") -> Iterator[str]:
        """The keys that begin with ``prefix``, in ascending order. Raises BadKey."""
        ...

    def presigned_get(self, key: str, expires: timedelta) -> str | None:
        """A link with which anybody reads the object for this time (a second to seven days), whether or not it is
        there; None when this store has no links and whoever asks has to be given the bytes. Raises BadKey."""
        ...


class ObjectSettings(Protocol):
    """The settings that say where objects are; see :mod:`viche_chassis.settings`."""

    @property
    def objects_dir(self) -> str: ...
    @property
    def s3_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class S3Location:
    """A bucket, and the key that opens it."""

    host: str
    is_secure: bool
    bucket: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


def open_store(settings: ObjectSettings) -> ObjectStore:
    """The store that the settings name.

    Raises:
        ConfigError: they name none, or the folder cannot be used. A bucket is not asked: S3 may be down at the start.
    """
    where = locate(settings)
    if isinstance(where, S3Location):
        from viche_chassis.objects_s3 import S3Store

        return S3Store(where)
    from viche_chassis.objects_folder import FolderStore

    try:
        return FolderStore(where)
    except OSError as error:
        raise ConfigError([f"VICHE_OBJECTS_DIR: {where} cannot be used ({error.strerror})."]) from error


def locate(settings: ObjectSettings) -> Path | S3Location:
    """Where the settings say that objects are: the bucket where both are set. Raises ConfigError."""
    if settings.s3_url:
        return parse_s3_url(settings.s3_url)
    if settings.objects_dir:
        return Path(settings.objects_dir)
    raise ConfigError(["Neither VICHE_OBJECTS_DIR nor VICHE_S3_URL is set: one of them says where objects are kept."])


def parse_s3_url(url: str) -> S3Location:
    """Reads ``s3+https://KEY:SECRET@host[:port]/bucket[?region=…]``; key and secret are percent-encoded.

    Raises:
        ConfigError: it is written otherwise; never repeats the secret.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad_s3_url() from None
    options = dict(parse_qsl(parts.query))
    bucket = parts.path.removeprefix("/").removesuffix("/")
    if parts.scheme not in SCHEMES or not _BUCKET.fullmatch(bucket) or not options.keys() <= {"region"}:
        raise _bad_s3_url()
    if not parts.hostname or not parts.username or not parts.password or port == 0:
        raise _bad_s3_url()
    return S3Location(
        host=parts.netloc.rpartition("@")[2],
        is_secure=parts.scheme == "s3+https",
        bucket=bucket,
        region=options.get("region", DEFAULT_REGION),
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
    )


def check_key(key: str) -> None:
    """Raises BadKey."""
    if len(key) > MAX_KEY_LENGTH or not _KEY.fullmatch(key) or max(map(len, key.split("/"))) > MAX_PART_LENGTH:
        raise BadKey


def check_prefix(prefix: str) -> None:
    """Raises BadKey for what no key begins with."""
    if len(prefix) > MAX_KEY_LENGTH or not _PREFIX.fullmatch(prefix):
        raise BadKey


def check_description(content_type: str, metadata: Mapping[str, str]) -> None:
    """Raises ValueError for what one of the stores could not keep."""
    if len(content_type) > 255 or not _CONTENT_TYPE.fullmatch(content_type):
        raise ValueError("this is no content type")
    if SHA256 in metadata or not all(map(_METADATA_NAME.fullmatch, metadata)):
        raise ValueError("a name of metadata has lower-case letters, digits and hyphens, and is not the store's own")
    if sum(len(name) + len(quote(text, safe="")) for name, text in metadata.items()) > MAX_METADATA_BYTES:
        raise ValueError("this is too much metadata")


def copy(stream: Readable, size_bytes: int, write: Callable[[bytes], object]) -> str:
    """Writes exactly ``size_bytes`` of the stream and gives their SHA-256 in hex.

    Raises:
        ValueError: the stream is shorter or longer.
    """
    digest, left = hashlib.sha256(), size_bytes
    # one byte more than is left shows that there is more
    while chunk := stream.read(min(CHUNK_BYTES, left + 1)):
        left -= len(chunk)
        if left < 0:
            break
        digest.update(chunk)
        write(chunk)
    if left != 0:
        raise ValueError(f"the stream does not have the {size_bytes} bytes that it was said to have")
    return digest.hexdigest()


def _bad_s3_url() -> ConfigError:
    return ConfigError(["VICHE_S3_URL is not written as s3+https://KEY:SECRET@host:port/bucket?region=REGION."])
