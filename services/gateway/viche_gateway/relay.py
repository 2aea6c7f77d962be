"""The operator's door: commands of the command line that reach an instance by its address and a token.

An operator may call, as themselves, the RPCs whose access option names the role "operator". Request and answer are the
contracts' own bytes; who may do what is decided where it always is, at the service.
"""

import grpc
from flask import Blueprint, Flask, Response, request
from grpc_status import rpc_status
from viche.options.v1 import options_pb2

from viche_chassis.access import access_of
from viche_chassis.clients import person_metadata
from viche_chassis.errors import DomainError, Unauthenticated
from viche_chassis.status import to_status
from viche_gateway import access
from viche_gateway.api.reading import bearer_session
from viche_gateway.context import services

MEDIA_TYPE = "application/x-protobuf"
ROLE = "operator"
TIMEOUT_S = 60.0


def register(app: Flask) -> None:
    """Adds the door; forms' CSRF tokens mean nothing here, because cookies do not."""
    blueprint = Blueprint("relay", __name__)
    blueprint.add_url_rule(
        "/rpc/<service>/<method>", "call", access.classified(access.Kind.API, _call), methods=["POST"]
    )
    blueprint.register_error_handler(DomainError, _refused)
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


def _call(service: str, method: str) -> Response:
    path = f"/{service}/{method}"
    session = bearer_session()
    if not _is_open(path):
        return _answer(b"", 404)
    rpc = services().channels[service.split(".")[1]].unary_unary(path)
    try:
        return _answer(rpc(request.get_data(), timeout=TIMEOUT_S, metadata=person_metadata(session.access_token)), 200)
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)  # pyright: ignore[reportArgumentType] (an RpcError of a call is the call)
        if status is None:
            raise
        return _answer(status.SerializeToString(), 422)


def _is_open(path: str) -> bool:
    """Whether the gateway may call the RPC for an operator."""
    option = access_of(path)
    return (
        option is not None
        and option.level == options_pb2.LEVEL_OFFICER
        and ROLE in option.roles
        and "gateway" in (option.callers or ("gateway",))
    )


def _refused(error: DomainError) -> Response:
    return _answer(to_status(error).SerializeToString(), 401 if isinstance(error, Unauthenticated) else 422)


def _answer(body: bytes, status: int) -> Response:
    response = Response(body, status, content_type=MEDIA_TYPE)
    response.cache_control.no_store = True
    return response
