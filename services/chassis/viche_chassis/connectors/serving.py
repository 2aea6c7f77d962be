"""Connectors over gRPC: what a child process and a pod serve."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from viche.connectors.v1 import connectors_pb2, connectors_pb2_grpc

from viche_chassis.access import Gatekeeper
from viche_chassis.app import Service, contract_names
from viche_chassis.connectors import convert
from viche_chassis.connectors.answers import response_of, rpc_of, write_answer
from viche_chassis.connectors.calls import SHAPES, VALIDATE, Call, Fault, NotAsked, Outcome
from viche_chassis.connectors.lanes import HEED_S, Lanes
from viche_chassis.connectors.uploads import UploadedFiles, Uploads
from viche_chassis.errors import NotFound
from viche_chassis.tokens import Verifier
from viche_sdk.connectors.types import Account, ConnectorError, Secret

NOT_ASKED = "not_asked"
"""Kind of a fault of which the connector never heard."""

GRACE_S = 2 * HEED_S + 1.0
"""A call that has not been answered so long after its limit will never be."""


def audience_of(plugin: str) -> str:
    """Whom callers' tokens must name: a token for one plugin is none for another."""
    return f"connectors/{plugin}"


def service(plugin: str, lanes: Lanes, listen: str, callers: Verifier) -> Service:
    """What a process serves that runs the connectors of one plugin.

    Args:
        plugin: name of its entry point.
        lanes: they run there.
        listen: host:port, or unix:PATH.
        callers: checks the tokens of services.
    """
    servicer = ConnectorServicer(plugin, lanes)  # pyright: ignore[reportAbstractUsage] (has all methods, see below)
    longest_s = max(shape.limit_s for shape in SHAPES.values())
    return Service(
        name=audience_of(plugin),
        listen=listen,
        gatekeeper=Gatekeeper(audience_of(plugin), callers, None),
        register=[lambda server: connectors_pb2_grpc.add_ConnectorServiceServicer_to_server(servicer, server)],
        names=contract_names(connectors_pb2),
        longest_call_s=longest_s + GRACE_S,
        repeatable=False,
    )


class ConnectorServicer(connectors_pb2_grpc.ConnectorServiceServicer):
    """Each operation has a method, put here below; secrets of a call live as long as it does."""

    def __init__(self, plugin: str, lanes: Lanes) -> None:
        self._plugin = plugin
        self._lanes = lanes
        self._uploads = Uploads()

    async def Describe(self, request: connectors_pb2.DescribeRequest, context: Any) -> connectors_pb2.DescribeResponse:
        """What the plugin brings."""
        response = connectors_pb2.DescribeResponse(plugin=self._plugin)
        for spec in self._lanes.specs:
            convert.write(type(spec), spec, response.connectors.add())
        return response

    async def PutMedia(self, request: connectors_pb2.PutMediaRequest, context: Any) -> connectors_pb2.PutMediaResponse:
        """A part of a file."""
        self._uploads.put(request.call_id, request.media_id, request.offset, request.data)
        return connectors_pb2.PutMediaResponse()

    async def perform(self, method: str, request: Any) -> Any:
        """Any call."""
        if request.connector not in {spec.name for spec in self._lanes.specs}:
            raise NotFound(what="connector", name=request.connector)
        files = self._uploads.take(request.call.id) if method != VALIDATE else {}
        try:
            outcome = await self._lanes.perform(_call_of(method, request, files))
        finally:
            self._uploads.drop(files)
        return _response_of(method, outcome)


def _handler(method: str) -> Callable[[ConnectorServicer, Any, Any], Awaitable[Any]]:
    async def handle(servicer: ConnectorServicer, request: Any, context: Any) -> Any:
        return await servicer.perform(method, request)

    return handle


for _method in SHAPES:
    setattr(ConnectorServicer, rpc_of(_method), _handler(_method))


def _call_of(method: str, request: Any, files: Mapping[str, Any]) -> Call:
    shape = SHAPES[method]
    arguments = tuple(convert.read_field(request, name, hint) for name, hint in shape.parameters)
    if method == VALIDATE:
        return Call(request.connector, method, arguments, datetime.now(UTC), shape.limit_s)
    given = request.call
    return Call(
        request.connector,
        method,
        arguments,
        convert.read_field(given, "now", datetime),
        min(given.limit_s or shape.limit_s, shape.limit_s),
        convert.read(Account, given.account),
        {name: Secret(value) for name, value in given.secrets.items()},
        UploadedFiles(files, dict(given.links)),
        given.session,
        given.id,
    )


def _response_of(method: str, outcome: Outcome) -> Any:
    response: Any = response_of(method)()
    match outcome.ending:
        case ConnectorError() as error:
            convert.write_error(error, response.error)
        case Fault(kind, detail):
            response.fault.kind, response.fault.detail = kind, detail
        case NotAsked(reason):
            response.fault.kind, response.fault.detail = NOT_ASKED, reason
        case answer:
            write_answer(method, answer, response)
    if method != VALIDATE:
        if outcome.session is not None:
            response.session = outcome.session
        for line in outcome.log:
            response.log.add(is_warning=line.is_warning, message=line.message, values=dict(line.values))
    return response
