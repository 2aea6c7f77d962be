"""Makes a backup of an instance, running or not."""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from viche_chassis.config import ConfigError, load
from viche_chassis.errors import Unavailable
from viche_chassis.objects import ObjectNotFound, ObjectStore, open_store
from viche_cli import instance
from viche_cli.backup import databases
from viche_cli.backup.archive import KEYS, STATE, Archive, ArchiveWriter, ChunkReader, Manifest, ObjectEntry
from viche_cli.backup.files import ObjectPlace
from viche_cli.backup.sealing import seal
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.preparing import given
from viche_cli.services import objects_environment

DISTRIBUTION = "viche-cli"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the parts of an instance are now."""

    home: Home
    databases: Mapping[str, str]
    objects: ObjectStore


@contextmanager
def source(home: Home, environment: Mapping[str, str]) -> Iterator[Source]:
    """The instance over `home`: as it runs, or with its database server started for the block. Raises Fault.

    Where the environment names its databases, services elsewhere may use them meanwhile.
    """
    if not home.keys.is_dir():
        raise Fault(f"There is no instance in {home.path}: name its folder with --home.")
    with ExitStack() as stack:
        if home.is_locked():
            details = instance.read(home)
            place = {"VICHE_S3_URL": details.get("s3_url", ""), "VICHE_OBJECTS_DIR": details.get("objects_dir", "")}
            yield Source(home, details["databases"], store_at(place))
            return
        stack.callback(os.close, home.lock())
        found = given.all_database_urls(environment)
        if not found:
            admin_url = environment.get("VICHE_POSTGRES_URL") or stack.enter_context(databases.own_server(home))
            found = databases.urls(home, admin_url)
        yield Source(home, found, store_at(objects_environment(home, environment)))


def store_at(place: Mapping[str, str]) -> ObjectStore:
    """The store that the settings name. Raises Fault."""
    try:
        return open_store(load(ObjectPlace, place))
    except ConfigError as error:
        raise Fault(str(error)) from error


def make(target: Path, origin: Source, passphrase: str | None) -> Manifest:
    """Writes the whole backup and reads it again; it is there under its name only when it is good.

    Args:
        passphrase: seals the keys; None leaves them out.

    Raises:
        Fault: with what to do.
    """
    if target.exists():
        raise Fault(f"{target} is there already: name another file.")
    try:
        return _make(target, origin, passphrase)
    except OSError as error:
        said = error.strerror or error
        raise Fault(f"{target} cannot be written ({said}): make room there, or name another.") from error


def _make(target: Path, origin: Source, passphrase: str | None) -> Manifest:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    draft = Path(name)
    try:
        with open(descriptor, "wb") as file:
            manifest = _write(ArchiveWriter(file), origin, passphrase, target.parent)
            file.flush()
            os.fsync(file.fileno())
        with Archive(draft) as written:
            written.verify()
        os.link(draft, target)  # unlike rename(2) never over another file
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(writer: ArchiveWriter, origin: Source, passphrase: str | None, folder: Path) -> Manifest:
    began_at = datetime.now(UTC).isoformat(timespec="seconds")
    sealed = seal(_pack(origin.home.keys), passphrase) if passphrase is not None else None
    schemas: dict[str, Mapping[str, str]] = {}
    with databases.snapshots(origin.databases) as moments:
        for name, moment in moments.items():
            schemas[name] = moment.schema
            _write_dump(writer, name, moment, folder)
    # after the databases: a file is stored before the row that names it
    _write_objects(writer, origin.objects)
    if sealed is not None:
        writer.add_bytes(KEYS, sealed)
    writer.add_bytes(STATE, json.dumps(origin.home.state()).encode())
    return writer.finish(began_at, version(DISTRIBUTION), schemas)


def _write_dump(writer: ArchiveWriter, name: str, moment: databases.Snapshot, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".viche-backup-", dir=folder) as drafts:
        draft = Path(drafts) / f"{name}.dump"
        databases.dump(moment, draft)
        with draft.open("rb") as file:
            writer.add(f"databases/{name}.dump", file, draft.stat().st_size)


def _write_objects(writer: ArchiveWriter, objects: ObjectStore) -> None:
    try:
        for key in objects.list():
            _write_object(writer, objects, key)
    except Unavailable as error:
        raise Fault("The files cannot be read: look at the folder or the bucket, then try again.") from error


def _write_object(writer: ArchiveWriter, objects: ObjectStore, key: str) -> None:
    try:
        opened = objects.open(key)
    except ObjectNotFound:
        return  # removed meanwhile
    with opened:
        known = opened.stored
        entry = ObjectEntry(key, known.size_bytes, known.sha256, known.content_type, dict(known.metadata))
        writer.add_object(entry, ChunkReader(iter(opened)))


def _pack(folder: Path) -> bytes:
    """A folder's files as a tar."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                tar.add(path, arcname=str(path.relative_to(folder)))
    return content.getvalue()
