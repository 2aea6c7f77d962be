"""Answers with public data: open to all sites, with their licence, tables row by row."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Response, request

from viche_chassis import tables
from viche_gateway.api import encode, share
from viche_gateway.clients.opendata import All
from viche_gateway.context import settings
from viche_gateway.languages import current_language

Row = Iterable[object]


def document(body: object, modified_at: datetime | None = None) -> Response:
    """A JSON document."""
    return published(Response(encode(body), mimetype="application/json"), modified_at)


def table(name: str, rows: Iterable[Row], found: All[object] | None = None) -> Response:
    """A CSV table for saving as a file.

    Args:
        rows: the names of the columns first.
        found: the whole list that the rows are made of; then they are sent as they come, kept nowhere, and must not
            look at the request.
    """
    lines = tables.lines(rows)
    if found:
        response = streamed(_together(lines), tables.MEDIA_TYPE)
        response.set_etag(_tag(found.version), weak=True)
    else:
        response = Response("".join(lines), content_type=tables.MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return published(response)


def streamed(parts: Iterator[bytes], content_type: str) -> Response:
    """An answer that is sent as it is made. Its request is over by then, so ``parts`` must not look at it."""
    # passed through, since Flask would read it to the end to learn its length
    return Response(parts, content_type=content_type, direct_passthrough=True)


def published(response: Response, modified_at: datetime | None = None) -> Response:
    """Opens an answer to pages of other sites, and says its licence and where it is explained (RFC 8288)."""
    share(response, modified_at)
    response.headers["Access-Control-Allow-Methods"] = "GET"
    response.headers["Link"] = (
        f'<{settings().data_licence_url}>; rel="license", <{settings().public_url}/opendata/method>; rel="describedby"'
    )
    return response


def _together(lines: Iterator[str], least_chars: int = 16_384) -> Iterator[bytes]:
    """Some lines at a time, so that not each is a part of its own."""
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= least_chars:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _tag(version: str) -> str:
    """Of one version of a list, for one way of asking for it."""
    asked = f"{version}\n{request.path}\n{request.query_string!r}\n{current_language()}"
    return hashlib.sha256(asked.encode()).hexdigest()[:32]
