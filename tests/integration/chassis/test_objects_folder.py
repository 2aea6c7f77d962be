"""The folder store holds what it promises when processes are killed, disks are full, and others use the folder."""

from __future__ import annotations

import io
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from viche_chassis.errors import Unavailable
from viche_chassis.objects import ObjectNotFound
from viche_chassis.objects_folder import DRAFTS, LEFT_OVER_S, FolderStore
from viche_cli.infra import process

PUT_AND_STAY = """
import io, sys, time
from pathlib import Path
from viche_chassis.objects_folder import FolderStore

class Stays:
    def read(self, size):
        if self.__dict__.setdefault("begun", False):
            print("half", flush=True)
            time.sleep(60)
        self.begun = True
        return b"half of it"

FolderStore(Path(sys.argv[1])).put("a/k", Stays(), 20, "text/plain")
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


def put(store: FolderStore, key: str, content: bytes) -> None:
    store.put(key, io.BytesIO(content), len(content), "text/plain")


def read(store: FolderStore, key: str) -> bytes:
    with store.open(key) as opened:
        return b"".join(opened)


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """The system refuses to write further in any file, as a full disk does (setrlimit(2), RLIMIT_FSIZE)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("earlier", [None, b"before"])
def test_a_killed_put_leaves_what_was_there_before(root: Path, earlier: bytes | None) -> None:
    store = FolderStore(root)
    if earlier is not None:
        put(store, "a/k", earlier)
    with subprocess.Popen([sys.executable, "-c", PUT_AND_STAY, str(root)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"half\n"
        child.kill()

    again = FolderStore(root)
    assert [*again.list()] == ([] if earlier is None else ["a/k"])
    if earlier is None:
        with pytest.raises(ObjectNotFound):
            again.stat("a/k")
    else:
        assert read(again, "a/k") == earlier


def test_what_crashes_left_is_removed_a_day_later(root: Path) -> None:
    FolderStore(root)
    old, new = root / DRAFTS / "old", root / DRAFTS / "new"
    for draft in (old, new):
        draft.write_bytes(b"half")
    day_ago_s = time.time() - LEFT_OVER_S - 60
    os.utime(old, (day_ago_s, day_ago_s))
    FolderStore(root)
    assert files(root) == [f"{DRAFTS}/new"]


def test_a_full_disk_is_unavailable_and_leaves_no_half_file(root: Path) -> None:
    store = FolderStore(root)
    put(store, "k", b"before")
    with files_of_at_most(100_000), pytest.raises(Unavailable) as refused:
        put(store, "k", b"x" * 1_000_000)
    assert refused.value.values == {"what": "objects"}
    assert files(root) == ["k"]
    assert read(store, "k") == b"before"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")
def test_a_disk_that_is_full_takes_objects_again_when_there_is_room(root: Path) -> None:
    root.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", root], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine does not let us mount")
    try:
        store = FolderStore(root)
        put(store, "first", b"x" * 150_000)
        with pytest.raises(Unavailable):
            put(store, "second", b"x" * 150_000)
        assert files(root) == ["first"]
        store.delete("first")
        put(store, "second", b"x" * 150_000)
        assert len(read(store, "second")) == 150_000
    finally:
        subprocess.run(["umount", root], check=True)


def test_only_the_owner_reads_objects(root: Path) -> None:
    put(FolderStore(root), "a/k", b"x")
    assert root.stat().st_mode & 0o777 == 0o700
    assert (root / "a" / "k").stat().st_mode & 0o777 == 0o600


def test_the_file_begins_with_the_bytes_as_they_are(root: Path) -> None:
    put(FolderStore(root), "a/k", b"%PDF-1.7")
    assert (root / "a" / "k").read_bytes().startswith(b"%PDF-1.7")


def test_folders_that_are_empty_are_removed(root: Path) -> None:
    store = FolderStore(root)
    put(store, "a/b/c", b"x")
    store.delete("a/b/c")
    assert [path.name for path in root.iterdir()] == [DRAFTS]


@pytest.mark.parametrize("length", [0, 5, 40, -1])
def test_a_damaged_file_is_not_given_out(root: Path, length: int) -> None:
    store = FolderStore(root)
    put(store, "k", b"some bytes")
    os.truncate(root / "k", length if length >= 0 else (root / "k").stat().st_size - 1)
    with pytest.raises(Unavailable):
        store.open("k")


def test_a_file_that_is_moved_by_hand_is_not_given_out_as_another(root: Path) -> None:
    store = FolderStore(root)
    put(store, "of-ann", b"x")
    (root / "of-ann").rename(root / "of-otto")
    with pytest.raises(Unavailable):
        store.open("of-otto")


def test_what_others_put_into_the_folder_is_passed_over(root: Path) -> None:
    store = FolderStore(root)
    put(store, "k", b"x")
    (root / "lost+found").mkdir(mode=0o000)
    (root / ".DS_Store").touch()
    assert [*store.list()] == ["k"]


def test_who_has_begun_to_read_reads_to_the_end(root: Path) -> None:
    store = FolderStore(root)
    put(store, "k", b"first")
    with store.open("k") as opened:
        put(store, "k", b"second")
        store.delete("k")
        assert b"".join(opened) == b"first"


def test_a_folder_has_no_links(root: Path) -> None:
    assert FolderStore(root).presigned_get("k", timedelta(minutes=1)) is None


def test_readers_give_back_their_files(root: Path) -> None:
    store = FolderStore(root)
    put(store, "k", b"x")
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        read(store, "k")
        store.stat("k")
    assert process.wait_until(lambda: len(os.listdir("/proc/self/fd")) <= before, 20)


def test_puts_and_deletes_of_neighbours_at_once_lose_nothing(root: Path) -> None:
    store = FolderStore(root)
    faults: list[Exception] = []

    def come_and_go(key: str) -> None:
        try:
            for _ in range(100):
                put(store, key, b"x")
                store.delete(key)
            put(store, key, b"x")
        except Exception as error:
            faults.append(error)

    keys = ["a/b/1", "a/b/2", "a/b/3", "a/c/1"]
    threads = [threading.Thread(target=come_and_go, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert list(store.list()) == keys
