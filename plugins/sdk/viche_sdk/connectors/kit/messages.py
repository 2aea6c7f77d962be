"""What a fake platform hears and says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from enum import StrEnum
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from viche_sdk.connectors.answers import READS


@dataclass(frozen=True)
class Request:
    """One request as it came. Names of headers are in lower case."""

    method: str
    host: str
    target: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        """The query's parameters; of repeated ones the last."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def type(self) -> str:
        """The media type of the body."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def token(self) -> str:
        """What stands behind "Bearer" (RFC 6750, 2.1)."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" else ""

    @property
    def is_write(self) -> bool:
        """Whether the method is one that changes something."""
        return self.method not in READS

    @cached_property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form, of either kind."""
        if self.type == "application/x-www-form-urlencoded":
            return dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        return {name: part.get_payload(decode=True).decode() for name, part in self._parts() if not part.get_filename()}  # pyright: ignore[reportAttributeAccessIssue]

    @cached_property
    def files(self) -> dict[str, tuple[str, bytes, str]]:
        """Name to (file name, bytes, media type)."""
        return {
            name: (part.get_filename() or "", part.get_payload(decode=True), part.get_content_type())  # pyright: ignore[reportReturnType]
            for name, part in self._parts()
            if part.get_filename()
        }

    def _parts(self) -> list[tuple[str, Message]]:
        """The parts of multipart/form-data (RFC 7578), by name."""
        if self.type != "multipart/form-data":
            return []
        head = f"content-type: {self.headers['content-type']}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        return [
            (str(part.get_param("name", header="content-disposition")), part)
            for part in message.get_payload()
            if isinstance(part, Message)
        ]


@dataclass(frozen=True)
class Reply:
    """One answer. Make one with `reply`, or with `Reply` where it is no JSON."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def reply(value: object, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON; in the names of headers an underscore stands for a hyphen."""
    named = {name.replace("_", "-"): each for name, each in headers.items()}
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), headers=named)


class Failure(StrEnum):
    """How a platform has a bad day."""

    # the connection ends before the request is looked at
    UNHEARD = "unheard"
    # the request is done, and the connection ends without an answer
    DROP = "drop"
    # the request is done, and half of the answer comes
    HALF = "half"
    # the request is done, and the answer is JSON that breaks off, as a whole answer
    BROKEN = "broken"
    # not done; a page for people comes with status 200, as from a captive portal
    LOGIN_PAGE = "login_page"
    # not done; nothing comes with status 200
    EMPTY = "empty"
    # not done; JSON comes with status 200, and it is not what was asked for
    ODD = "odd"
    # not done; nothing comes at all until the client gives up
    HANG = "hang"
    # not done; status 500
    FAULT = "fault"
    # not done; status 503 with Retry-After
    MAINTENANCE = "maintenance"
    # not done; 429, or how the platform says so
    RATE_LIMIT = "rate_limit"
    # not done; 429 and no word on when, as from a proxy before the platform
    CROWDED = "crowded"


IS_DONE = frozenset({Failure.DROP, Failure.HALF, Failure.BROKEN})
"""The request has worked, and the client cannot know."""

TOO_MUCH = frozenset({Failure.RATE_LIMIT, Failure.CROWDED})
"""Nothing is broken: it is too much at once."""
