"""A channel for threads over the chassis' fake channel, and what the doubles share."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from google.protobuf.timestamp_pb2 import Timestamp

from viche_chassis.access import Caller
from viche_chassis.errors import Code, DomainError
from viche_chassis.status import from_status, received
from viche_chassis.testing import FakeChannel, FakeRpcError

_here = threading.local()


class InProcessChannel:
    """Runs servicers in this process for blocking stubs.

    ``is_down`` makes every call fail as a dead service does, ``refusal`` with this error.
    """

    def __init__(self, *register: Any) -> None:
        self._channel = FakeChannel(*register, caller=Caller("gateway"))
        self.is_down = False
        self.refusal: DomainError | None = None

    def unary_unary(self, method: str, *serializers: Any, **options: Any) -> Callable[..., Any]:
        """Called by stubs: a callable for one method."""
        call = self._channel.unary_unary(method, *serializers, **options)

        def run(request: Any, timeout: float | None = None, metadata: Any = ()) -> Any:
            if self.is_down:
                raise refusal(Code.UNAVAILABLE, "UNAVAILABLE")
            if self.refusal is not None:
                raise self.refusal
            _here.token = dict(metadata or ()).get("authorization", "").removeprefix("Bearer ")
            try:
                return asyncio.run(cast(Any, call(request)))
            except FakeRpcError as error:
                raise from_status(error.status) from error  # fields and all, as over a real channel

        return run


def access_token() -> str:
    """The access token of the call that is being served."""
    return _here.token


def stamp(instant: datetime) -> Timestamp:
    """The instant as a message."""
    message = Timestamp()
    message.FromDatetime(instant)
    return message


def refusal(code: Code, reason: str, **values: str) -> DomainError:
    """What a service says no with."""
    return received(code, reason, values)
