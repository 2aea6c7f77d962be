"""Objects in a bucket of an S3 server. The only module that knows the client's library."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import quote, unquote
from xml.etree.ElementTree import ParseError

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from viche_chassis.config import ConfigError
from viche_chassis.errors import Unavailable
from viche_chassis.metrics import object_failures
from viche_chassis.objects import (
    CHUNK_BYTES,
    SHA256,
    BadKey,
    ObjectNotFound,
    OpenedObject,
    Readable,
    S3Location,
    StoredObject,
    check_description,
    check_key,
    check_prefix,
    copy,
)

log = logging.getLogger("viche.objects")

CONNECT_TIMEOUT_S = 3.0
# between two pieces of an answer
READ_TIMEOUT_S = 20.0
CONNECTIONS = 16
# an object up to this size is in memory while it is put, a larger one in a temporary file
SPOOL_BYTES = 1024 * 1024
_METADATA = "x-amz-meta-"
# of servers that keep objects as files
_FOLDER_CODES = (
    "ExistingObjectIsDirectory",
    "ObjectParentIsFile",
    "XMinioParentIsObject",
    "XMinioObjectExistsAsDirectory",
)


class S3Store:
    """Objects in one bucket, addressed by path. Connects when it is first used."""

    def __init__(self, location: S3Location, *, read_timeout_s: float = READ_TIMEOUT_S) -> None:
        """Raises ConfigError when the library takes the location for wrong."""
        self._bucket = location.bucket
        try:
            self._client = Minio(
                location.host,
                location.access_key,
                location.secret_key,
                secure=location.is_secure,
                region=location.region,
                http_client=_connections(read_timeout_s),
            )
        except ValueError as error:
            raise ConfigError([f"VICHE_S3_URL: {error}."]) from error
        self._client.disable_virtual_style_endpoint()

    def ensure_bucket(self) -> None:
        """Makes the bucket when it is missing; for the preparation of an instance, not for requests.

        Raises Unavailable, whose cause says why.
        """
        with _failures():
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)

    def put(
        self,
        key: str,
        stream: Readable,
        size_bytes: int,
        content_type: str,
        metadata: Mapping[str, str] | None = None,
    ) -> StoredObject:
        """As :class:`viche_chassis.objects.ObjectStore` says; large objects go up in parts."""
        check_key(key)
        check_description(content_type, metadata or {})
        # S3 wants the metadata, and with it the digest, before the bytes
        with _failures(key), tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
            sha256 = copy(stream, size_bytes, spool.write)
            spool.seek(0)
            self._client.put_object(
                self._bucket,
                key,
                spool,  # pyright: ignore[reportArgumentType] (it has the read() that is called)
                size_bytes,
                content_type=content_type,
                metadata=_encoded({**(metadata or {}), SHA256: sha256}),
                num_parallel_uploads=1,  # one part in memory
            )
        return StoredObject(key, size_bytes, sha256, content_type, dict(metadata or {}))

    def open(self, key: str) -> OpenedObject:
        """As :class:`viche_chassis.objects.ObjectStore` says."""
        check_key(key)
        with _failures(key):
            response = self._client.get_object(self._bucket, key)

        def close() -> None:
            response.close()
            response.release_conn()

        return OpenedObject(_stored(key, response.headers), _chunks(key, response), close)

    def stat(self, key: str) -> StoredObject:
        """As :class:`viche_chassis.objects.ObjectStore` says."""
        check_key(key)
        with _failures(key):
            found = self._client.stat_object(self._bucket, key)
        return _stored(key, found.metadata or {})

    def delete(self, key: str) -> None:
        """As :class:`viche_chassis.objects.ObjectStore` says; a bucket with versions keeps the older ones."""
        check_key(key)
        with _failures(key):
            self._client.remove_object(self._bucket, key)

    def list(self, prefix: str = "") -> Iterator[str]:
        """As :class:`viche_chassis.objects.ObjectStore` says."""
        check_prefix(prefix)
        return self._keys(prefix)

    def presigned_get(self, key: str, expires: timedelta) -> str | None:
        """A link to the server itself, under the host of VICHE_S3_URL; made here, without asking the server."""
        check_key(key)
        return self._client.presigned_get_object(self._bucket, key, expires)

    def _keys(self, prefix: str) -> Iterator[str]:
        with _failures():
            for found in self._client.list_objects(self._bucket, prefix=prefix, recursive=True):
                name = found.object_name or ""
                if not name.endswith("/"):  # folders that other programs make
                    yield name


def _connections(read_timeout_s: float) -> PoolManager:
    return PoolManager(
        maxsize=CONNECTIONS,
        timeout=Timeout(connect=CONNECT_TIMEOUT_S, read=read_timeout_s),
        retries=Retry(
            total=2,
            read=1,
            redirect=False,
            backoff_factor=0.2,
            status_forcelist=(500, 502, 503, 504),
            raise_on_status=False,
        ),
        cert_reqs="CERT_REQUIRED",
    )


def _encoded(metadata: Mapping[str, str]) -> dict[str, str | list[str] | tuple[str]]:
    """Headers take ASCII alone, and lose spaces at the ends."""
    return {name: quote(text, safe="") for name, text in metadata.items()}


def _stored(key: str, headers: Mapping[str, str]) -> StoredObject:
    metadata = {
        name.lower().removeprefix(_METADATA): unquote(text)
        for name, text in headers.items()
        if name.lower().startswith(_METADATA)
    }
    sha256 = metadata.pop(SHA256, "")
    size_bytes = int(headers.get("content-length", "0"))
    return StoredObject(key, size_bytes, sha256, headers.get("content-type", ""), metadata)


def _chunks(key: str, response: BaseHTTPResponse) -> Iterator[bytes]:
    with _failures(key):
        yield from response.stream(CHUNK_BYTES, decode_content=False)


@contextmanager
def _failures(key: str = "") -> Iterator[None]:
    """What the library raises, as the errors of the object store."""
    try:
        yield
    except S3Error as error:
        if error.code == "NoSuchKey":
            raise ObjectNotFound(key=key) from error
        if error.code in _FOLDER_CODES:
            raise BadKey from error
        log.warning("the S3 server refuses", extra={"code": error.code})
        object_failures.add(1, {"error.type": error.code})
        raise Unavailable(what="objects") from error
    except (MinioException, HTTPError, ParseError, OSError) as error:
        log.warning("the S3 server fails", extra={"error": type(error).__name__})
        object_failures.add(1, {"error.type": type(error).__name__})
        raise Unavailable(what="objects") from error
