"""Calls of connectors that run elsewhere. Nothing is ever asked a second time: who calls decides about that."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import grpc
from viche.connectors.v1 import connectors_pb2, connectors_pb2_grpc

from viche_chassis.clients import aio_channel
from viche_chassis.connectors import convert
from viche_chassis.connectors.answers import read_answer, request_of, rpc_of
from viche_chassis.connectors.calls import (
    SHAPES,
    VALIDATE,
    Call,
    Fault,
    FaultKind,
    LogLine,
    NotAsked,
    Outcome,
)
from viche_chassis.connectors.serving import GRACE_S, NOT_ASKED, audience_of
from viche_chassis.tokens import ServiceIdentity
from viche_sdk.connectors.sessions import MOST_BYTES
from viche_sdk.connectors.types import SUPPORTED_APIS, Account, ConnectorError, ConnectorSpec, Media, Post, Transient

PART_BYTES = 4 * 1024 * 1024
PUT_S = 30.0
FILES_S = 45.0
"""So long the files of one call may take: with its own limit that is less than a claim of social's lasts."""


class Refused(Exception):
    """What serves there is not what was expected; the text says why."""


class Remote:
    """One plugin's connectors at an address.

    Args:
        address: host:port, or unix:PATH.
        plugin: name of its entry point.
        identity: who calls.
    """

    def __init__(self, address: str, plugin: str, identity: ServiceIdentity) -> None:
        self.channel = aio_channel(address, audience_of(plugin), identity, repeats=False)
        self._stub: Any = connectors_pb2_grpc.ConnectorServiceStub(self.channel)
        self._plugin = plugin

    async def describe(self, timeout_s: float) -> tuple[ConnectorSpec, ...]:
        """What the connectors declare.

        Raises:
            Refused: it is another plugin, contradicts itself, or speaks a contract that is not supported.
            grpc.aio.AioRpcError: nobody answers.
        """
        response = await self._stub.Describe(connectors_pb2.DescribeRequest(), timeout=timeout_s, wait_for_ready=True)
        if response.plugin != self._plugin:
            raise Refused(f"the plugin {response.plugin!r} answers in place of {self._plugin!r}")
        return tuple(_spec_of(each) for each in response.connectors)

    async def perform(self, call: Call) -> Outcome:
        """Makes a call.

        Raises:
            grpc.aio.AioRpcError: there is no answer, or none of the connector.
        """
        try:
            async with asyncio.timeout(FILES_S):
                links = await self._send_files(call)
        except TimeoutError:
            return Outcome(Transient(f"its files did not reach the connector within {FILES_S:g} s"))
        except ConnectorError as error:
            return Outcome(error)
        request: Any = request_of(call.method)(connector=call.connector)
        try:
            _fill(request, call, links)
        except convert.NotConvertible as fault:
            return Outcome(NotAsked(f"what it was to be given is none of the contract: {fault}"))
        rpc = getattr(self._stub, rpc_of(call.method))
        return _outcome_of(call, await _answer_to(rpc(request, timeout=call.limit_s + GRACE_S)))

    async def close(self) -> None:
        """Ends the connection."""
        await self.channel.close(None)

    async def _send_files(self, call: Call) -> dict[str, str]:
        """Brings the files of a post there before the call, and gives their links."""
        links: dict[str, str] = {}
        if call.media is None:
            return links
        try:
            for media in _files_of(call):
                with suppress(ConnectorError):  # no address that platforms reach: the bytes have to do
                    links[media.id] = await call.media.link(media)
                await self._put(call, media, await call.media.read(media))
        except ConnectorError:
            raise
        except Exception as fault:  # the host's own trouble is none of the connector's
            raise Transient(f"a file cannot be read just now: {type(fault).__name__}") from fault
        return links

    async def _put(self, call: Call, media: Media, data: bytes) -> None:
        for offset in range(0, max(len(data), 1), PART_BYTES):
            part = connectors_pb2.PutMediaRequest(
                call_id=call.id, media_id=media.id, offset=offset, data=data[offset : offset + PART_BYTES]
            )
            try:
                await _answer_to(self._stub.PutMedia(part, timeout=PUT_S))
            except grpc.aio.AioRpcError as fault:
                raise Transient(f"a file does not reach the connector: {fault.code().name}") from fault


