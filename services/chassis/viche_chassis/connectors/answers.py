"""Answers of connectors as messages, and the sieve that every answer passes."""

from typing import Any

from google.protobuf.message import Message
from viche.connectors.v1 import connectors_pb2, errors_pb2

from viche_chassis.connectors import convert
from viche_chassis.connectors.calls import SHAPES, Fault, FaultKind
from viche_sdk.connectors.redaction import Redactor
from viche_sdk.connectors.types import ConnectorError


def request_of(method: str) -> type[Message]:
    """The message that asks for a call of this method."""
    return getattr(connectors_pb2, f"{rpc_of(method)}Request")


def response_of(method: str) -> type[Message]:
    """The message that answers a call of this method."""
    return getattr(connectors_pb2, f"{rpc_of(method)}Response")


def rpc_of(method: str) -> str:
    """The RPC of a method: "fetch_inbox" is "FetchInbox"."""
    return "".join(part.capitalize() for part in method.split("_"))


def write_answer(method: str, value: object, response: Any) -> None:
    """Writes what a connector answered into its response.

    Raises:
        convert.NotConvertible: it is nothing that this call may answer.
    """
    for name, hint in SHAPES[method].answers:
        if hint is None and value is None:
            getattr(response, name).SetInParent()
            return
        if hint is not None and _may_be(hint, value):
            part = getattr(response, name)
            part.SetInParent()
            convert.write(hint, value, part)
            return
    wanted = " or ".join("nothing" if hint is None else name for name, hint in SHAPES[method].answers)
    raise convert.NotConvertible(f"{type(value).__name__} in place of {wanted}")


def read_answer(method: str, response: Any) -> Any:
    """Reads it back.

    Raises:
        convert.NotConvertible: there is none.
    """
    given = response.WhichOneof("outcome")
    for name, hint in SHAPES[method].answers:
        if name == given:
            return None if hint is None else convert.read(hint, getattr(response, name))
    raise convert.NotConvertible("there is no answer in it")


def _may_be(hint: Any, value: object) -> bool:
    kind = getattr(hint, "__origin__", hint)
    return isinstance(value, (list, tuple) if kind is tuple else kind)


def sieved(method: str, value: object) -> Any:
    """The value as it would come over the wire, so that who calls cannot tell."""
    response = response_of(method)()
    write_answer(method, value, response)
    return read_answer(method, response)


def sieved_error(error: ConnectorError, redactor: Redactor) -> ConnectorError | Fault:
    try:
        message = errors_pb2.Error()
        convert.write_error(error, message)
        found = convert.read_error(message)
    except convert.NotConvertible as fault:
        return Fault(FaultKind.WRONG_ANSWER, redactor.clean(f"it raised an error that is none: {fault}"))
    for name, said in vars(found).items():
        if type(said) is str:
            setattr(found, name, redactor.clean(said))
    return found
