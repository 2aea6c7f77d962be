"""Leads every host to a fake platform on this machine; imported when the first connection is made, as httpcore is."""

from collections.abc import Iterable
from typing import Any

import httpcore


class FakeNetwork(httpcore.AsyncNetworkBackend):
    """Whatever host is called: the connection goes to one port here, and what would be TLS is plain.

    So connectors call the platform's own addresses, and need no switch for tests.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._network: Any = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connects to the fake."""
        return _Plain(await self._network.connect_tcp("127.0.0.1", self._port, timeout))


class _Plain(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return None if info == "ssl_object" else self._stream.get_extra_info(info)
