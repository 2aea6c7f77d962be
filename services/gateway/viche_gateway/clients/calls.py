"""One call to a service: the person's token goes along, failures come back as DomainError."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import grpc
from google.rpc import status_pb2

from viche_chassis.clients import person_metadata
from viche_chassis.status import from_rpc_error, from_status

R = TypeVar("R", covariant=True)
TIMEOUT_S = 8.0


class Method(Protocol[R]):
    """A unary method of a stub."""

    def __call__(self, request: Any, /, *, timeout: float | None = ..., metadata: Any = ...) -> R: ...


def call(method: Method[R], request: Any, access_token: str = "", timeout_s: float = TIMEOUT_S) -> R:
    """The answer of ``method``.

    Args:
        access_token: of the person on whose behalf; empty when there is none.

    Raises:
        DomainError: with the reason that the service gave, or UNAVAILABLE.
    """
    try:
        return method(request, timeout=timeout_s, metadata=person_metadata(access_token) if access_token else ())
    except grpc.RpcError as error:
        raise from_rpc_error(error) from error


def raise_for(status: status_pb2.Status) -> None:
    """Raises what a failed item of a batch stands for."""
    if status.code:
        raise from_status(status)


def checked(results: Sequence[R], sent: int) -> Sequence[R]:
    """``results``, which must answer every item that was sent."""
    if len(results) != sent:
        raise ValueError(f"{sent} items were sent and {len(results)} answered")
    return results
