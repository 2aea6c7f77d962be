"""An instance somewhere else: calls go through its gateway, as the operator whose token is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import grpc
import httpx
from google.rpc import status_pb2
from grpc_status import rpc_status

from viche_cli.faults import Fault

MEDIA_TYPE = "application/x-protobuf"
TIMEOUT_S = 60.0


class RelayedError(grpc.RpcError):
    """A call that the service refused; it looks like the error of a direct call."""

    def __init__(self, status: status_pb2.Status) -> None:
        super().__init__(status.message)
        self._parts: Any = rpc_status.to_status(status)

    def code(self) -> grpc.StatusCode:
        """As of a call."""
        return self._parts.code

    def details(self) -> str:
        """As of a call."""
        return self._parts.details

    def trailing_metadata(self) -> Any:
        """As of a call: the whole status is in it."""
        return self._parts.trailing_metadata


@dataclass(frozen=True, slots=True)
class RemoteInstance:
    """An instance by its address and the session token of an operator."""

    url: str
    token: str

    def channel(self, service: str) -> grpc.Channel:
        """What the stubs of a service take for a channel. Close it after use."""
        relay: Any = RelayChannel(self.url, self.token)
        return relay

    def authorities(self) -> dict[str, str]:
        """Ids of its authorities by slug: public data of its gateway."""
        try:
            answer = httpx.get(f"{self.url}/api/v1/authorities", timeout=TIMEOUT_S).raise_for_status().json()
            return {each["slug"]: each["id"] for each in answer["authorities"]}
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Fault(f"{self.url} does not answer ({type(error).__name__}): look at VICHE_URL.") from error


class RelayChannel:
    """Carries unary calls over HTTP to the gateway's door for operators."""

    def __init__(self, url: str, token: str, transport: httpx.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": MEDIA_TYPE}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT_S, transport=transport)

    def __enter__(self) -> RelayChannel:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection."""
        self._http.close()

    def unary_unary(
        self,
        method: str,
        request_serializer: Callable[[Any], bytes],
        response_deserializer: Callable[[bytes], Any],
        **_: Any,
    ) -> Callable[..., Any]:
        """Called by stubs: a callable for one method."""

        def call(request: Any, timeout: float | None = None, **_: Any) -> Any:
            return response_deserializer(self._post(method, request_serializer(request), timeout or TIMEOUT_S))

        return call

    def _post(self, method: str, body: bytes, timeout_s: float) -> bytes:
        try:
            answer = self._http.post(f"/rpc{method}", content=body, timeout=timeout_s)
        except httpx.HTTPError as error:
            raise Fault(
                f"{self._http.base_url} does not answer ({type(error).__name__}): look at VICHE_URL."
            ) from error
        if answer.status_code == httpx.codes.OK:
            return answer.content
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            raise Fault("VICHE_TOKEN does not hold any more: sign in again and take the new session's token.")
        if answer.headers.get("Content-Type") != MEDIA_TYPE or answer.status_code == httpx.codes.NOT_FOUND:
            raise Fault(f"{self._http.base_url} does not take this command ({answer.status_code}): look at VICHE_URL.")
        raise RelayedError(status_pb2.Status.FromString(answer.content))
