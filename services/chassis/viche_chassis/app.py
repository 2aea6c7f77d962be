"""The life of a service process: serve, tell health, drain, end."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType

import grpc
from google.protobuf import descriptor_pool
from grpc_health.v1 import _async as aio_health  # pyright: ignore[reportAttributeAccessIssue]
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from viche_chassis.access import Gatekeeper
from viche_chassis.clients import MAX_MESSAGE_BYTES
from viche_chassis.interceptors import GuardInterceptor
from viche_chassis.tasks import cancel_all

log = logging.getLogger("viche.app")

DRAIN_S = 10.0
# callers connect anew that often, and find replicas that were added since; calls under way end in peace
MAX_CONNECTION_AGE_S = 120.0
# an access token names every authority that its grants cover: some 52 bytes for each
MAX_METADATA_BYTES = 128 * 1024
SERVER_OPTIONS = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_metadata_size", MAX_METADATA_BYTES),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.so_reuseport", 0),
]

Register = Callable[[grpc.aio.Server], None]
Task = Callable[[], Awaitable[None]]


class AddressInUse(Exception):
    """Somebody else listens there."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a process serves and does beside it.

    Args:
        name: of the service; callers' tokens must name it.
        listen: host:port; port 0 takes a free one.
        register: functions that add servicers to the server.
        names: full gRPC names of the services, for health and reflection.
        tasks: run for as long as the process serves; one that ends or raises ends the process.
        longest_call_s: calls are cut then, whatever their deadline says; None is the usual bound.
        repeatable: whether callers make a call again that a closing connection lost; if not, connections are kept.
    """

    name: str
    listen: str
    gatekeeper: Gatekeeper
    register: Sequence[Register]
    names: Sequence[str]
    tasks: Sequence[Task] = field(default=())
    longest_call_s: float | None = None
    repeatable: bool = True


async def serve(service: Service, *, stopping: asyncio.Event | None = None) -> None:
    """Serves until SIGTERM or SIGINT (or ``stopping``), then drains: no new calls, those under way may finish.

    Raises:
        AddressInUse: the address cannot be bound.
    """
    stopping = stopping or _stop_on_signals()
    server, checks, _port = await start(service)
    running = [asyncio.ensure_future(task()) for task in service.tasks]
    stopped = asyncio.create_task(stopping.wait())
    done, _ = await asyncio.wait([stopped, *running], return_when=asyncio.FIRST_COMPLETED)
    await checks.enter_graceful_shutdown()
    log.info("draining")
    await server.stop(DRAIN_S)
    await cancel_all(running)
    log.info("stopped")
    for task in done - {stopped}:
        task.result()  # a background task that failed fails the process
        raise RuntimeError("a background task ended by itself")


async def start(
    service: Service,
) -> tuple[grpc.aio.Server, aio_health.HealthServicer, int]:
    """A started server, its health, and the port that it listens on."""
    guard = GuardInterceptor(service.gatekeeper, service.longest_call_s)
    options = SERVER_OPTIONS
    if service.repeatable:
        options = [*options, ("grpc.max_connection_age_ms", int(MAX_CONNECTION_AGE_S * 1000))]
    server = grpc.aio.server(interceptors=[guard], options=options)
    for register in service.register:
        register(server)
    checks = aio_health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    reflection.enable_server_reflection([*service.names, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
    try:
        port = server.add_insecure_port(service.listen)
    except RuntimeError as error:
        raise AddressInUse(f"{service.name} cannot listen on {service.listen}") from error
    await server.start()
    for name in ("", *service.names):
        await checks.set(name, health_pb2.HealthCheckResponse.SERVING)
    log.info("serving", extra={"listen": service.listen, "port": port})
    return server, checks, port


def service_names(package: str) -> list[str]:
    """Full names of all gRPC services that the contract file ``viche/<area>/v1/<area>.proto`` of a package declares."""
    area = package.split(".")[1]
    file = descriptor_pool.Default().FindFileByName(f"viche/{area}/v1/{area}.proto")
    return [service.full_name for service in file.services_by_name.values()]


def contract_names(*contracts: ModuleType) -> list[str]:
    """Full names of all gRPC services that generated modules declare."""
    return [service.full_name for each in contracts for service in each.DESCRIPTOR.services_by_name.values()]


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping
