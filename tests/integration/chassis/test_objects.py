"""Every object store keeps the same contract: a folder, a real S3 server, and the double that other tests use."""

from __future__ import annotations

import hashlib
import io
import random
import secrets
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.s3 import S3Server
from viche_chassis.objects import (
    MAX_METADATA_BYTES,
    BadKey,
    ObjectNotFound,
    ObjectStore,
    StoredObject,
    parse_s3_url,
)
from viche_chassis.objects_folder import FolderStore
from viche_chassis.objects_s3 import S3Store
from viche_chassis.testing import MemoryStore

TEXT = "text/plain; charset=utf-8"


def fresh_bucket(server: S3Server) -> S3Store:
    """A store over an empty bucket of its own."""
    store = S3Store(parse_s3_url(server.url(f"test-{secrets.token_hex(6)}")))
    store.ensure_bucket()
    return store


@pytest.fixture(params=["folder", "s3", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    made: dict[str, Callable[[], ObjectStore]] = {
        "folder": lambda: FolderStore(tmp_path / "objects"),
        "s3": lambda: fresh_bucket(request.getfixturevalue("s3")),
        "memory": MemoryStore,
    }
    return made[request.param]()


def put(store: ObjectStore, key: str, content: bytes = b"x", **metadata: str) -> StoredObject:
    return store.put(key, io.BytesIO(content), len(content), TEXT, metadata)


def read(store: ObjectStore, key: str) -> tuple[StoredObject, bytes]:
    with store.open(key) as opened:
        return opened.stored, b"".join(opened)


class TestEveryStore:
    """What callers may rely on whichever store the operator chose."""

    def test_an_object_comes_back_as_it_was_put(self, store: ObjectStore) -> None:
        content = "Віче\n".encode() * 1000

        stored = put(store, "petitions/7/plan.txt", content, title=" Звіт №1, 50 %\n", name="звіт.txt")

        assert stored == StoredObject(
            key="petitions/7/plan.txt",
            size_bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content_type=TEXT,
            metadata={"title": " Звіт №1, 50 %\n", "name": "звіт.txt"},
        )
        assert store.stat("petitions/7/plan.txt") == stored
        assert read(store, "petitions/7/plan.txt") == (stored, content)

    def test_an_empty_object_is_an_object(self, store: ObjectStore) -> None:
        stored = put(store, "empty", b"")
        assert read(store, "empty") == (stored, b"")

    def test_twelve_megabytes_come_back_in_chunks(self, store: ObjectStore) -> None:
        content = random.Random(7).randbytes(12 * 1024 * 1024)
        stored = put(store, "large", content)
        with store.open("large") as opened:
            received = hashlib.sha256()
            for chunk in opened:
                received.update(chunk)
        assert received.hexdigest() == stored.sha256 == hashlib.sha256(content).hexdigest()
        assert store.stat("large") == stored

    def test_a_second_put_replaces_everything(self, store: ObjectStore) -> None:
        put(store, "k", b"first, and longer", by="ann")
        second = store.put("k", io.BytesIO(b"second"), 6, "image/png", {"of": "otto"})
        assert store.stat("k") == second
        assert read(store, "k") == (second, b"second")
        assert list(store.list()) == ["k"]

    def test_a_missing_object_is_not_found(self, store: ObjectStore) -> None:
        put(store, "a/b")
        for key in ("missing", "a", "a/missing", "a/b/c"):
            with pytest.raises(ObjectNotFound):
                store.stat(key)
            with pytest.raises(ObjectNotFound):
                store.open(key)

    def test_a_deleted_object_is_gone_and_deleting_again_is_no_error(self, store: ObjectStore) -> None:
        put(store, "a/b/c")
        put(store, "a/d")
        store.delete("a/b/c")
        store.delete("a/b/c")
        store.delete("a/b")
        with pytest.raises(ObjectNotFound):
            store.stat("a/b/c")
        assert list(store.list()) == ["a/d"]
        put(store, "a/b")  # what was a folder may be a key now
        assert list(store.list()) == ["a/b", "a/d"]

    def test_keys_are_listed_by_prefix_in_ascending_order(self, store: ObjectStore) -> None:
        keys = ["a-b", "a.b", "a/b", "a/b-c", "a/c/1", "a/c/2", "a0", "b/1"]
        for key in random.Random(1).sample(keys, len(keys)):
            put(store, key)
        assert list(store.list()) == sorted(keys)
        assert list(store.list("a/")) == ["a/b", "a/b-c", "a/c/1", "a/c/2"]
        assert list(store.list("a/b")) == ["a/b", "a/b-c"]
        assert list(store.list("a/c/2")) == ["a/c/2"]
        assert list(store.list("c")) == list(store.list("a/b/")) == []

    def test_a_key_is_no_folder_of_another(self, store: ObjectStore) -> None:
        put(store, "a/b", b"kept")
        for key in ("a", "a/b/c"):
            with pytest.raises(BadKey):
                put(store, key)
        assert read(store, "a/b")[1] == b"kept"

    @pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".drafts/x", "A", "a b", "ї"])
    def test_a_bad_key_is_refused_by_every_function(self, store: ObjectStore, key: str) -> None:
        for use in (
            lambda: put(store, key),
            lambda: store.open(key),
            lambda: store.stat(key),
            lambda: store.delete(key),
            lambda: store.presigned_get(key, timedelta(seconds=9)),
        ):
            with pytest.raises(BadKey):
                use()

    @pytest.mark.parametrize("size_bytes", [2, 4])
    def test_a_stream_of_another_size_than_said_is_refused_and_changes_nothing(
        self, store: ObjectStore, size_bytes: int
    ) -> None:
        put(store, "k", b"before")
        with pytest.raises(ValueError, match=f"the {size_bytes} bytes"):
            store.put("k", io.BytesIO(b"abc"), size_bytes, TEXT)
        assert read(store, "k")[1] == b"before"

    def test_as_much_metadata_as_is_allowed_is_kept(self, store: ObjectStore) -> None:
        text = "x" * (MAX_METADATA_BYTES - len("name"))
        put(store, "k", name=text)
        assert store.stat("k").metadata == {"name": text}
        with pytest.raises(ValueError, match="too much"):
            put(store, "k", name=text + "x")

    def test_readers_and_writers_at_once_see_whole_versions(self, store: ObjectStore) -> None:
        versions = [bytes([letter]) * 300_000 for letter in b"abcdef"]
        put(store, "k", versions[0])
        seen: list[tuple[str, str]] = []

        def look() -> None:
            for _ in range(10):
                stored, content = read(store, "k")
                seen.append((stored.sha256, hashlib.sha256(content).hexdigest()))

        threads = [threading.Thread(target=look) for _ in range(2)]
        threads += [threading.Thread(target=put, args=(store, "k", version)) for version in versions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(seen) == 20
        assert all(told == found for told, found in seen)
        assert read(store, "k")[1] in versions
        assert list(store.list()) == ["k"]


class Interrupted(Exception):
    """What a stream raises whose sender went away."""


class BreakingStream:
    """Gives some bytes, then fails."""

    def __init__(self, content: bytes) -> None:
        self._pieces: Iterator[bytes] = iter([content])

    def read(self, size: int, /) -> bytes:
        for piece in self._pieces:
            return piece
        raise Interrupted


def test_an_upload_that_breaks_off_changes_nothing(store: ObjectStore) -> None:
    put(store, "k", b"before")
    with pytest.raises(Interrupted):
        store.put("k", BreakingStream(b"abc"), 1000, TEXT)
    assert read(store, "k")[1] == b"before"
    assert list(store.list()) == ["k"]
