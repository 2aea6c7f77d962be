"""An operation of the API: what it is called with, what it answers, and who may call it.

Each module of this package ends in a table of its operations; routes and the OpenAPI document are made from them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from marshmallow import Schema

from viche_gateway.sessions import Session


class Caller(StrEnum):
    """Whom an operation is for."""

    ANYBODY = "anybody"
    EITHER = "either"  # with a session token, or without
    PERSON = "person"  # with a session token
    OFFICER = "officer"  # with the session token of somebody who holds a role


@dataclass(frozen=True, slots=True)
class Call:
    """A checked call.

    ``session`` is of whoever calls; ``request_id`` is the Idempotency-Key, or new.
    """

    request_id: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    session: Session | None = None

    @property
    def caller(self) -> Session:
        """The session, in operations that are for people who have one."""
        if self.session is None:
            raise LookupError("an operation that acts for a person must say so in its table")
        return self.session


@dataclass(frozen=True, slots=True)
class Reply:
    """What a call is answered with; ``modified_at`` becomes Last-Modified."""

    body: Mapping[str, Any] | None = None
    modified_at: datetime | None = None
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address.

    Args:
        method: "get", "post", "patch" or "delete".
        path: below /api/v1, with ``{number}`` or ``{petition_id}``.
        run: gets the call and the parts of the path by name.
        answer: shape of the answer; None when it has no body.
        reasons: why a service may refuse it, with the status of each.
        max_age_s: for how long caches may keep the answer; 0: not at all.
        takes_key: whether the header Idempotency-Key means something to it.
    """

    method: str
    path: str
    run: Callable[..., Reply]
    summary: str
    description: str = ""
    tag: str
    caller: Caller = Caller.ANYBODY
    query: type[Schema] | None = None
    body: type[Schema] | None = None
    answer: type[Schema] | None = None
    status: int = 200
    reasons: Mapping[str, int] = field(default_factory=dict)
    max_age_s: int = 0
    takes_key: bool = False

    @property
    def name(self) -> str:
        """The operation's name, which is that of its function."""
        return self.run.__name__
