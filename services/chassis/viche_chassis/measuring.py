"""What processes show of their connections."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from nats.aio.client import Client
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from viche_chassis import metrics
from viche_chassis.metrics import Labels


@contextmanager
def showing_pool(pool: AsyncConnectionPool[Any], url: str) -> Iterator[None]:
    """Shows how many connections the pool to the database at ``url`` has and who waits for them."""
    name = {metrics.POOL: str(conninfo_to_dict(url).get("dbname", ""))}

    def one(key: str, factor: float = 1.0) -> list[tuple[float, Labels]]:
        return [(pool.get_stats().get(key, 0) * factor, name)]

    def states() -> Iterable[tuple[float, Labels]]:
        stats = pool.get_stats()
        idle = stats.get("pool_available", 0)
        yield idle, {**name, "db.client.connection.state": "idle"}
        yield max(0, stats.get("pool_size", 0) - idle), {**name, "db.client.connection.state": "used"}

    with ExitStack() as stack:
        stack.enter_context(metrics.connections.watching(states))
        stack.enter_context(metrics.most_connections.watching(lambda: one("pool_max")))
        stack.enter_context(metrics.pending_requests.watching(lambda: one("requests_waiting")))
        stack.enter_context(metrics.connection_timeouts.watching(lambda: one("requests_errors")))
        stack.enter_context(metrics.connection_waiting.watching(lambda: one("requests_wait_ms", 1e-3)))
        yield


@contextmanager
def showing_nats(client: Client) -> Iterator[None]:
    """Shows whether the connection stands."""
    with metrics.nats_connected.watching(lambda: [(float(client.is_connected), {})]):
        yield
