"""What stands before every servicer: telemetry, errors, access, validation, a bound in time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.message import Message
from google.rpc import code_pb2, status_pb2
from grpc_status import rpc_status

from viche_chassis.access import Gatekeeper, access_of, called_by
from viche_chassis.acts import acting
from viche_chassis.errors import DomainError
from viche_chassis.status import to_status
from viche_chassis.tracing import server_behaviour
from viche_chassis.validation import validate

log = logging.getLogger("viche.rpc")

Context = Any  # grpc.aio.ServicerContext; its stubs make it generic, the class is not
Handler = Any  # grpc.RpcMethodHandler, likewise

MAX_DEADLINE_S = 30.0
OPEN_PREFIXES = ("/grpc.health.v1.", "/grpc.reflection.")
Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[Handler | None]]
Behaviour = Callable[[Any, Any], Awaitable[Any]]


class GuardInterceptor(grpc.aio.ServerInterceptor):
    """Admits, validates, bounds in time, and turns errors into statuses.

    Domain errors go out with reason and values. Anything else is logged whole and answered blank.
    """

    def __init__(self, gatekeeper: Gatekeeper, longest_call_s: float | None = None) -> None:
        self._gatekeeper = gatekeeper
        self._longest_call_s = longest_call_s
        self._handlers: dict[str, Handler] = {}

    async def intercept_service(
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> Handler | None:
        method = handler_call_details.method
        guarded = self._handlers.get(method)
        if guarded is not None:
            return guarded
        handler = await continuation(handler_call_details)
        if handler is None or method.startswith(OPEN_PREFIXES):
            return handler
        self._handlers[method] = self._guard(method, handler)
        return self._handlers[method]

    def _guard(self, method: str, handler: Handler) -> Handler:
        if handler.unary_unary is None:
            raise NotImplementedError(f"{method}: every RPC of ours is unary")
        access = access_of(method)
        servicer: Behaviour = handler.unary_unary

        async def guarded(request: Message, context: Context) -> Any:
            try:
                caller = self._gatekeeper.admit(access, dict(context.invocation_metadata() or ()))
                validate(request)
                with called_by(caller), acting(access, method, request, caller):
                    return await asyncio.wait_for(servicer(request, context), self._time_left(context))
            except DomainError as error:
                await _abort(context, to_status(error))
            except (grpc.aio.AbortError, asyncio.CancelledError):
                raise
            except TimeoutError:
                await _abort(
                    context,
                    status_pb2.Status(code=code_pb2.DEADLINE_EXCEEDED, message="DEADLINE"),
                )
            except Exception:
                log.exception("rpc failed", extra={"method": method})
                await _abort(
                    context,
                    status_pb2.Status(code=code_pb2.INTERNAL, message="INTERNAL"),
                )

        return grpc.unary_unary_rpc_method_handler(
            server_behaviour(method, guarded),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _time_left(self, context: Context) -> float:
        remaining, longest_s = context.time_remaining(), self._longest_call_s or MAX_DEADLINE_S
        return longest_s if remaining is None else min(remaining, longest_s)


async def _abort(context: Context, status: status_pb2.Status) -> None:
    parts = rpc_status.to_status(status)  # pyright: ignore[reportUnknownVariableType]
    await context.abort(parts.code, parts.details, parts.trailing_metadata)
