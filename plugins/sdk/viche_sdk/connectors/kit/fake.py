"""A platform that is not there: a stateful HTTP server with which a connector is tried."""

import threading
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from viche_sdk.connectors.capabilities import Operation
from viche_sdk.connectors.errors import ConnectorError
from viche_sdk.connectors.inbox import InboxKind, MetricName
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.kit.messages import IS_DONE, Failure, Reply, Request, reply
from viche_sdk.connectors.kit.server import LOGIN_PAGE, Cut, Server
from viche_sdk.connectors.spec import ConnectorSpec

RETRY_AFTER_S = 17.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as people see it on the platform. `id` is the platform's; `on` is what it answers; `alts` what is said
    of its files."""

    id: str
    text: str
    alts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    link: str = ""
    on: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which the platform refuses, and the error that a connector makes of it.

    All requests of the call whose path holds `path` are answered so. `fields` are attributes of the error that must
    be so, for instance {"field": "poll"}.
    """

    name: str
    reply: Reply
    error: type[ConnectorError]
    operations: tuple[Operation, ...] = (Operation.PUBLISH,)
    path: str = ""
    fields: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class Hook:
    """What the platform sends to a webhook; names of headers in lower case, parameters of a GET as "query-NAME"."""

    headers: Mapping[str, str]
    body: bytes = b""


