"""An answer of a platform over HTTP, and what its status means."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from viche_sdk.connectors.errors import (
    AuthExpired,
    ConnectorError,
    InvalidContent,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    Transient,
)

SHOWN_CHARACTERS = 300
"""As much of an answer goes into the detail of an error."""

READS = frozenset({"GET", "HEAD", "OPTIONS"})

_HALVES = re.compile(rb"\\u[dD][89a-fA-F]")
"""Surrogates in JSON, in pairs or alone (RFC 8259, 8.2); no message, and no database, holds one alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and body. `method` is that of the request: it decides what doubt means."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    method: str = "GET"

    @property
    def is_good(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON. Halves of characters, which platforms leave where they cut texts, become U+FFFD.

        Raises:
            Transient: it is something else, after a reading request: a login page, half a document.
            OutcomeUnknown: the same after a writing one.
        """
        try:
            found = json.loads(self.body)
            return _whole(found) if _HALVES.search(self.body) else found
        except ValueError as fault:
            raise self.doubt(f"status {self.status}, and no JSON: {self.shown()}") from fault

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; raises as `json` does."""
        found = self.json()
        if not isinstance(found, dict):
            raise self.doubt(f"status {self.status}, and no object: {self.shown()}")
        return found

    def array(self) -> list[Any]:
        """The body as a JSON array; raises as `json` does."""
        found = self.json()
        if not isinstance(found, list):
            raise self.doubt(f"status {self.status}, and no array: {self.shown()}")
        return found

    @contextmanager
    def understood(self) -> Iterator[None]:
        """Around the code that takes an answer apart: what is not there or is something else becomes a doubt.

        Raises:
            Transient: the answer is not what was asked for, after a reading request.
            OutcomeUnknown: the same after a writing one.
        """
        try:
            yield
        except (LookupError, TypeError, ValueError, AttributeError) as fault:
            raise self.doubt(f"status {self.status}, and not what was asked for ({fault!r}): {self.shown()}") from fault

    def doubt(self, detail: str) -> ConnectorError:
        """What an answer that cannot be understood means."""
        return Transient(detail) if self.method in READS else OutcomeUnknown(detail)

    def shown(self) -> str:
        """The beginning of the body, for people."""
        return self.body[:SHOWN_CHARACTERS].decode("utf-8", "replace")

    def retry_after_s(self, now_s: float | None = None) -> float | None:
        """Seconds of the header Retry-After (RFC 9110, 10.2.3), which may be a date; None without it."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdigit():
            return float(said)
        if not said or now_s is None:
            return None
        try:
            return max(0.0, parsedate_to_datetime(said).timestamp() - now_s)
        except ValueError:
            return None


def error_of(answer: Answer, detail: str = "") -> ConnectorError:
    """What a status means where the platform has nothing special to say (RFC 9110, 15).

    400, 413 and 422 blame the content; 401 ends the consent; 5xx leave a write in doubt, but for 503 with
    Retry-After, which says that nothing was done.
    """
    said = detail or f"status {answer.status}: {answer.shown()}"
    match answer.status:
        case 400 | 413 | 415 | 422:
            return InvalidContent(said)
        case 401:
            return AuthExpired(said)
        case 403:
            return PermissionDenied(said)
        case 404 | 410:
            return NotFound(said)
        case 429:
            return RateLimited(said, retry_after_s=answer.retry_after_s())
        case 503 if answer.retry_after_s() is not None:
            return Transient(said, retry_after_s=answer.retry_after_s())
        case _:
            return answer.doubt(said)


def _whole(found: Any) -> Any:
    match found:
        case str():
            return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_whole(each) for each in found]
        case dict():
            return {_whole(name): _whole(each) for name, each in found.items()}
        case _:
            return found
