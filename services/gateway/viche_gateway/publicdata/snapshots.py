"""Files of past days, which never change, for citing."""

import base64
import zlib
from collections.abc import Iterator
from typing import Any

from flask import Response, request
from viche.petitions.v1 import opendata_pb2 as pb

from viche_chassis import tables
from viche_gateway import access
from viche_gateway.api.values import moment
from viche_gateway.context import services, settings
from viche_gateway.kept import takes_gzip
from viche_gateway.publicdata import answers

LIST_AGE_S = 300
FILE_AGE_S = 365 * 24 * 3600
_GZIP = 16 + zlib.MAX_WBITS
_MEDIA_TYPES = {"csv": tables.MEDIA_TYPE, "json": "application/json"}


@access.public(max_age_s=FILE_AGE_S)
def table(day: str) -> Response:
    """The table of petitions as it was on a day."""
    return _file(day, "petitions.csv")


@access.public(max_age_s=FILE_AGE_S)
def document(day: str) -> Response:
    """The list of petitions as it was on a day."""
    return _file(day, "petitions.json")


@access.public(max_age_s=LIST_AGE_S)
def all_snapshots() -> Response:
    """Every file that there is."""
    return answers.document({"data": [listed(each) for each in services().opendata.snapshots()]})


def listed(snapshot: pb.Snapshot) -> dict[str, Any]:
    """A file in a list."""
    return {
        "day": snapshot.day,
        "file": snapshot.file_name,
        "url": address(snapshot),
        "size_bytes": snapshot.size_bytes,
        "sha256": snapshot.sha256,
        "petitions": snapshot.petitions,
        "written_at": moment(snapshot.written_at),
    }


def address(snapshot: pb.Snapshot) -> str:
    """The address of a file."""
    return f"{settings().public_url}/opendata/snapshots/{snapshot.day}/{snapshot.file_name}"


def _file(day: str, name: str) -> Response:
    """The file as it is kept, compressed, for those who take that, else unpacked on the way."""
    snapshot, parts = services().opendata.snapshot(day, name)
    is_zipped = takes_gzip(request.headers.get("Accept-Encoding", ""))
    size_bytes = snapshot.zipped_bytes if is_zipped else snapshot.size_bytes
    media_type = _MEDIA_TYPES[name.rpartition(".")[2]]
    response = answers.in_parts(parts if is_zipped else _unpacked(parts), size_bytes, media_type)
    response.set_etag(f"{snapshot.sha256}-gzip" if is_zipped else snapshot.sha256)
    response.vary.add("Accept-Encoding")
    response.cache_control.immutable = True
    response.headers["Content-Disposition"] = f'attachment; filename="{day}-{name}"'
    if is_zipped:
        response.content_encoding = "gzip"
    else:  # RFC 9530
        response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(snapshot.sha256)).decode()}:"
    return answers.published(response, snapshot.written_at.ToDatetime())


def _unpacked(parts: Iterator[bytes]) -> Iterator[bytes]:
    unpacking = zlib.decompressobj(wbits=_GZIP)
    for part in parts:
        yield unpacking.decompress(part)
    yield unpacking.flush()
