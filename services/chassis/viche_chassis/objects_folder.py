"""Objects in a folder: one file each, at its key, that is there whole or not at all.

What is known of an object stands behind its bytes, in the same file: two files cannot be replaced by one rename(2), so
whoever reads or backs up meanwhile, or comes after a crash, could find the bytes of one version described by another.
"""

import errno
import json
import logging
import os
import struct
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from viche_chassis.errors import Unavailable
from viche_chassis.metrics import object_failures
from viche_chassis.objects import (
    CHUNK_BYTES,
    KEY_PART,
    BadKey,
    ObjectNotFound,
    OpenedObject,
    Readable,
    StoredObject,
    check_description,
    check_key,
    check_prefix,
    copy,
)

log = logging.getLogger("viche.objects")

# no key begins with a dot
DRAFTS = ".drafts"
# a draft so old is left over by a crash
LEFT_OVER_S = 24 * 3600
# how often a folder may vanish between making it and using it, when others delete the last object in it
TRIES = 20
# the end of a file: length of the description before it, and what shows that it is ours
_FOOT = struct.Struct(">I8s")
_MARK = b"viche-o1"


class FolderStore:
    """Objects below a folder on a file system that several processes may use at once."""

    def __init__(self, root: Path) -> None:
        """Makes the folder where it is missing and removes what crashes left. Raises OSError."""
        self._root = root
        self._drafts = root / DRAFTS
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._drafts.mkdir(exist_ok=True, mode=0o700)
        _remove_left_overs(self._drafts)

    def put(
        self,
        key: str,
        stream: Readable,
        size_bytes: int,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """As :class:`viche_chassis.objects.ObjectStore` says; a full disk is Unavailable and leaves nothing behind."""
        check_key(key)
        check_description(content_type, metadata or {})
        with _failures(), self._draft() as (draft, file):
            sha256 = copy(stream, size_bytes, file.write)
            stored = StoredObject(key, size_bytes, sha256, content_type, dict(metadata or {}))
            file.write(_description(stored))
            file.flush()
            os.fsync(file.fileno())
            self._publish(draft, key)
        return stored

    def open(self, key: str) -> OpenedObject:
        """As :class:`viche_chassis.objects.ObjectStore` says."""
        check_key(key)
        with _failures():
            file = self._file(key)
            try:
                stored = _read_description(key, file)
                file.seek(0)
            except BaseException:
                file.close()
                raise
        return OpenedObject(stored, _chunks(file, stored.size_bytes), file.close)

    def stat(self, key: str) -> StoredObject:
        """As :class:`viche_chassis.objects.ObjectStore` says."""
        with self.open(key) as opened:
            return opened.stored

    def delete(self, key: str) -> None:
        """As :class:`viche_chassis.objects.ObjectStore` says; removes folders that are empty then."""
        check_key(key)
        path = self._root / key
        with _failures(), suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            path.unlink()
            _sync(path.parent)
            self._prune(path.parent)

    def list(self, prefix: str = "") -> Iterator[str]:
        """As :class:`viche_chassis.objects.ObjectStore` says."""
        check_prefix(prefix)
        above = prefix[: prefix.rfind("/") + 1]
        return _walk(self._root / above, above, prefix)

    def presigned_get(self, key: str, expires: timedelta) -> str | None:
        """None: nobody but us reads the folder."""
        check_key(key)

    @contextmanager
    def _draft(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A file that only its owner reads, and that is gone afterwards unless it was moved."""
        descriptor, name = tempfile.mkstemp(dir=self._drafts)
        draft = Path(name)
        try:
            with open(descriptor, "wb") as file:
                yield draft, file
        finally:
            draft.unlink(missing_ok=True)

    def _publish(self, draft: Path, key: str) -> None:
        target = self._root / key
        try:
            _move(draft, target)
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise BadKey from error
        # whichever folders are new, each stands in the one above it
        for folder in target.parents:
            with suppress(FileNotFoundError):  # who deleted the object has synchronised that
                _sync(folder)
            if folder == self._root:
                break

    def _file(self, key: str) -> BinaryIO:
        try:
            return open(self._root / key, "rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise ObjectNotFound(key=key) from error

    def _prune(self, folder: Path) -> None:
        with suppress(OSError):  # not empty, or somebody else was faster
            while folder != self._root:
                folder.rmdir()
                folder = folder.parent


def _move(draft: Path, target: Path) -> None:
    for remaining in reversed(range(TRIES)):
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.replace(target)
            return
        except (FileNotFoundError, FileExistsError):  # mkdir() says the latter when it vanishes while being looked at
            if not remaining:
                raise


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _description(stored: StoredObject) -> bytes:
    text = json.dumps(asdict(stored), ensure_ascii=False, sort_keys=True).encode()
    return text + _FOOT.pack(len(text), _MARK)


def _read_description(key: str, file: BinaryIO) -> StoredObject:
    length = os.fstat(file.fileno()).st_size
    try:
        file.seek(length - _FOOT.size)
        text_length, mark = _FOOT.unpack(file.read())
        file.seek(length - _FOOT.size - text_length)
        stored = StoredObject(**json.loads(file.read(text_length)))
        if mark == _MARK and (stored.key, stored.size_bytes) == (key, length - _FOOT.size - text_length):
            return stored
    except (OSError, ValueError, TypeError, struct.error):
        pass
    log.error("an object is damaged", extra={"key": key})
    raise Unavailable(what="objects")


def _chunks(file: BinaryIO, size_bytes: int) -> Iterator[bytes]:
    left = size_bytes
    while left:
        with _failures():
            chunk = file.read(min(CHUNK_BYTES, left))
        if not chunk:
            raise Unavailable(what="objects")
        left -= len(chunk)
        yield chunk


def _walk(folder: Path, above: str, prefix: str) -> Iterator[str]:
    """Keys in ``folder`` that begin with ``prefix``, by their bytes; ``above`` is the folder's own part."""
    for name in _names(folder):
        key = above + name
        if not key.startswith(prefix):
            continue
        if name.endswith("/"):
            yield from _walk(folder / name, key, prefix)
        else:
            yield key


def _names(folder: Path) -> list[str]:
    """What may be part of a key, folders with a slash, sorted; what others put there (lost+found) is passed over."""
    with _failures(), suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        known = [entry for entry in entries if KEY_PART.fullmatch(entry.name)]
        return sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in known)
    return []


def _remove_left_overs(drafts: Path) -> None:
    oldest_s = time.time() - LEFT_OVER_S
    for draft in drafts.iterdir():
        with suppress(FileNotFoundError):
            if draft.stat().st_mtime < oldest_s:
                draft.unlink()


@contextmanager
def _failures() -> Iterator[None]:
    """What the system refuses (no space left, no right, a fault of the disk) is Unavailable."""
    try:
        yield
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "")
        log.warning("the folder of objects fails", extra={"error": code})
        object_failures.add(1, {"error.type": code})
        raise Unavailable(what="objects") from error