async def _answer_to(call: Awaitable[Any]) -> Any:
    """Waits for an answer. What waits for one when the connection is closed is not cancelled by that, as grpc has it.

    Raises:
        grpc.aio.AioRpcError: there is none.
    """
    try:
        return await call
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        none = grpc.aio.Metadata()
        raise grpc.aio.AioRpcError(grpc.StatusCode.CANCELLED, none, none, "the connection was closed") from None


def outcome_of_failure(call: Call, error: grpc.aio.AioRpcError) -> Outcome:
    """What a call without an answer of the connector means; it was sent."""
    match error.code():
        case grpc.StatusCode.DEADLINE_EXCEEDED:
            return Outcome(Fault(FaultKind.TIME, f"it did not end within {call.limit_s:g} s, nor can it be cut"))
        case grpc.StatusCode.UNAUTHENTICATED | grpc.StatusCode.PERMISSION_DENIED:
            return Outcome(NotAsked("it does not take our calls: it needs the public keys of the services"))
        case grpc.StatusCode.NOT_FOUND | grpc.StatusCode.INVALID_ARGUMENT | grpc.StatusCode.UNIMPLEMENTED:
            return Outcome(NotAsked(f"it does not take the call: {error.details()}"))
        case code:
            return Outcome(Fault(FaultKind.ENDED, f"it gave no answer: {code.name}"))


def _spec_of(message: Any) -> ConnectorSpec:
    if message.api not in SUPPORTED_APIS:
        known = " and ".join(map(str, SUPPORTED_APIS))
        raise Refused(
            f"the connector {message.name!r} is written for contract {message.api}; this version of Viche runs those "
            f"of {known}"
        )
    try:
        return convert.read(ConnectorSpec, message)
    except convert.NotConvertible as fault:
        raise Refused(str(fault)) from fault


def _fill(request: Any, call: Call, links: dict[str, str]) -> None:
    for (name, hint), argument in zip(SHAPES[call.method].parameters, call.arguments, strict=True):
        convert.write_field(request, name, hint, argument)
    if call.method == VALIDATE:
        return
    request.call.id = call.id
    request.call.limit_s = call.limit_s
    convert.write_field(request.call, "account", Account, call.account)
    convert.write_field(request.call, "now", datetime, call.now)
    request.call.secrets.update({name: secret.reveal() for name, secret in call.secrets.items()})
    request.call.links.update(links)
    request.call.session = call.session


def _files_of(call: Call) -> Iterator[Media]:
    for argument in call.arguments:
        if isinstance(argument, Post):
            yield from argument.media


def _outcome_of(call: Call, response: Any) -> Outcome:
    if call.method == VALIDATE:
        return Outcome(_ending_of(call, response))
    log = tuple(LogLine(line.is_warning, line.message, dict(line.values)) for line in response.log)
    return Outcome(_ending_of(call, response), log, _session_of(response))


def _session_of(response: Any) -> str | None:
    """What is to be kept; a process that gives more than the contract allows is not taken at its word."""
    if not response.HasField("session") or len(response.session.encode()) > MOST_BYTES:
        return None
    return response.session


def _ending_of(call: Call, response: Any) -> Any:
    try:
        match response.WhichOneof("outcome"):
            case "error":
                return convert.read_error(response.error)
            case "fault" if response.fault.kind == NOT_ASKED:
                return NotAsked(response.fault.detail)
            case "fault":
                return Fault(FaultKind(response.fault.kind), response.fault.detail)
            case _:
                return read_answer(call.method, response)
    except ValueError as fault:
        return Fault(FaultKind.WRONG_ANSWER, f"it answered something else: {fault}")
