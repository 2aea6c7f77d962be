"""Puts a backup back into an empty folder, and into empty databases and an empty bucket where others run those."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from viche_chassis.db import migrations_of
from viche_chassis.errors import Unavailable
from viche_cli.backup import databases, erasures
from viche_cli.backup.archive import KEYS, STATE, Archive
from viche_cli.backup.making import store_at
from viche_cli.backup.sealing import unseal
from viche_cli.faults import Fault
from viche_cli.home import Home
from viche_cli.infra import store
from viche_cli.prepare import ensure_databases, ensure_objects
from viche_cli.preparing import given
from viche_cli.services import SERVICES, objects_environment


@dataclass(frozen=True, slots=True)
class Target:
    """Where a backup goes."""

    home: Home
    # names the database server or the databases, and the bucket, where others run them
    environment: Mapping[str, str]
    # whether what is there is moved aside
    replace: bool


@dataclass(frozen=True, slots=True)
class KeySource:
    """How the keys come back: by the passphrase, or from a folder like HOME/keys."""

    passphrase: str | None = None
    folder: Path | None = None


def restore(archive: Archive, keys: KeySource, target: Target, erased: Path | None) -> list[str]:
    """Puts everything back; gives the names of what was moved aside.

    Args:
        erased: a file of erasures; those whom the backup brings back are erased again at the next start.

    Raises:
        Fault: with what to do. Nothing was touched unless it says so.
    """
    archive.verify()
    check_schemas(archive.manifest.schemas)
    packed = _keys(archive, keys)
    known = erasures.read(erased) if erased is not None else []
    into = given.all_database_urls(target.environment)
    databases.refuse_filled(into)
    moved = _make_room(target)
    home = target.home
    home.make()
    with ExitStack() as stack:
        stack.callback(os.close, home.lock())
        home.unfinished_restore.touch()
        if packed is not None:
            _unpack(packed, home.keys)
        elif keys.folder is not None:
            shutil.copytree(keys.folder, home.keys, dirs_exist_ok=True)
        if not into:
            admin_url = target.environment.get("VICHE_POSTGRES_URL") or stack.enter_context(databases.own_server(home))
            moved += _make_room_for_databases(admin_url, target.replace)
            into = ensure_databases(home, admin_url)
        for service, url in into.items():
            databases.restore(url, archive.open(f"databases/{service}.dump"))
        _restore_objects(archive, target)
        if known:
            erasures.keep(home.erasures, known)
        # of services that others ran there is no state, and the first start over it must bring no demo among people
        home.save_state({"demo": "none", **json.loads(archive.read(STATE))})
        home.unfinished_restore.unlink()
    return moved


def check_schemas(schemas: Mapping[str, Mapping[str, str]]) -> None:
    """Raises Fault when the databases were made by a version that this one does not know."""
    for service in SERVICES:
        known = {each.name: each.checksum for each in migrations_of(f"viche_{service}")}
        for name, checksum in schemas.get(service, {}).items():
            if name not in known:
                raise Fault(f"The backup was made by a newer viche ({name} is unknown here): install that version.")
            if known[name] != checksum:
                raise Fault(f"The backup was made by another viche ({name} differs here): install that version.")


def _keys(archive: Archive, keys: KeySource) -> bytes | None:
    """The folder of keys as a tar; None when it comes from elsewhere. Raises Fault."""
    if keys.folder is not None:
        if not (keys.folder / "identity.key").is_file():
            raise Fault(f"{keys.folder} is no copy of HOME/keys: name one with --keys.")
        return None
    if not archive.manifest.has_keys:
        raise Fault("The backup was made without keys: name your own copy of HOME/keys with --keys.")
    if keys.passphrase is None:
        raise Fault("The keys in the backup need their passphrase: give it with --passphrase-file.")
    return unseal(archive.read(KEYS), keys.passphrase)


def _make_room(target: Target) -> list[str]:
    """Moves the folder aside where that was asked for. Raises Fault."""
    home = target.home
    if not home.path.exists() or not any(home.path.iterdir()):
        return []
    if home.is_locked():
        raise Fault(f"A viche runs over {home.path}: stop it first.")
    if not target.replace:
        raise Fault(f"{home.path} is not empty: name another --home, or give --replace, which moves it aside.")
    aside = home.path.with_name(f"{home.path.name}{_suffix()}")
    home.path.rename(aside)
    return [str(aside)]


def _suffix() -> str:
    return f".before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S}"


def _make_room_for_databases(admin_url: str, replace: bool) -> list[str]:
    try:
        return _make_room_on_server(admin_url, replace)
    except psycopg.Error as error:
        said = str(error).splitlines()[0]
        raise Fault(f"The databases cannot be moved aside ({said}): stop what uses them.") from error


def _make_room_on_server(admin_url: str, replace: bool) -> list[str]:
    there = store.databases(admin_url, [f"viche_{service}" for service in SERVICES])
    if there and not replace:
        raise Fault(
            f"The server has the databases {', '.join(there)} already: give --replace, which renames them, or name "
            "another server with VICHE_POSTGRES_URL."
        )
    moved = {name: f"{name}{_suffix()}" for name in there}
    for name, aside in moved.items():
        store.rename_database(admin_url, name, aside)
    return list(moved.values())


def _restore_objects(archive: Archive, target: Target) -> None:
    ensure_objects(target.home, target.environment.get("VICHE_S3_URL", ""))
    objects = store_at(objects_environment(target.home, target.environment))
    try:
        if not target.replace and next(objects.list(), None) is not None:
            raise Fault("The store of files is not empty: empty it, or give --replace, which leaves what is there.")
        for entry in archive.objects():
            content = archive.open(entry.name)
            objects.put(entry.key, content, entry.size_bytes, entry.content_type, entry.metadata)
    except Unavailable as error:
        raise Fault("The files cannot be put back: look at the folder or the bucket, then try again.") from error


def _unpack(packed: bytes, folder: Path) -> None:
    """Each file readable by its owner alone; the filter refuses names that lead elsewhere (PEP 706)."""
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(folder, filter="data")
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
