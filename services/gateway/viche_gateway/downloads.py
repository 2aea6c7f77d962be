"""Answers that a browser saves under a name: letters, digits, dots and hyphens alone."""

import json
from collections.abc import Iterable

from flask import Response

from viche_chassis import tables


def table(rows: Iterable[Iterable[object]], name: str) -> Response:
    """Rows as CSV whose cells do nothing in a spreadsheet."""
    return _saved_as(name, Response("".join(tables.lines(rows)), content_type=tables.MEDIA_TYPE))


def document(value: object, name: str) -> Response:
    """A value as JSON."""
    return _saved_as(name, Response(json.dumps(value, ensure_ascii=False), mimetype="application/json"))


def _saved_as(name: str, response: Response) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
