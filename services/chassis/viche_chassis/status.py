"""Errors on the wire: google.rpc.Status with ErrorInfo and field violations, both ways."""

from collections.abc import Sequence

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from viche_chassis.errors import Code, DomainError, FieldViolation, InvalidFields

DOMAIN = "viche"
OK = status_pb2.Status()
MOST_VIOLATION_BYTES = 4_000
"""Of the fields of one error: it travels in a trailer, and gRPC drops calls whose trailers pass 8 KiB as base64."""


def to_status(error: DomainError) -> status_pb2.Status:
    """The error as a Status: reason and values in an ErrorInfo, fields in a BadRequest."""
    status = status_pb2.Status(code=int(error.code), message=error.reason)
    info = error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=error.values)
    status.details.append(_pack(info))
    if isinstance(error, InvalidFields):
        status.details.append(_pack(_bad_request(error.violations)))
    return status


def from_status(status: status_pb2.Status) -> DomainError:
    """The error that a Status stands for; an unknown one becomes a DomainError with its code."""
    info = error_details_pb2.ErrorInfo()
    request = error_details_pb2.BadRequest()
    for detail in status.details:
        if not detail.Unpack(info):
            detail.Unpack(request)
    if request.field_violations:
        invalid = InvalidFields(*(_violation(item) for item in request.field_violations))
        invalid.reason, invalid.values = info.reason or invalid.reason, dict(info.metadata)
        return invalid
    return received(Code(status.code), info.reason or status.message, dict(info.metadata))


def received(code: Code, reason: str, values: dict[str, str]) -> DomainError:
    """A domain error that came over the wire."""
    error = DomainError(**values)
    error.code = code
    error.reason = reason
    error.args = (reason,)
    return error


def from_rpc_error(error: grpc.RpcError) -> DomainError:
    """The error that a failed call stands for.

    A call that the other side never answered with a Status of ours (down, deadline) is UNAVAILABLE.
    """
    status = rpc_status.from_call(error)  # pyright: ignore[reportArgumentType] (an RpcError of a call is the call)
    if status is not None:
        return from_status(status)
    code = error.code().value[0] if isinstance(error, grpc.Call) else Code.UNAVAILABLE
    known = code if code in Code.__members__.values() and code != Code.INTERNAL else Code.UNAVAILABLE
    return received(Code(known), "UNAVAILABLE" if known == Code.UNAVAILABLE else "REFUSED", {})


def _bad_request(violations: Sequence[FieldViolation]) -> error_details_pb2.BadRequest:
    """The violations from the first on, as many as a trailer carries; one at least, if need be without its values."""
    request, size = error_details_pb2.BadRequest(), 0
    for violation in violations:
        item = error_details_pb2.BadRequest.FieldViolation(field=violation.field[:1_000], reason=violation.reason)
        item.description = "\x1f".join(f"{name}={value}" for name, value in sorted(violation.values.items()))
        if item.ByteSize() > MOST_VIOLATION_BYTES:
            item.description = ""
        size += item.ByteSize()
        if size > MOST_VIOLATION_BYTES:
            break
        request.field_violations.append(item)
    return request


def _violation(item: error_details_pb2.BadRequest.FieldViolation) -> FieldViolation:
    pairs = (part.split("=", 1)[:2] for part in item.description.split("\x1f") if "=" in part)
    return FieldViolation(item.field, item.reason, dict(pairs))


def _pack(
    message: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest,
) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
