"""Connectors reach declared hosts at public addresses, and are told what was never sent from what has no answer."""

import asyncio
import gzip
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network

import pytest

from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors import network
from viche_sdk.connectors.http import GuardedHttp, HttpLimits, hosts_of
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.kit.messages import Reply, Request
from viche_sdk.connectors.kit.network import FakeNetwork
from viche_sdk.connectors.kit.server import Cut, Server
from viche_sdk.connectors.types import ConnectorError, OutcomeUnknown, Transient, Unsupported

pytestmark = pytest.mark.usefixtures("socket_enabled")

HOST = "https://api.example.org"
BOMB = gzip.compress(bytes(3_000_000))
READ_S = 30.0
"""A good answer may be late on a busy machine."""


class Site:
    """A server that answers by the path, and keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[Request] = []
        self.stopped = threading.Event()
        self.server = Server(self.answer, self.stopped, KitClock())

    def answer(self, request: Request) -> Reply | Cut | None:
        """What each path does."""
        self.heard.append(request)
        match request.path:
            case "/moved":
                return Reply(302, headers={"Location": f"{HOST}/there"})
            case "/cut":
                return Cut(Reply(200, b'{"id": "123456"}'))
            case "/gone":
                return None
            case "/slow":
                self.stopped.wait()
                return None
            case "/large":
                return Reply(200, bytes(2_000_000))
            case "/bomb":
                return Reply(200, BOMB, headers={"Content-Encoding": "gzip"})
            case "/packed":
                return Reply(200, gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})
            case "/brotli":
                return Reply(200, b"x", headers={"Content-Encoding": "br"})
            case _:
                return Reply(200, b"{}")


@pytest.fixture
def site() -> Iterator[Site]:
    """The server."""
    site = Site()
    yield site
    site.server.close()


@asynccontextmanager
async def http_to(site: Site, *hosts: str, read_s: float = READ_S) -> AsyncIterator[GuardedHttp]:
    """HTTP whose network leads to the server, whatever the host."""
    limits = HttpLimits(answer_bytes=1_000_000, read_s=read_s, whole_s=60)
    http = GuardedHttp(hosts or ["api.example.org"], limits=limits, network=FakeNetwork(site.server.port))
    try:
        yield http
    finally:
        await http.aclose()


async def refusal(http: GuardedHttp, url: str, method: str = "GET") -> ConnectorError:
    """What a request raises."""
    with pytest.raises(ConnectorError) as caught:
        await http.request(method, url)
    return caught.value


@pytest.mark.parametrize(
    ("declared", "url", "is_called"),
    [
        ("api.example.org", "https://api.example.org/x", True),
        ("api.example.org", "https://API.example.org:443/x", True),
        ("api.example.org", "https://api.example.org:8443/x", False),
        ("api.example.org:8443", "https://api.example.org:8443/x", True),
        ("api.example.org", "http://api.example.org/x", False),
        ("api.example.org", "https://example.org/x", False),
        ("api.example.org", "https://api.example.org.evil.example/x", False),
        ("api.example.org", "https://user@api.example.org/x", False),
        ("api.example.org", "https://api.example.org@evil.example/x", False),
        ("*.example.org", "https://a.b.example.org/x", True),
        ("*.example.org", "https://example.org/x", False),
        ("*.example.org", "https://evilexample.org/x", False),
        ("api.example.org", "file:///etc/passwd", False),
        ("api.example.org", "https://evil.example\\@api.example.org/x", False),
        ("api.example.org", "https://api.example.org\\@evil.example/x", False),
        ("api.example.org", "https://evil.example\\.api.example.org/x", False),
        ("api.example.org", "https://api.example.org\t.evil.example/x", False),
        ("api.example.org", "https://api.example.org:x/", False),
        ("api.example.org", "//api.example.org/x", False),
        ("api.example.org", "https:///x", False),
        ("api.example.org", "", False),
        ("api.example.org\\", "https://api.example.org/x", False),
        ("a b:x", "https://api.example.org/x", False),
        ("новини.укр", "https://новини.укр/x", True),
        ("новини.укр", "https://xn--b1amarcd.xn--j1amh/x", True),
        ("[2606:4700::1111]:8443", "https://[2606:4700::1111]:8443/x", True),
    ],
)
async def test_only_declared_hosts_are_called(site: Site, declared: str, url: str, is_called: bool) -> None:
    async with http_to(site, declared) as http:
        if is_called:
            await http.request("GET", url)
        else:
            assert isinstance(await refusal(http, url), Unsupported)

    assert len(site.heard) == int(is_called)


def test_the_host_of_a_field_is_the_one_of_its_address() -> None:
    assert hosts_of(MASTODON, {"server": "https://Social.example:8443/"}) == {"social.example:8443"}
    assert hosts_of(MASTODON, {}) == frozenset()


async def test_a_redirect_is_an_answer(site: Site) -> None:
    async with http_to(site) as http:
        answer = await http.request("GET", f"{HOST}/moved")

    assert (answer.status, len(site.heard)) == (302, 1)


async def test_what_is_sent_arrives(site: Site) -> None:
    async with http_to(site) as http:
        await http.request("POST", f"{HOST}/a?x=1", params={"y": "ї"}, headers={"X-Key": "k"}, json={"text": "Міст"})
        await http.request(
            "POST", f"{HOST}/b", form={"alt": "Міст"}, files={"file": ("m.png", b"\x89PNG", "image/png")}
        )

    first, second = site.heard
    assert (first.query, first.headers["x-key"], first.json) == ({"x": "1", "y": "ї"}, "k", {"text": "Міст"})
    assert (first.host, first.headers["user-agent"]) == ("api.example.org", "Viche")
    assert (second.form, second.files) == ({"alt": "Міст"}, {"file": ("m.png", b"\x89PNG", "image/png")})


async def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async with http_to(site) as http:
        answer = await http.request("GET", f"{HOST}/x")

    assert answer.is_good


@pytest.mark.parametrize("path", ["/cut", "/gone", "/slow", "/large", "/bomb", "/brotli"])
async def test_a_read_without_a_whole_answer_may_be_asked_again(site: Site, path: str) -> None:
    async with http_to(site, read_s=0.3 if path == "/slow" else READ_S) as http:
        assert isinstance(await refusal(http, HOST + path), Transient)


@pytest.mark.parametrize("path", ["/cut", "/gone", "/slow", "/large", "/bomb", "/brotli"])
async def test_a_write_without_a_whole_answer_is_in_doubt(site: Site, path: str) -> None:
    async with http_to(site, read_s=0.3 if path == "/slow" else READ_S) as http:
        assert isinstance(await refusal(http, HOST + path, "POST"), OutcomeUnknown)


async def test_the_whole_request_has_a_limit_of_time(site: Site) -> None:
    async with http_to(site) as http:
        # what is loaded with the first request is not to use up the time of the one that is tried
        await http.request("GET", f"{HOST}/x")
        before = asyncio.get_running_loop().time()
        with pytest.raises(OutcomeUnknown):
            await http.request("POST", f"{HOST}/slow", timeout_s=0.5)

        assert asyncio.get_running_loop().time() - before < READ_S / 2


async def test_a_write_that_never_left_is_not_in_doubt() -> None:
    server = Server(lambda _: None, threading.Event(), KitClock())
    server.close()
    http = GuardedHttp(["api.example.org"], network=FakeNetwork(server.port))

    assert isinstance(await refusal(http, f"{HOST}/x", "POST"), Transient)


async def test_a_packed_answer_is_unpacked(site: Site) -> None:
    async with http_to(site) as http:
        assert (await http.request("GET", f"{HOST}/packed")).json() == {"a": 1}


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "172.16.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:8.8.8.8",
        "::ffff:127.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
    ],
)
def test_an_address_that_is_not_public_is_told(address: str) -> None:
    assert not network.is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_public_addresses_are_called(address: str) -> None:
    assert network.is_public(ip_address(address))


async def names(monkeypatch: pytest.MonkeyPatch, answers: Sequence[Sequence[str]]) -> list[str]:
    """Makes the resolver answer so, one list after the other; gives the names that were asked for."""
    asked: list[str] = []
    loop = asyncio.get_running_loop()

    async def getaddrinfo(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in answers[min(len(asked), len(answers)) - 1]]

    monkeypatch.setattr(loop, "getaddrinfo", getaddrinfo)
    return asked


async def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    await names(monkeypatch, [["10.0.0.7", "::1"]])

    error = await refusal(GuardedHttp(["api.example.org"]), f"{HOST}/x", "POST")

    assert isinstance(error, Unsupported)
    assert "no public address" in error.detail


async def test_an_address_is_not_called_by_its_number() -> None:
    error = await refusal(GuardedHttp(["127.0.0.1:8443"]), "https://127.0.0.1:8443/x")

    assert isinstance(error, Unsupported)


async def test_a_name_is_resolved_once_and_its_address_kept(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await names(monkeypatch, [["127.0.0.1"], ["10.0.0.7"]])
    http = GuardedHttp([f"localhost:{site.server.port}"], allows_loopback=True)

    answer = await http.request("GET", f"http://localhost:{site.server.port}/x")
    await http.aclose()

    assert (answer.status, asked, site.heard[0].host) == (200, ["localhost"], f"localhost:{site.server.port}")


async def test_networks_that_an_operator_names_are_called(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    await names(monkeypatch, [["10.0.0.7", "127.0.0.1"]])
    guard = network.GuardedNetwork([ip_network("127.0.0.0/8")])

    stream = await guard.connect_tcp("matrix.town.example", site.server.port, 1.0)
    await stream.aclose()


@pytest.mark.parametrize("url", ["http://api.example.org/x", "http://10.0.0.1/x"])
async def test_plain_http_is_for_this_machine_alone(url: str) -> None:
    error = await refusal(GuardedHttp(["api.example.org", "10.0.0.1"], allows_loopback=True), url)

    assert "https alone" in error.detail
