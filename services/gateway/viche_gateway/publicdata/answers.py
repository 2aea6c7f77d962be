"""Answers with public data: open to all sites, with their licence; large ones in parts."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from flask import Response, current_app, request

from viche_chassis import tables
from viche_gateway.api import encode, share
from viche_gateway.branding.current import here
from viche_gateway.clients.opendata import All
from viche_gateway.context import settings
from viche_gateway.languages import current_language
from viche_gateway.publicdata.files import Tables

TABLES = "viche.tables"
Row = Iterable[object]
T = TypeVar("T")


def document(body: object, modified_at: datetime | None = None) -> Response:
    """A JSON document."""
    return published(Response(encode(body), mimetype="application/json"), modified_at)


def table(name: str, rows: Iterable[Row]) -> Response:
    """A short CSV table for saving as a file; the names of the columns first."""
    return _saved(name, Response("".join(tables.lines(rows)), content_type=tables.MEDIA_TYPE))


def whole_table(name: str, find: Callable[[], All[T]], rows: Callable[[Iterator[T]], Iterable[Row]]) -> Response:
    """A CSV table of a whole list, of any length; what was made less than a minute ago is given again.

    Args:
        find: fetches the list; its first page at once, the others as they are read.
        rows: makes the rows of it, the names of the columns first.
    """

    def begin() -> tuple[str, Iterable[bytes]]:
        found = find()
        return found.version, _together(tables.lines(rows(found.items)))

    kept: Tables = current_app.extensions[TABLES]
    asked = f"{here().url}{request.path}\n{request.query_string!r}\n{current_language()}"
    made = kept.get(asked, begin)
    response = in_parts(made.file.parts(), made.file.size_bytes, tables.MEDIA_TYPE)
    response.set_etag(hashlib.sha256(f"{asked}\n{made.version}".encode()).hexdigest()[:32], weak=True)
    return _saved(name, response)


def in_parts(parts: Iterator[bytes], size_bytes: int, content_type: str) -> Response:
    """An answer that is read while it is sent. Its request is over by then, so ``parts`` must not look at it."""
    # passed through, since Flask would read it to the end to learn its length
    response = Response(parts, content_type=content_type, direct_passthrough=True)
    response.content_length = size_bytes
    return response


def published(response: Response, modified_at: datetime | None = None) -> Response:
    """Opens an answer to pages of other sites, and says its licence and where it is explained (RFC 8288)."""
    share(response, modified_at)
    response.headers["Access-Control-Allow-Methods"] = "GET"
    response.headers["Link"] = (
        f'<{settings().data_licence_url}>; rel="license", <{settings().public_url}/opendata/method>; rel="describedby"'
    )
    return response


def _saved(name: str, response: Response) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return published(response)


def _together(lines: Iterator[str], least_chars: int = 64 * 1024) -> Iterator[bytes]:
    """Some lines at a time, so that not each is a write of its own."""
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= least_chars:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
