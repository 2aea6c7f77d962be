"""The HTTP that connectors are given: declared hosts alone, pinned public addresses, no redirects, limits everywhere.

The same class serves the host, a connector's own process and the conformance kit.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from viche_sdk.connectors.answers import READS, Answer
from viche_sdk.connectors.errors import ConnectorError, OutcomeUnknown, Transient, Unsupported
from viche_sdk.connectors.redaction import Redactor
from viche_sdk.connectors.spec import ConnectorSpec

if TYPE_CHECKING:
    import httpcore
    import httpx

DEFAULT_PORTS = {"https": 443, "http": 80}
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
USER_AGENT = "Viche"


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """How much and how long. `answer_bytes` counts what was unpacked; `whole_s` is for a request with its answer."""

    answer_bytes: int = 8 * 1024 * 1024
    connect_s: float = 5.0
    read_s: float = 20.0
    whole_s: float = 120.0


def hosts_of(spec: ConnectorSpec, values: Mapping[str, str]) -> frozenset[str]:
    """The hosts that a connector may call for one account: "{field}" becomes the host of the address in that field."""
    found: set[str] = set()
    for host in spec.hosts:
        if not host.startswith("{"):
            found.add(host)
        elif address := values.get(host[1:-1], ""):
            found.add(urlsplit(address).netloc.rpartition("@")[2].lower())
    return frozenset(found - {""})


class GuardedHttp:
    """Answers `context.Http`. Made for one account and used in one event loop; close it when it is done with.

    Args:
        hosts: "api.example.org", "*.example.org" (which is not example.org itself), each perhaps with ":port";
            without one the scheme's own port is meant.
        limits: of size and time.
        trusted: networks that an operator names, whose addresses are taken although they are not public.
        allows_loopback: for tests: addresses of this machine, by http too.
        network: what connections are made with; by default the real network behind the guard.
        redactor: takes secrets out of what errors say.
    """

    def __init__(
        self,
        hosts: Iterable[str],
        *,
        limits: HttpLimits | None = None,
        trusted: Iterable[IPv4Network | IPv6Network] = (),
        allows_loopback: bool = False,
        network: "httpcore.AsyncNetworkBackend | None" = None,
        redactor: Redactor | None = None,
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._limits = limits or HttpLimits()
        self._trusted = tuple(trusted)
        self._allows_loopback = allows_loopback
        self._network = network
        self._redactor = redactor or Redactor(())
        self._made: httpcore.AsyncConnectionPool | None = None

    async def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """As `context.Http` says."""
        address = self._declared(url, params)
        bodies = {"json": json, "data": form, "files": files, "content": content}
        request = _encoded(method.upper(), address, headers, bodies)
        return await self._exchange(request, min(timeout_s or self._limits.whole_s, self._limits.whole_s))

    async def aclose(self) -> None:
        """Closes the connections that are kept for the next request."""
        pool, self._made = self._made, None
        if pool:
            await pool.aclose()

    def _declared(self, url: str, params: Mapping[str, str] | None) -> "httpx.URL":
        """The address, taken apart once: what is looked at here is what is called.

        Raises:
            Unsupported: it is none, or its host is not declared.
        """
        import httpx

        try:
            address = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as fault:
            raise Unsupported(self._redactor.clean(f"{url!r} is no address: {fault}")) from None
        if address.scheme not in DEFAULT_PORTS or not address.raw_host or address.userinfo:
            raise Unsupported(self._redactor.clean(f"{url!r} is no address that is called"))
        if address.scheme == "http" and not (self._allows_loopback and address.host in LOOPBACK_HOSTS):
            raise Unsupported(f"{address.host} is called by https alone")
        if not any(_is_meant(address, declared) for declared in self._hosts):
            raise Unsupported(f"the host {address.netloc.decode()} is not declared")
        return address.copy_merge_params(dict(params)) if params else address

    async def _exchange(self, request: "httpx.Request", whole_s: float) -> Answer:
        """Sends a request, and tells what was never sent from what has no answer."""
        import httpcore

        from viche_sdk.connectors.network import AddressRefused

        sent = False

        async def trace(event: str, _: object) -> None:
            nonlocal sent
            sent = sent or event.endswith("send_request_headers.started")

        try:
            async with asyncio.timeout(whole_s):
                return await self._answer(request, trace)
        except AddressRefused as fault:
            raise Unsupported(str(fault)) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, TimeoutError) as fault:
            what = f"{request.method} to {request.url.host}: {type(fault).__name__} {fault}".rstrip()
            raise _no_answer(request.method, self._redactor.clean(what), sent) from None

    async def _answer(self, request: "httpx.Request", trace: object) -> Answer:
        import httpcore

        limits = self._limits
        times = {"connect": limits.connect_s, "read": limits.read_s, "write": limits.read_s, "pool": limits.whole_s}
        # in parts, so that no other reader of addresses takes them apart in another way
        to = request.url
        address = httpcore.URL(scheme=to.raw_scheme, host=to.raw_host, port=to.port, target=to.raw_path)
        raw = await self._pool().handle_async_request(
            httpcore.Request(
                request.method,
                address,
                headers=request.headers.raw,
                content=request.stream,
                extensions={"timeout": times, "trace": trace},
            )
        )
        try:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw.headers}
            body = await self._body(request.method, headers, raw.aiter_stream())
        finally:
            await raw.aclose()
        return Answer(raw.status, headers, body, request.method)

    async def _body(self, method: str, headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> bytes:
        """The body, unpacked as far as the limit goes.

        Raises:
            Transient: it is larger, or packed in a way that was not asked for, after a reading request.
            OutcomeUnknown: the same after a writing one.
        """
        most = self._limits.answer_bytes
        unpacked = _unpacker(headers.get("content-encoding", "").strip().lower())
        if unpacked is None:
            raise _no_answer(method, f"an answer packed as {headers.get('content-encoding')}", True)
        body = bytearray()
        try:
            async for chunk in chunks:
                body += unpacked(chunk, most + 1 - len(body))
                if len(body) > most:
                    raise _no_answer(method, f"an answer of more than {most} bytes", True)
        except zlib.error as fault:
            raise _no_answer(method, f"an answer that cannot be unpacked: {fault}", True) from None
        return bytes(body)

    def _pool(self) -> "httpcore.AsyncConnectionPool":
        if self._made is None:
            import httpcore

            from viche_sdk.connectors.network import GuardedNetwork, tls

            self._made = httpcore.AsyncConnectionPool(
                ssl_context=tls(),
                max_connections=20,
                keepalive_expiry=2.0,
                network_backend=self._network or GuardedNetwork(self._trusted, self._allows_loopback),
            )
        return self._made


def _encoded(
    method: str, address: "httpx.URL", headers: Mapping[str, str] | None, bodies: dict[str, Any]
) -> "httpx.Request":
    """The request with its headers and its body."""
    import httpx

    bodies = {name: body for name, body in bodies.items() if body is not None}
    if len(bodies) > 1 and set(bodies) != {"data", "files"}:
        raise TypeError("at most one of json, form, files and content; form may go with files")
    sent = {"accept": "*/*", "user-agent": USER_AGENT, **{name.lower(): each for name, each in (headers or {}).items()}}
    # what is unpacked here, within the limit
    sent["accept-encoding"] = "gzip"
    return httpx.Request(method, address, headers=sent, **bodies)


def _is_meant(address: "httpx.URL", declared: str) -> bool:
    """Whether an address leads to a declared host, at its port; names are compared as they are resolved."""
    import httpx

    try:
        meant = httpx.URL(f"{address.scheme}://{declared.removeprefix('*.')}")
    except httpx.InvalidURL:  # what somebody has entered as an address
        return False
    default = DEFAULT_PORTS[address.scheme]
    if (address.port or default) != (meant.port or default):
        return False
    if declared.startswith("*."):
        return address.raw_host.endswith(b"." + meant.raw_host)
    return address.raw_host == meant.raw_host


def _no_answer(method: str, detail: str, sent: bool) -> ConnectorError:
    return OutcomeUnknown(detail) if sent and method not in READS else Transient(detail)


def _unpacker(encoding: str) -> Any:
    """A function of a chunk and of how many bytes may come out of it; None for an encoding that is not known here."""
    match encoding:
        case "" | "identity":
            return lambda chunk, _: chunk
        case "gzip" | "x-gzip" | "deflate":
            # 32: gzip and zlib are told apart by their heads (zlib manual, inflateInit2)
            return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress
        case _:
            return None
