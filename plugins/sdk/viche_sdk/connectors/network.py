"""Connections to public addresses alone: a name is resolved once, and the connection goes to what was looked at.

Imported by `http` when the first connection is made, as httpcore is.
"""

import asyncio
import socket
import ssl
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.util import find_spec
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import httpx

if find_spec("sniffio") is None:
    # httpcore looks for it at every lock that it takes; a module known to be absent is not looked for in each folder
    # of the path again, which took milliseconds of each request
    sys.modules.setdefault("sniffio", None)  # pyright: ignore[reportArgumentType]

TRIED = 3
"""So many addresses of one name are tried, one after the other."""

# Addresses of IPv4 in the clothes of IPv6: mapped and compatible (RFC 4291), NAT64 (RFC 6052, 8215), Teredo (RFC
# 4380), 6to4 (RFC 3056). Where they lead is not what they look like.
_DISGUISED = tuple(
    map(ip_network, ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))
)


class AddressRefused(Exception):
    """A name leads to no address that may be called."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one that everybody reaches."""
    if any(address in network for network in _DISGUISED):
        return False
    return address.is_global and not address.is_multicast


class GuardedNetwork(httpcore.AsyncNetworkBackend):
    """The real network, for addresses that may be called. TLS keeps the name that was asked for."""

    def __init__(self, trusted: Iterable[IPv4Network | IPv6Network] = (), allows_loopback: bool = False) -> None:
        self._trusted = tuple(trusted)
        self._allows_loopback = allows_loopback
        # its type depends on whether anyio is there, which httpx brings
        self._network: Any = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connects to the first of the name's addresses that answers.

        Raises:
            AddressRefused: none of them may be called.
            httpcore.ConnectError: the name is not known, or nobody answers.
        """
        try:
            async with asyncio.timeout(timeout):
                addresses = await resolved(host, port)
        except TimeoutError as fault:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from fault
        good = [address for address in addresses if self._may_be_called(address)]
        if not good:
            raise AddressRefused(f"{host} leads to no public address")
        failure: Exception | None = None
        for address in good[:TRIED]:
            try:
                return await self._network.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                failure = fault
        raise failure or AddressRefused(f"{host} leads nowhere")

    def _may_be_called(self, address: IPv4Address | IPv6Address) -> bool:
        if is_public(address) or any(address in network for network in self._trusted):
            return True
        return self._allows_loopback and address.is_loopback


@cache
def tls() -> ssl.SSLContext:
    """Which certificates are believed: those of SSL_CERT_FILE or SSL_CERT_DIR, else certifi's. Reading them takes
    some 20 ms."""
    return httpx.create_ssl_context()


async def resolved(host: str, port: int) -> Sequence[IPv4Address | IPv6Address]:
    """The addresses of a name, or the one that it is.

    Raises:
        httpcore.ConnectError: there are none.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise httpcore.ConnectError(f"{host} is not resolved: {fault}") from fault
    return list(dict.fromkeys(ip_address(str(sockaddr[0]).partition("%")[0]) for *_, sockaddr in found))
