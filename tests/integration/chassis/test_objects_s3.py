"""What only an S3 server has: links, keys that are refused, silence, versions, buckets."""

from __future__ import annotations

import io
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from minio import Minio
from minio.commonconfig import ENABLED
from minio.versioningconfig import VersioningConfig

from tests.s3 import ACCESS_KEY, S3Server, s3_server
from viche_chassis.errors import Unavailable
from viche_chassis.objects import ObjectNotFound, S3Location, StoredObject, parse_s3_url
from viche_chassis.objects_s3 import READ_TIMEOUT_S, SPOOL_BYTES, S3Store


@pytest.fixture
def location(s3: S3Server) -> S3Location:
    """An empty bucket of its own."""
    location = parse_s3_url(s3.url(f"test-{secrets.token_hex(6)}"))
    S3Store(location).ensure_bucket()
    return location


@pytest.fixture
def store(location: S3Location) -> S3Store:
    return S3Store(location)


@pytest.fixture
def client(location: S3Location) -> Minio:
    """The server as another program sees it."""
    return Minio(location.host, ACCESS_KEY, location.secret_key, secure=False)


@pytest.fixture
def silent() -> Iterator[str]:
    """host:port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def put(store: S3Store, key: str, content: bytes = b"x") -> StoredObject:
    return store.put(key, io.BytesIO(content), len(content), "text/plain")


def uses(store: S3Store) -> list[Callable[[], object]]:
    return [
        lambda: put(store, "k"),
        lambda: store.open("k"),
        lambda: store.stat("k"),
        lambda: store.delete("k"),
        lambda: list(store.list()),
    ]


def test_a_link_gives_the_object_to_anybody_until_it_expires(store: S3Store) -> None:
    put(store, "a/k", b"for all")
    # two, since one that expires soon may have expired before a busy machine uses it
    link, short = (store.presigned_get("a/k", timedelta(seconds=seconds)) for seconds in (600, 1))
    assert link is not None
    assert short is not None
    time.sleep(2.1)
    fresh = httpx.get(link, trust_env=False, timeout=20)
    assert (fresh.status_code, fresh.content, fresh.headers["content-type"]) == (200, b"for all", "text/plain")
    assert httpx.get(short, trust_env=False, timeout=20).status_code == 403


def test_a_link_is_good_for_its_object_alone(store: S3Store) -> None:
    put(store, "a")
    put(store, "b")
    link = store.presigned_get("a", timedelta(minutes=1))
    assert link is not None
    assert httpx.get(link.replace("/a?", "/b?"), trust_env=False).status_code == 403
    assert httpx.get(link.partition("?")[0], trust_env=False).status_code == 403


def test_a_wrong_secret_is_unavailable_and_is_not_told(location: S3Location) -> None:
    put(S3Store(location), "k")
    stranger = S3Store(replace(location, secret_key="of-somebody-else"))
    for use in uses(stranger):
        with pytest.raises(Unavailable) as refused:
            use()
        assert "of-somebody-else" not in str(refused.value.__cause__)
    with pytest.raises(Unavailable):
        stranger.ensure_bucket()


def test_a_missing_bucket_is_unavailable_and_not_made_by_requests(location: S3Location, client: Minio) -> None:
    missing = f"missing-{secrets.token_hex(4)}"
    store = S3Store(replace(location, bucket=missing))
    for use in (lambda: put(store, "k"), lambda: store.open("k"), lambda: list(store.list())):
        with pytest.raises(Unavailable):
            use()
    assert not client.bucket_exists(missing)


def test_making_the_bucket_again_changes_nothing(store: S3Store) -> None:
    put(store, "k")
    store.ensure_bucket()
    assert list(store.list()) == ["k"]


def test_a_server_that_is_down_is_unavailable_and_found_again(tmp_path: Path) -> None:
    with s3_server(tmp_path / "s3") as server:
        store = S3Store(parse_s3_url(server.url("bucket")))
        store.ensure_bucket()
        put(store, "k", b"kept")
        server.stop()
        for use in uses(store):
            with pytest.raises(Unavailable):
                use()
        server.start()
        with store.open("k") as opened:
            assert b"".join(opened) == b"kept"


def test_a_silent_server_is_given_up(silent: str, location: S3Location) -> None:
    store = S3Store(replace(location, host=silent), read_timeout_s=0.2)
    began_s = time.monotonic()
    with pytest.raises(Unavailable):
        store.stat("k")
    assert time.monotonic() - began_s < READ_TIMEOUT_S


def test_a_large_object_goes_up_in_parts(store: S3Store, client: Minio, location: S3Location) -> None:
    put(store, "large", b"x" * (12 * 1024 * 1024))
    etag = client.stat_object(location.bucket, "large").etag or ""
    assert etag.endswith("-3")  # as S3 marks what has come in three parts
    assert SPOOL_BYTES < 12 * 1024 * 1024


def test_the_digest_is_the_objects_metadata(store: S3Store, client: Minio, location: S3Location) -> None:
    stored = put(store, "k")
    metadata = client.stat_object(location.bucket, "k").metadata or {}
    assert metadata["x-amz-meta-sha256"] == stored.sha256


def test_an_object_of_another_program_has_no_digest(store: S3Store, client: Minio, location: S3Location) -> None:
    client.put_object(location.bucket, "k", io.BytesIO(b"abc"), 3)
    assert store.stat("k") == StoredObject("k", 3, "", "application/octet-stream")


def test_a_bucket_with_versions_keeps_the_older_ones(store: S3Store, client: Minio, location: S3Location) -> None:
    client.set_bucket_versioning(location.bucket, VersioningConfig(ENABLED))
    put(store, "k", b"first")
    first = client.stat_object(location.bucket, "k").version_id
    put(store, "k", b"second")
    store.delete("k")
    with pytest.raises(ObjectNotFound):
        store.stat("k")
    assert list(store.list()) == []
    assert client.get_object(location.bucket, "k", version_id=first).data == b"first"


def test_more_keys_than_one_answer_holds_are_listed(store: S3Store) -> None:
    keys = [f"k/{number:04}" for number in range(1010)]
    for key in keys:
        put(store, key)
    assert list(store.list("k/")) == keys
