"""Whose X-Forwarded-* headers are believed: those of our own proxies, told by their number or by their addresses.

What anybody else says of where a request comes from, and for which host, is taken away before anything reads it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FOR, _HOST, _PROTO = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO"
_SAID = (_FOR, _HOST, _PROTO, "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX", "HTTP_FORWARDED")
_MOST_HOPS = 20
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Trusted:
    """How many proxies of ours stand in a row, or where they are."""

    hops: int = 0
    networks: Sequence[IPv4Network | IPv6Network] = ()

    @property
    def is_anybody(self) -> bool:
        """Whether there is any proxy of ours at all."""
        return self.hops > 0 or bool(self.networks)

    def has(self, address: Address | None) -> bool:
        """Whether one of our proxies has the address."""
        return address is not None and any(address in network for network in self.networks)


def parse(text: str) -> Trusted:
    """Reads a number, or addresses and networks with commas between them.

    Raises:
        ValueError: it is neither.
    """
    words = [word.strip() for word in text.split(",") if word.strip()]
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        if int(words[0]) > _MOST_HOPS:
            raise ValueError(f"'{words[0]}' is more than the {_MOST_HOPS} proxies that may stand in a row")
        return Trusted(hops=int(words[0]))
    try:
        return Trusted(networks=tuple(ip_network(word) for word in words))
    except ValueError as error:
        raise ValueError(f"{error}; write a number of proxies, or addresses and networks with commas") from error


def checked(text: str) -> str:
    """``text`` as it is, once it was read.

    Raises:
        ValueError: it can mean nothing.
    """
    parse(text)
    return text


class BehindProxies:
    """WSGI middleware that gives a request its real sender, host and scheme."""

    def __init__(self, wsgi_app: "WSGIApplication", trusted: Trusted) -> None:
        self._wsgi_app = wsgi_app
        self._trusted = trusted

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        said = {name: environ.pop(name, "") for name in _SAID}
        if self._trusted.is_anybody:
            self._believe(said, environ)
        return self._wsgi_app(environ, start_response)

    def _believe(self, said: Mapping[str, str], environ: "WSGIEnvironment") -> None:
        """Takes over what our own proxies said, if the request came through them."""
        client, hops = self._client(_address(environ.get("REMOTE_ADDR", "")), _values(said[_FOR]))
        if hops:
            if client is not None:
                environ["REMOTE_ADDR"] = str(client)
            if host := _of_outermost(_values(said[_HOST]), hops):
                environ["HTTP_HOST"] = host
            if (scheme := _of_outermost(_values(said[_PROTO]), hops).lower()) in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme

    def _client(self, peer: Address | None, chain: Sequence[str]) -> tuple[Address | None, int]:
        """Who asks, and how many proxies of ours the request came through. Each appends whom it was called by."""
        if self._trusted.hops:
            # fewer entries than proxies: the outer ones were passed by, and the first entry is ours all the same
            sender = _address(chain[-self._trusted.hops :][0]) if chain else None
            return sender or peer, self._trusted.hops
        hops, sender = 0, peer
        entries = list(chain)
        while self._trusted.has(sender):
            hops += 1
            if not entries or (before := _address(entries.pop())) is None:
                break
            sender = before
        return sender, hops


def _of_outermost(values: Sequence[str], hops: int) -> str:
    """What the outermost of our proxies said; a proxy that does not append has replaced what stood there."""
    return values[-hops:][0] if values else ""


def _values(header: str) -> list[str]:
    return [value.strip() for value in header.split(",") if value.strip()]


def _address(text: str) -> Address | None:
    """An address, maybe with a port, as proxies write it; None where it is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    # a proxy on a socket of both families writes ::ffff:192.0.2.1
    return getattr(address, "ipv4_mapped", None) or address