class FakePlatform:
    """Inherit, keep the platform's state in attributes, and answer in `handle`. Every stage makes a new one.

    A fake is as strict as the platform: it refuses what is longer than the platform takes, tokens that are not those
    it was given, and requests that it does not know (`refuse`).
    """

    values: ClassVar[Mapping[str, str]] = {}
    """What is entered in the fields that are not secret."""

    faults: ClassVar[Sequence[Fault]] = ()
    """Every error that the platform's documentation names and a connector can meet."""

    failures: ClassVar[frozenset[Failure]] = frozenset(Failure)
    """The bad days that it can have: a receiver that takes any answer of status 200 for a good one has fewer."""

    text: ClassVar[str] = "Міст через річку — відкрито!\n\nДякуємо всім: 5 < 7 & «так» 👩‍👩‍👧‍👦 #місто"
    """A text with all that is difficult and that the platform takes as it is."""

    signs_time: ClassVar[bool] = True
    """Whether the signature of a webhook holds the time, so that an old one can be told."""

    signs_secret_only: ClassVar[bool] = False
    """Whether the platform signs no body: a shared secret stands in a header or in the body."""

    retry_after_s: ClassVar[float] = RETRY_AFTER_S
    """What `rate_limit` says, for platforms that name the time in whole minutes, for instance."""

    def __init__(self, spec: ConnectorSpec, clock: KitClock, schemas: Path | None = None) -> None:
        self.spec = spec
        self.clock = clock
        self.schemas = schemas
        self.secrets = self.make_secrets()
        self.requests: list[Request] = []
        self.schema_faults: list[str] = []
        self.broken: list[str] = []
        self._plan: list[tuple[int, Failure]] = []
        self._standing: tuple[Fault, ...] = ()
        self._lock = threading.RLock()
        self._stopped = threading.Event()
        self._server: Server | None = None

    # what a fake implements

    def handle(self, request: Request) -> Reply:
        """What the platform answers."""
        raise NotImplementedError

    def shown(self) -> Sequence[Shown]:
        """The account's posts and answers as people see them now, oldest first; what was taken away is not there."""
        raise NotImplementedError

    def make_secrets(self) -> dict[str, str]:
        """What is entered in the secret fields; give those that need a form of their own."""
        return {name: f"canary-{name}-Zm9yIHlvdXI" for name in sorted(self.spec.secret_fields())}

    def receive(self, kind: InboxKind, text: str, on: Shown | None) -> None:
        """Somebody writes; a comment stands on a post of the account."""
        raise NotImplementedError

    def is_hidden(self, text: str) -> bool:
        """Whether the comment with this text is hidden."""
        raise NotImplementedError

    def vote(self, post: Shown, option: int) -> None:
        """Somebody votes in the poll of a post."""
        raise NotImplementedError

    def retire(self, metric: MetricName) -> bool:
        """From now on the platform refuses to tell one figure; False where it gives all in one answer."""
        return False

    def end_consent(self) -> None:
        """From now on the secrets are not taken any more; by default every request is answered with 401."""
        self.fail_with(Fault("consent ended", reply({"error": "invalid token"}, 401), ConnectorError))

    def rate_limit(self) -> Reply:
        """How it says that it is too much; again after `retry_after_s` seconds."""
        return reply({"error": "too many requests"}, 429, Retry_After=str(int(self.retry_after_s)))

    def hook(self, text: str, at: datetime) -> Hook:
        """A rightly signed call of a webhook: somebody has written `text`; signed at an instant."""
        raise NotImplementedError

    def challenge(self) -> tuple[Hook, str] | None:
        """What it asks before the first call, and the answer that it wants; None where it does not ask."""
        return None

    def is_write(self, request: Request) -> bool:
        """Whether a request changes something; for platforms that read by POST, too."""
        return request.is_write

    def check_schema(self, request: Request, said: Reply) -> Iterable[str]:
        """What of a request or its answer the platform's own schema, in the folder `schemas`, does not allow."""
        return ()

    # what the kit calls

    def fail_next(self, failure: Failure, nth: int = 1) -> None:
        """The nth request from now fails so."""
        self._plan.append((len(self.requests) + nth, failure))

    def fail_with(self, *faults: Fault) -> None:
        """All requests from now on are refused so; without any it works again."""
        self._standing = faults

    def start(self) -> int:
        """Starts the server; gives its port on 127.0.0.1."""
        self._server = Server(self._answer, self._stopped, self.clock)
        return self._server.port

    def close(self) -> None:
        """Ends the server."""
        if self._server:
            self._server.close()

    def _answer(self, request: Request) -> Reply | Cut | None:
        with self._lock:
            self.requests.append(request)
            number = len(self.requests)
            failure = next((each for nth, each in self._plan if nth == number), None)
            if failure is not Failure.HANG:
                return self._said(request, failure)
        self._stopped.wait()
        return None

    def _said(self, request: Request, failure: Failure | None) -> Reply | Cut | None:
        if failure is None or failure in IS_DONE:
            for fault in self._standing:
                if fault.path in request.path:
                    return fault.reply
            said = self._done(request)
            return said if failure is None else _spoiled(said, failure)
        match failure:
            case Failure.RATE_LIMIT:
                return self.rate_limit()
            case Failure.CROWDED:
                return Reply(429, b"Too Many Requests", "text/plain")
            case Failure.MAINTENANCE:
                return reply({"error": "maintenance"}, 503, Retry_After="60")
            case Failure.LOGIN_PAGE:
                return Reply(200, LOGIN_PAGE.encode(), "text/html")
            case Failure.ODD:
                return reply({})
            case Failure.EMPTY:
                return Reply(200)
            case Failure.FAULT:
                return Reply(500, b"Internal Server Error", "text/plain")
            case _:
                return None

    def _done(self, request: Request) -> Reply:
        try:
            said = self.handle(request)
            self.schema_faults += self.check_schema(request, said)
        except Exception:  # a fault of the fake must not look like one of the connector
            self.broken.append(f"{request.method} {request.path}: {traceback.format_exc()}")
            return Reply(500, b"the fake has a fault", "text/plain")
        return said


def _spoiled(said: Reply, failure: Failure) -> Reply | Cut | None:
    if failure is Failure.DROP or len(said.body) < 4:
        return None
    if failure is Failure.HALF:
        return Cut(said)
    return Reply(said.status, said.body[: len(said.body) // 2], said.type, said.headers)


Made = Callable[[ConnectorSpec, KitClock, Path | None], FakePlatform]
"""A class of fakes, or anything else that makes one: for a connector, by a clock, with a folder of schemas."""
