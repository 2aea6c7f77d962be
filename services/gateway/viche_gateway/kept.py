"""An answer that may be sent many times: plain and compressed, with its 304."""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from werkzeug.http import is_resource_modified, parse_cache_control_header, parse_date

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MOST_BODY_BYTES = 1024 * 1024
_LEAST_GZIP_BYTES = 1000
_GZIP_LEVEL = 5
_COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg")
_NOT_IN_304 = frozenset({"content-length", "content-type", "content-encoding"})
Headers = list[tuple[str, str]]


class Answer:
    """A whole answer of an application.

    Args:
        status: for instance "200 OK".
    """

    def __init__(self, status: str, headers: Headers, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def status_code(self) -> int:
        """The number of the status."""
        return int(self.status[:3])

    @cached_property
    def max_age_s(self) -> int:
        """For how long a shared cache may keep it; 0 when it may not."""
        said = self.said("cache-control")
        if self.status_code != 200 or "public" not in said or self.said("set-cookie") or self.said("vary"):
            return 0
        return parse_cache_control_header(said).max_age or 0

    def said(self, name: str) -> str:
        """The header of this name (lower case); empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def send(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Sends it once."""
        start_response(self.status, self.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


@dataclass(frozen=True, slots=True)
class _Form:
    """One form of a kept answer, ready to be sent."""

    headers: Headers
    headers_304: Headers
    etag: str
    parts: list[bytes]


class Kept:
    """A kept answer.

    Args:
        plain: as it was made.
        zipped: the same compressed; None where that does not pay.
        modified: value of Last-Modified; empty when there is none.
    """

    def __init__(self, plain: _Form, zipped: _Form | None, modified: str) -> None:
        self._plain = plain
        self._zipped = zipped
        self._modified = parse_date(modified) if modified else None
        self.size_bytes = 2000 + len(plain.parts[0]) + (len(zipped.parts[0]) if zipped else 0)

    def send(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Sends it in the form that the client takes, or says that the client has it already (RFC 9110, 13.2)."""
        form = self._plain
        if self._zipped is not None and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            form = self._zipped
        is_conditional = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
        if is_conditional and not is_resource_modified(environ, form.etag, last_modified=self._modified):
            start_response("304 Not Modified", form.headers_304)
            return []
        start_response("200 OK", form.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else form.parts


def keep(answer: Answer) -> Kept | None:
    """The answer made ready to be sent again; None when it is too long to keep."""
    if len(answer.body) > MOST_BODY_BYTES:
        return None
    etag = answer.said("etag").removeprefix("W/").strip('"')
    is_text = answer.said("content-type").startswith(_COMPRESSIBLE) and not answer.said("content-encoding")
    base = [pair for pair in answer.headers if pair[0].lower() not in ("etag", "content-length", "date")]
    zipped = None
    if is_text and len(answer.body) >= _LEAST_GZIP_BYTES:
        base.append(("Vary", "Accept-Encoding"))
        body = gzip.compress(answer.body, _GZIP_LEVEL, mtime=0)
        zipped = _form([*base, ("Content-Encoding", "gzip")], f"{etag}-gzip" if etag else "", body)
    return Kept(_form(base, etag, answer.body), zipped, answer.said("last-modified"))


def _form(headers: Headers, etag: str, body: bytes) -> _Form:
    tagged = [*headers, ("ETag", f'"{etag}"')] if etag else headers
    without = [pair for pair in tagged if pair[0].lower() not in _NOT_IN_304]
    return _Form([*tagged, ("Content-Length", str(len(body)))], without, etag, [body])


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client that says this takes gzip (RFC 9110, 12.5.3)."""
    for item in accept_encoding.split(","):
        coding, _, quality = item.strip().partition(";")
        if coding.strip().lower() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
