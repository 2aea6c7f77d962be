"""Every metric, declared once: name, unit, meaning and labels. docs/operating.md is written from here.

Names follow OpenTelemetry's conventions where those have one. Labels have few values, and none says who did something.
What can be asked for at any time is observed when somebody looks, and costs nothing in between.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Counter, Histogram, Observation, _Gauge

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Upper bounds of a histogram of durations, as the conventions for HTTP advise."""
ITEMS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)

POOL = "db.client.connection.pool.name"
"""The label that says of which database."""

Labels = Mapping[str, Any]
Source = Callable[[], Iterable[tuple[float, Labels]]]
meter = metrics.get_meter("viche")


class Kind(StrEnum):
    """How values of a metric are put together."""

    COUNTER = "counter"
    GAUGE = "gauge"
    # what may be added up over processes
    SUM = "sum"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as OpenTelemetry knows it; ``exported`` is its name in Prometheus."""

    name: str
    kind: Kind
    unit: str
    description: str
    labels: tuple[str, ...] = ()

    @property
    def exported(self) -> str:
        """Without the endings of a histogram's series."""
        words = {"s": "_seconds"}.get(self.unit, "")
        return self.name.replace(".", "_") + words + ("_total" if self.kind is Kind.COUNTER else "")

    @property
    def exported_labels(self) -> tuple[str, ...]:
        """As Prometheus has them."""
        return tuple(label.replace(".", "_") for label in self.labels)


DECLARED: dict[str, Metric] = {}
"""All metrics by name."""


def _declared(metric: Metric) -> tuple[str, str, str]:
    DECLARED[metric.name] = metric
    return metric.name, metric.unit, metric.description


def _counter(name: str, unit: str, description: str, *labels: str) -> Counter:
    return meter.create_counter(*_declared(Metric(name, Kind.COUNTER, unit, description, labels)))


def _gauge(name: str, unit: str, description: str, *labels: str) -> _Gauge:
    return meter.create_gauge(*_declared(Metric(name, Kind.GAUGE, unit, description, labels)))


def _histogram(name: str, unit: str, description: str, *labels: str, bounds: tuple[float, ...]) -> Histogram:
    said = _declared(Metric(name, Kind.HISTOGRAM, unit, description, labels))
    return meter.create_histogram(*said, explicit_bucket_boundaries_advisory=bounds)


class Observed:
    """A metric whose values are asked for whenever somebody looks, in the thread of whoever looks."""

    def __init__(self, kind: Kind, name: str, unit: str, description: str, *labels: str) -> None:
        _declared(Metric(name, kind, unit, description, labels))
        create: Any = {
            Kind.COUNTER: meter.create_observable_counter,
            Kind.GAUGE: meter.create_observable_gauge,
            Kind.SUM: meter.create_observable_up_down_counter,
        }[kind]
        create(name, callbacks=[self._observe], unit=unit, description=description)
        self._sources: list[Source] = []

    @contextmanager
    def watching(self, source: Source) -> Iterator[None]:
        """Asks ``source`` for values with their labels from here on."""
        self._sources.append(source)
        try:
            yield
        finally:
            self._sources.remove(source)

    def _observe(self, options: CallbackOptions) -> Iterable[Observation]:
        return [Observation(value, dict(labels)) for source in list(self._sources) for value, labels in source()]


