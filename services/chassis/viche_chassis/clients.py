"""Channels to other services: who calls, a deadline on every call, all replicas in turn, retries of what never arrived.

An address is a name of gRPC: host:port, or dns:///host:port. Where a host has several addresses, as a headless Service
of Kubernetes has, each call goes to the next of them; replicas that come and go are found without a restart.
"""

import json
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import grpc

from viche_chassis.access import SERVICE_METADATA
from viche_chassis.tokens import ServiceIdentity
from viche_chassis.tracing import begin_call, end_call, end_with

DEFAULT_TIMEOUT_S = 10.0
MAX_MESSAGE_BYTES = 8 * 1024 * 1024
_SERVICE_CONFIG = json.dumps(
    {
        "loadBalancingConfig": [{"round_robin": {}}],
        "methodConfig": [
            {
                "name": [{}],
                # writes carry a request id, so that a repeat does no harm; together the pauses are about as long as a
                # service takes to start again
                "retryPolicy": {
                    "maxAttempts": 5,
                    "initialBackoff": "0.2s",
                    "maxBackoff": "2s",
                    "backoffMultiplier": 2,
                    # a server that drains cancels the calls that it has received and not begun
                    "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
                },
            }
        ],
    }
)
_COMMON_OPTIONS: list[tuple[str, Any]] = [
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 500),
    # after a replica has gone, names are asked again at once and not only after half a minute
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),
    ("grpc.service_config_disable_resolution", 1),
    ("grpc.enable_http_proxy", 0),
]
CHANNEL_OPTIONS: list[tuple[str, Any]] = [("grpc.service_config", _SERVICE_CONFIG), *_COMMON_OPTIONS]
# the pieces of a file that a connector is given and the call that uses them must reach the same replica
_ONE_REPLICA_OPTIONS: list[tuple[str, Any]] = [("grpc.enable_retries", 0), *_COMMON_OPTIONS]

_Details = namedtuple(
    "_Details",
    ("method", "timeout", "metadata", "credentials", "wait_for_ready", "compression"),
)


def aio_channel(address: str, callee: str, identity: ServiceIdentity, *, repeats: bool = True) -> grpc.aio.Channel:
    """A channel for asyncio to the service ``callee`` at ``address``.

    Args:
        repeats: whether a call that finds nobody is made again, by another replica where there is one; never where a
            second call may do harm. Without it all calls go to one replica for as long as that lives.
    """
    interceptors = [_AioCallInterceptor(callee, identity)]
    options = CHANNEL_OPTIONS if repeats else _ONE_REPLICA_OPTIONS
    return grpc.aio.insecure_channel(address, options=options, interceptors=interceptors)


def sync_channel(address: str, callee: str, identity: ServiceIdentity) -> grpc.Channel:
    """A channel for threads to the service ``callee`` at ``address``."""
    channel = grpc.insecure_channel(address, options=CHANNEL_OPTIONS)
    return grpc.intercept_channel(channel, _SyncCallInterceptor(callee, identity))


def person_metadata(access_token: str) -> tuple[tuple[str, str], ...]:
    """Metadata for a call on behalf of a signed-in person."""
    return (("authorization", f"Bearer {access_token}"),)


class _SyncCallInterceptor(grpc.UnaryUnaryClientInterceptor):
    def __init__(self, callee: str, identity: ServiceIdentity) -> None:
        self._callee = callee
        self._identity = identity

    def intercept_unary_unary(self, continuation: Callable[..., Any], client_call_details: Any, request: Any) -> Any:
        given = client_call_details
        metadata = [*(given.metadata or ()), (SERVICE_METADATA, self._identity.token_for(self._callee))]
        span = begin_call(given.method, metadata)
        timeout = DEFAULT_TIMEOUT_S if given.timeout is None else given.timeout
        details = _Details(given.method, timeout, metadata, given.credentials, given.wait_for_ready, None)
        call = continuation(details, request)
        if span is not None:
            call.add_done_callback(lambda ended: end_call(span, ended.code()))
        return call


class _AioCallInterceptor(grpc.aio.UnaryUnaryClientInterceptor):
    def __init__(self, callee: str, identity: ServiceIdentity) -> None:
        self._callee = callee
        self._identity = identity

    async def intercept_unary_unary(
        self,
        continuation: Callable[..., Any],
        client_call_details: grpc.aio.ClientCallDetails,
        request: Any,
    ) -> Any:
        pairs = [
            *(client_call_details.metadata or ()),
            (SERVICE_METADATA, self._identity.token_for(self._callee)),
        ]
        span = begin_call(_name(client_call_details.method), pairs)
        metadata = grpc.aio.Metadata(*pairs)
        details = grpc.aio.ClientCallDetails(
            client_call_details.method,
            DEFAULT_TIMEOUT_S if client_call_details.timeout is None else client_call_details.timeout,
            metadata,
            client_call_details.credentials,
            client_call_details.wait_for_ready,
        )
        call = await continuation(details, request)
        if span is not None:
            end_with(span, call)
        return call


def _name(method: str | bytes) -> str:
    return method.decode() if isinstance(method, bytes) else method
