"""The connectors of one process as a service uses them: `await connectors.call(…)`, wherever each of them runs."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from opentelemetry.trace import SpanKind

from viche_chassis.connectors.breaker import Breaker, BreakerState
from viche_chassis.connectors.calls import SHAPES, VALIDATE, Call, Fault, Home, NotAsked, Outcome
from viche_chassis.metrics import Labels, connector_calls, connector_health
from viche_chassis.tasks import cancel_all
from viche_chassis.telemetry import tracer
from viche_sdk.connectors.types import (
    Account,
    ConnectorError,
    ConnectorSpec,
    HeldSession,
    Limits,
    MediaStore,
    Operation,
    OutcomeUnknown,
    Post,
    Problem,
    Secret,
    Transient,
)

log = logging.getLogger("viche.connectors")

PATIENCE_S = 5.0
"""So long a service waits for its connectors before it serves without those that are not there yet."""


class Way(StrEnum):
    """Where a plugin's connectors run."""

    INSIDE = "inside"
    CHILD = "child"
    POD = "pod"


class Health(StrEnum):
    """How a connector is."""

    HEALTHY = "healthy"
    # it failed by itself again and again: nothing is asked of it for a while
    STOPPED = "stopped"
    # it does not run, or cannot be reached
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ConnectorReport:
    """One connector as operators see it.

    `connector` is empty for a plugin that has not said yet what it brings. `faults` are the connector's own, not what
    platforms refuse; `restarts` are of the plugin.
    """

    connector: str
    plugin: str
    way: Way
    health: Health
    reason: str = ""
    calls: int = 0
    faults: int = 0
    restarts: int = 0
    title: str = ""
    version: str = ""
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """A plugin and where it runs."""

    plugin: str
    way: Way
    home: Home


@dataclass(slots=True)
class _Record:
    breaker: Breaker
    calls: int = 0
    faults: int = 0


@dataclass(slots=True)
class _Found:
    """Connectors by name, each with its plugin; of two of the same name the first counts."""

    specs: dict[str, ConnectorSpec] = field(default_factory=dict[str, ConnectorSpec])
    plugins: dict[str, Running] = field(default_factory=dict[str, Running])
    clashes: list[tuple[str, Running]] = field(default_factory=list[tuple[str, Running]])


class Connectors:
    """All connectors. Answers what social's `calling.Runner` asks for.

    Args:
        running: plugins, the one that counts first where two bring the same connector.
        limits_s: of calls by method, where they are not those of `calls.SHAPES`.
        breaker: makes one for each connector.
    """

    def __init__(
        self,
        running: Sequence[Running],
        *,
        limits_s: Mapping[str, float] | None = None,
        breaker: Callable[[], Breaker] = Breaker,
    ) -> None:
        self._running = tuple(running)
        self._limits_s = {method: shape.limit_s for method, shape in SHAPES.items()} | dict(limits_s or {})
        self._new_breaker = breaker
        self._records: dict[str, _Record] = {}
        self._starting: list[asyncio.Future[None]] = []
        self._shown = ExitStack()

    async def start(self, patience_s: float = PATIENCE_S) -> None:
        """Begins. A plugin that does not start holds nobody back for longer than that, and is tried again."""
        self._shown.enter_context(connector_health.watching(self._health))
        self._starting = [asyncio.ensure_future(each.home.start()) for each in self._running]
        if self._starting:
            await asyncio.wait(self._starting, timeout=patience_s)

    async def close(self) -> None:
        """Ends all processes, threads and connections."""
        self._shown.close()
        await cancel_all(self._starting)
        await asyncio.gather(*(each.home.close() for each in self._running))

    @property
    def specs(self) -> Mapping[str, ConnectorSpec]:
        """What connectors declare, by name; those that are not reached yet come later."""
        return dict(sorted(self._found().specs.items()))

    async def call(
        self,
        connector: str,
        operation: Operation,
        account: Account,
        secrets: Mapping[str, Secret],
        *arguments: object,
        media: MediaStore | None = None,
        session: HeldSession | None = None,
    ) -> Any:
        """Makes one call.

        Args:
            arguments: those of the method behind its context.
            media: gives the files of posts.
            session: what is kept for the account; holds afterwards what is to be kept, however the call ends.

        Returns:
            What the method returns; sequences are tuples.

        Raises:
            ConnectorError: what the connector raises. A fault of its own is OutcomeUnknown after a write and Transient
                else; one that is never asked, because it is down or stopped, is Transient.
        """
        limit_s = self._limits_s[operation]
        now, kept = datetime.now(UTC), session.get() if session else ""
        call = Call(connector, operation, arguments, now, limit_s, account, secrets, media, kept)
        return await self._make(call, session)

    async def validate(self, connector: str, post: Post, limits: Limits) -> list[Problem]:
        """What the connector itself has against a post; raises as `call`."""
        call = Call(connector, VALIDATE, (post, limits), datetime.now(UTC), self._limits_s[VALIDATE])
        return list(await self._make(call))

    def reports(self) -> tuple[ConnectorReport, ...]:
        """Every connector, and plugins of which none is known, by name."""
        found = self._found()
        reports = [self._report(spec, found.plugins[name]) for name, spec in found.specs.items()]
        reports += [
            ConnectorReport(name, each.plugin, each.way, Health.DOWN, self._clash(found, name))
            for name, each in found.clashes
        ]
        reports += [
            ConnectorReport(
                "",
                each.plugin,
                each.way,
                Health.DOWN,
                each.home.trouble or "it brings no connector",
                restarts=each.home.restarts,
            )
            for each in self._running
            if not each.home.specs
        ]
        return tuple(sorted(reports, key=lambda report: (report.connector or report.plugin, report.plugin)))

    def _health(self) -> Iterable[tuple[float, Labels]]:
        for each in self.reports():
            yield 1, {"viche.connector.name": each.connector or each.plugin, "viche.connector.health": each.health}

    async def _make(self, call: Call, session: HeldSession | None = None) -> Any:
        home = self._found().plugins.get(call.connector)
        if home is None:
            reasons = "; ".join(f"{each.plugin}: {each.home.trouble}" for each in self._running if each.home.trouble)
            raise Transient(f"there is no connector {call.connector} just now. {reasons}".rstrip())
        record = self._record(call.connector)
        wait_s = record.breaker.wait_s()
        if wait_s is not None:
            said = f"the connector {call.connector} is stopped for a while: {record.breaker.reason}"
            raise Transient(said, retry_after_s=wait_s)
        record.calls += 1
        attributes = {"viche.connector.name": call.connector, "viche.connector.operation": call.method}
        try:
            with tracer.start_as_current_span(f"{call.connector} {call.method}", None, SpanKind.CLIENT, attributes):
                outcome = await home.home.perform(call)
        except BaseException:
            record.breaker.unanswered()
            raise
        self._tell(call, outcome)
        if session and outcome.session is not None:
            session.put(outcome.session)
        return self._conclude(call, record, outcome.ending)

    def _conclude(self, call: Call, record: _Record, ending: Any) -> Any:
        """Gives or raises what the call has ended with."""
        match ending:
            case Fault():
                record.faults += 1
                record.breaker.failed(str(ending), ending.incident)
                kind = OutcomeUnknown if call.is_write else Transient
                raise kind(f"the connector {call.connector} failed: {ending}".replace("\0", "\ufffd"))
            case NotAsked(reason):
                record.breaker.unanswered()
                raise Transient(f"the connector {call.connector} cannot be asked: {reason}")
            case ConnectorError():
                record.breaker.passed()
                raise ending
            case _:
                record.breaker.passed()
                return ending

    def _tell(self, call: Call, outcome: Outcome) -> None:
        for line in outcome.log:
            level = logging.WARNING if line.is_warning else logging.INFO
            said = {f"connector_{name}": value for name, value in line.values.items()}
            log.log(level, "%s", line.message, extra={"connector": call.connector, **said})
        ending = outcome.ending
        named = ending.kind if isinstance(ending, Fault) else type(ending).__name__
        is_error = isinstance(ending, (Fault, NotAsked, ConnectorError))
        result = named if is_error else "ok"
        connector_calls.add(
            1,
            {
                "viche.connector.name": call.connector,
                "viche.connector.operation": call.method,
                "viche.connector.outcome": str(result),
            },
        )
        if isinstance(ending, Fault):
            extra = {"connector": call.connector, "operation": call.method, "reason": str(ending)}
            log.warning("connector failed by itself", extra=extra)

    def _record(self, connector: str) -> _Record:
        return self._records.setdefault(connector, _Record(self._new_breaker()))

    def _found(self) -> _Found:
        found = _Found()
        for each in self._running:
            for spec in each.home.specs:
                if spec.name in found.specs:
                    found.clashes.append((spec.name, each))
                else:
                    found.specs[spec.name], found.plugins[spec.name] = spec, each
        return found

    @staticmethod
    def _clash(found: _Found, name: str) -> str:
        return f"the plugin {found.plugins[name].plugin} brings a connector of this name, and keeps it"

    def _report(self, spec: ConnectorSpec, running: Running) -> ConnectorReport:
        record, trouble = self._record(spec.name), running.home.trouble
        is_stopped = record.breaker.state is not BreakerState.CLOSED
        health = Health.DOWN if trouble else Health.STOPPED if is_stopped else Health.HEALTHY
        return ConnectorReport(
            spec.name,
            running.plugin,
            running.way,
            health,
            trouble or record.breaker.reason,
            record.calls,
            record.faults,
            running.home.restarts,
            spec.title,
            spec.version,
            tuple(sorted(spec.capabilities)),
        )