http_duration = _histogram(
    "http.server.request.duration", "s", "Time from the arrival of a request at Flask to its answer",
    "http.request.method", "http.route", "http.response.status_code", bounds=SECONDS,
)  # fmt: skip
rpc_duration = _histogram(
    "rpc.server.duration", "s", "Time from the arrival of a call to its answer",
    "rpc.system", "rpc.method", "rpc.grpc.status_code", bounds=SECONDS,
)  # fmt: skip
kept_pages = _counter("viche.pages.kept", "{request}", "Requests for public pages answered without asking Flask")
signatures = _counter("viche.signatures", "{signature}", "Presses to sign by outcome", "viche.signature.outcome")
responses = _counter("viche.responses", "{response}", "Answers to surveys by outcome", "viche.response.outcome")
batch_size = _histogram(
    "viche.batch.size", "{item}", "Items that travelled together", "viche.batch.name", bounds=ITEMS
)  # fmt: skip
count_differences = _counter(
    "viche.count.differences", "{vote}", "Signatures or answers by which published numbers were wrong at a recount"
)  # fmt: skip
messages = _counter(
    "viche.messages", "{message}", "Messages to people by end state", "viche.message.state", "viche.message.template"
)  # fmt: skip
queue_size = _gauge("viche.message.queue.size", "{message}", "Messages that wait, by lane", "viche.message.lane")
queue_age = _gauge(
    "viche.message.queue.age", "s", "Age of the oldest message that waits, by lane", "viche.message.lane"
)
events = _counter(
    "viche.events", "{event}", "Events published, handled and dead", "viche.event.outcome", "viche.event.type"
)  # fmt: skip
outbox_size = _gauge("viche.outbox.size", "{event}", "Events that wait in the outbox for NATS")
outbox_age = _gauge("viche.outbox.age", "s", "Age of the oldest event that waits in the outbox")
dead_letters = _gauge("viche.dead_letters", "{event}", "Events that could not be handled and lie in dead_letters")
consumer_pending = _gauge(
    "viche.consumer.pending", "{event}", "Events that a consumer has not had yet",
    "viche.consumer.name", "viche.consumer.area",
)  # fmt: skip
consumer_lag = _gauge(
    "viche.consumer.lag", "s", "Age of the event that a consumer has in hand; 0 when none waits",
    "viche.consumer.name", "viche.consumer.area",
)  # fmt: skip
nats_connected = Observed(
    Kind.GAUGE, "viche.nats.connected", "{connection}", "1 while the connection to NATS stands, else 0"
)  # fmt: skip
connections = Observed(
    Kind.SUM, "db.client.connection.count", "{connection}", "Connections to the database, idle and used",
    POOL, "db.client.connection.state",
)  # fmt: skip
most_connections = Observed(
    Kind.SUM, "db.client.connection.max", "{connection}", "Connections that the pool may have", POOL
)  # fmt: skip
pending_requests = Observed(
    Kind.SUM, "db.client.connection.pending_requests", "{request}", "Those who wait for a connection just now", POOL
)  # fmt: skip
connection_timeouts = Observed(
    Kind.COUNTER, "db.client.connection.timeouts", "{timeout}", "Those who waited for a connection in vain", POOL
)  # fmt: skip
connection_waiting = Observed(
    Kind.COUNTER, "viche.database.wait", "s", "Time that was spent waiting for a connection", POOL
)  # fmt: skip
object_failures = _counter(
    "viche.objects.failures", "{failure}", "What the store of files failed at or refused", "error.type"
)  # fmt: skip
connector_calls = _counter(
    "viche.connector.calls", "{call}", "Calls of connectors by how they ended",
    "viche.connector.name", "viche.connector.operation", "viche.connector.outcome",
)  # fmt: skip
connector_health = Observed(
    Kind.GAUGE, "viche.connector.health", "{connector}", "1 at a connector's present health: healthy, stopped or down",
    "viche.connector.name", "viche.connector.health",
)  # fmt: skip
deliveries_due = _gauge("viche.deliveries.due", "{delivery}", "Posts to accounts that are due, by what is to be done",
    "viche.delivery.task")  # fmt: skip
delivery_age = _gauge("viche.delivery.age", "s", "For how long the delivery that waits longest has been due")
channels = _gauge("viche.channels", "{channel}", "Accounts that are connected, by state", "viche.channel.state")
expiring = _gauge(
    "viche.channels.expiring", "{channel}", "Accounts whose consent ends within three days and is not renewed by itself"
)  # fmt: skip
renewal_age = _gauge("viche.channel.renewal.age", "s", "For how long the token that waits longest should be renewed")
work_age = Observed(
    Kind.GAUGE, "viche.work.age", "s", "Time since work that comes again and again was last done", "viche.work.name"
)  # fmt: skip
work_period = Observed(
    Kind.GAUGE, "viche.work.period", "s", "After how long that work comes again", "viche.work.name"
)  # fmt: skip
log_records = _counter("viche.log.records", "{record}", "Log lines of level WARNING and above", "viche.log.level")


class Work:
    """Work that comes again and again; :meth:`done` says that it has been done."""

    def __init__(self, name: str, period_s: float) -> None:
        self._labels = {"viche.work.name": name}
        self._period_s = period_s
        self._done_at = time.monotonic()

    def done(self) -> None:
        """It was done just now."""
        self._done_at = time.monotonic()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Shows its age from here on."""
        with (
            work_age.watching(lambda: [(time.monotonic() - self._done_at, self._labels)]),
            work_period.watching(lambda: [(self._period_s, self._labels)]),
        ):
            yield


def count_event(outcome: str, type_name: str) -> None:
    """Counts an event: "published", "handled" or "dead"."""
    events.add(1, {"viche.event.outcome": outcome, "viche.event.type": type_name})


def record_batch(name: str, size: int) -> None:
    """Notes how many items travelled together."""
    batch_size.record(size, {"viche.batch.name": name})
