"""Where a connector and a fake platform meet: one call at a time, as the host makes them."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from viche_sdk.connectors.capabilities import Operation
from viche_sdk.connectors.connector import AccountInfo
from viche_sdk.connectors.context import Account, Context, Secret
from viche_sdk.connectors.errors import ERRORS, ConnectorError
from viche_sdk.connectors.http import HttpLimits, hosts_of
from viche_sdk.connectors.inbox import Challenge, InboxItem, Metric, Page
from viche_sdk.connectors.kit.clock import KitClock, SkewedClock
from viche_sdk.connectors.kit.fake import FakePlatform, Hook, Made, Shown
from viche_sdk.connectors.kit.given import KitHttp, KitLog, KitMedia
from viche_sdk.connectors.kit.network import FakeNetwork
from viche_sdk.connectors.kit.watching import watching
from viche_sdk.connectors.limits import Limits
from viche_sdk.connectors.posts import Pending, PollResults, Post, Published, Ready
from viche_sdk.connectors.redaction import Redactor
from viche_sdk.connectors.sessions import HeldSession
from viche_sdk.connectors.spec import ConnectorSpec

KEY = "018f3c1e-7a51-7c3e-9d02-6f1f0c5b2a{:02d}"
TRIES = 10

T = TypeVar("T")


class CheckFailed(Exception):
    """A claim does not hold; the message says what happened and what to do."""


ANSWERS: dict[Operation, tuple[type, ...]] = {
    Operation.PROBE: (AccountInfo,),
    Operation.PUBLISH: (Published, Pending),
    Operation.CHECK: (Published, Pending, Ready),
    Operation.FINALIZE: (Published,),
    Operation.FIND: (Published, type(None)),
    Operation.EDIT: (Published,),
    Operation.DELETE: (type(None),),
    Operation.POLL_RESULTS: (PollResults,),
    Operation.FETCH_INBOX: (Page,),
    Operation.REPLY: (Published,),
    Operation.HIDE: (type(None),),
    Operation.METRICS: (list, tuple),
    Operation.VERIFY_WEBHOOK: (Challenge, list, tuple),
}
"""What each call may give."""


class Stage:
    """One connector, one fake, one account. Every call is made on a fresh object, as if in another process."""

    def __init__(
        self, spec: ConnectorSpec, fake: FakePlatform, clock: KitClock, http: KitHttp, port: int, redactor: Redactor
    ) -> None:
        self.spec = spec
        self.fake = fake
        self.clock = clock
        self.log = KitLog()
        self.raised: list[ConnectorError] = []
        self.given: list[object] = []
        self.written = io.StringIO()
        self.behind: list[str] = []
        self.account = Account(values=dict(fake.values))
        self.limits = spec.limits
        self.http = http
        self.redactor = redactor
        self.session = HeldSession(redactor=redactor)
        self.ahead_s = 0.0
        """How far the host's clock is ahead of the platform's."""
        self._port = port
        self._keys = 0

    async def probe(self) -> AccountInfo:
        """Connects the account: later calls have its id and its limits."""
        info: AccountInfo = await self.call(Operation.PROBE)
        self.account = Account(info.id, info.handle, dict(self.fake.values))
        self.limits: Limits = info.limits or self.spec.limits
        return info

    def key(self) -> str:
        """A new key."""
        self._keys += 1
        return KEY.format(self._keys)

    async def publish(self, post: Post, key: str = "") -> Published:
        """Publishes, and waits until it is there."""
        answer: object = await self.call(Operation.PUBLISH, post, key or self.key())
        for _ in range(TRIES):
            if isinstance(answer, Pending):
                self.clock.advance(answer.after_s)
                answer = await self.call(Operation.CHECK, answer)
            elif isinstance(answer, Ready):
                answer = await self.call(Operation.FINALIZE, answer)
            else:
                break
        if not isinstance(answer, Published):
            raise CheckFailed(f"after {TRIES} rounds of check the post is still {answer!r}")
        self._check_ref(answer)
        return answer

    def _check_ref(self, answer: Published) -> None:
        if not 0 < len(answer.ref) <= 500:
            raise CheckFailed(f"give a ref of 1 to 500 characters, not {answer.ref!r}")

    def only(self) -> Shown:
        """The one post that people see now.

        Raises:
            CheckFailed: there is none, or more than one.
        """
        shown = [each for each in self.fake.shown() if not each.on]
        if len(shown) != 1:
            raise CheckFailed(f"people see {len(shown)} posts where one was published")
        return shown[0]

    async def inbox(self, cursor: str = "") -> tuple[list[InboxItem], str]:
        """Everything since a cursor, and the next one."""
        items: list[InboxItem] = []
        for _ in range(TRIES * 5):
            page: Page[InboxItem] = await self.call(Operation.FETCH_INBOX, cursor)
            items += page.items
            if page.has_more and page.cursor == cursor:
                raise CheckFailed("has_more with the cursor that was given leads nowhere")
            cursor = page.cursor
            if not page.has_more:
                return items, cursor
        raise CheckFailed(f"after {TRIES * 5} pages there is always more")

    def hear(self, hook: Hook) -> Challenge | Sequence[InboxItem]:
        """Gives the connector what came in at a webhook."""
        try:
            with watching(self._port) as watch:
                answer = self.spec.connector().verify_webhook(self.context(), hook.headers, hook.body)
            self.behind += watch.seen
        except ConnectorError as error:
            self._note(error)
            raise
        except Exception as fault:
            raise CheckFailed(f"verify_webhook raised {type(fault).__name__}: {fault}") from fault
        return self._checked(Operation.VERIFY_WEBHOOK, answer)

    async def call(self, operation: Operation, *args: object) -> Any:
        """One call.

        Raises:
            ConnectorError: the connector's.
            CheckFailed: it raised something else, gave something else, or did something behind the host's back.
        """
        self.fake.broken.clear()
        before = asyncio.all_tasks()
        with watching(self._port) as watch, contextlib.redirect_stdout(self.written):
            try:
                with contextlib.redirect_stderr(self.written):
                    answer = await getattr(self.spec.connector(), operation.value)(self.context(), *args)
            except ConnectorError as error:
                self._note(error)
                raise
            except Exception as fault:
                self._fake_is_whole()
                raise CheckFailed(
                    f"{operation} raised {type(fault).__name__}: {fault}; raise one of {_named(ERRORS)}"
                ) from fault
        self.behind += watch.seen
        if left := asyncio.all_tasks() - before:
            self.behind.append(f"left running: {', '.join(sorted(task.get_name() for task in left))}")
        self._fake_is_whole()
        return self._checked(operation, answer)

    def context(self) -> Context:
        """What a call is given."""
        secrets = {name: Secret(value) for name, value in self.fake.secrets.items()}
        clock = SkewedClock(self.clock, self.ahead_s)
        return Context(self.account, secrets, self.http, clock, KitMedia(), self.log, self.session)

    def _note(self, error: ConnectorError) -> None:
        self.raised.append(error)
        self._fake_is_whole()
        if type(error) not in ERRORS:
            raise CheckFailed(f"raise one of {_named(ERRORS)}, not {type(error).__name__} of your own") from error

    def _fake_is_whole(self) -> None:
        if self.fake.broken:
            raise CheckFailed(f"the fake has a fault: {self.fake.broken[0]}")

    def _checked(self, operation: Operation, answer: Any) -> Any:
        self.given.append(answer)
        if not isinstance(answer, ANSWERS[operation]):
            raise CheckFailed(f"{operation} gave {answer!r}; give {_named(ANSWERS[operation])}")
        parts = answer if operation is Operation.METRICS else ()
        if wrong := [part for part in parts if not isinstance(part, Metric)]:
            raise CheckFailed(f"{operation} gave {wrong[0]!r} among its figures; give Metric")
        return answer


def _named(types: Sequence[type]) -> str:
    return ", ".join("None" if each is type(None) else each.__name__ for each in types)


@dataclass(frozen=True, slots=True)
class Kit:
    """What every check has: the connector's declaration, how to make a fake, and where the platform's schemas lie."""

    spec: ConnectorSpec
    make: Made
    schemas: Path | None = None

    @contextlib.asynccontextmanager
    async def stage(
        self, *, connected: bool = True, read_s: float = 5.0, holds_schemas: bool = False
    ) -> AsyncIterator[Stage]:
        """A new fake with the connector before it.

        Args:
            connected: whether the account has been probed.
            holds_schemas: whether the fake looks at the platform's schemas, which takes its time.
            read_s: how long the connector's HTTP waits for an answer.
        """
        clock = KitClock()
        fake = self.make(self.spec, clock, self.schemas if holds_schemas else None)
        port = fake.start()
        redactor = Redactor(fake.secrets.values())
        http = KitHttp(
            hosts_of(self.spec, fake.values),
            limits=HttpLimits(connect_s=5.0, read_s=read_s, whole_s=30.0),
            network=FakeNetwork(port),
            redactor=redactor,
        )
        stage = Stage(self.spec, fake, clock, http, port, redactor)
        try:
            if connected:
                await stage.probe()
            yield stage
        finally:
            await http.aclose()
            fake.close()
