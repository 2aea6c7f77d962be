"""Public answers are kept for seconds; everything else passes through."""

import gzip
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from viche_gateway.access import public
from viche_gateway.branding.current import here
from viche_gateway.caching import FRESH_S, STALE_IF_ERROR_S, STALE_S, PageCache
from viche_gateway.testing import make_world

PUBLIC = [("Content-Type", "application/json"), ("Cache-Control", "public, max-age=5"), ("ETag", '"one"')]


class Clock:
    """Seconds that are moved by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Application:
    """Answers with how often it was asked."""

    def __init__(self) -> None:
        self.headers: list[tuple[str, str]] = list(PUBLIC)
        self.status = "200 OK"
        self.asked = 0
        self.fill = b""
        self.before: Callable[[], object] = lambda: None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        body = str(self.asked).encode() + self.fill
        self.before()
        start_response(self.status, [*self.headers, ("Content-Length", str(len(body)))])
        return [body]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def get(application: Application, clock: Clock) -> Callable[..., TestResponse]:
    return Client(PageCache(application, clock)).get  # pyright: ignore[reportArgumentType]


def test_a_public_answer_is_made_once(application: Application, get: Callable[..., TestResponse]) -> None:
    assert [get("/a").data, get("/a").data] == [b"1", b"1"]
    assert application.asked == 1


def test_another_query_host_or_prefix_is_another_answer(get: Callable[..., TestResponse]) -> None:
    asked = [get("/a"), get("/a?x=1"), get("/uk/a"), get("/a", headers={"Host": "forged.example"})]
    assert [answer.data for answer in asked] == [b"1", b"2", b"3", b"4"]


def test_an_answer_is_made_anew_when_it_is_old(clock: Clock, get: Callable[..., TestResponse]) -> None:
    get("/a")
    clock.now = FRESH_S
    assert get("/a").data == b"2"


@pytest.mark.parametrize(
    "header",
    [
        ("Cache-Control", "no-store"),
        ("Cache-Control", "private, max-age=5"),
        ("Set-Cookie", "viche_session=x"),
        ("Vary", "Cookie"),
    ],
)
def test_a_private_answer_is_never_kept(
    application: Application, get: Callable[..., TestResponse], header: tuple[str, str]
) -> None:
    application.headers = [pair for pair in PUBLIC if pair[0] != header[0]] + [header]
    assert [get("/a").data, get("/a").data] == [b"1", b"2"]


def test_an_error_is_never_kept(application: Application, get: Callable[..., TestResponse]) -> None:
    application.status = "404 NOT FOUND"
    assert [get("/a").data, get("/a").data] == [b"1", b"2"]


def test_who_shows_a_token_passes_through(get: Callable[..., TestResponse]) -> None:
    get("/a")
    assert get("/a", headers={"Authorization": "Bearer ann"}).data == b"2"


def test_a_post_passes_through(application: Application, clock: Clock) -> None:
    client = Client(PageCache(application, clock))  # pyright: ignore[reportArgumentType]
    client.get("/a")
    assert client.post("/a").data == b"2"


def test_who_has_it_gets_304(application: Application, get: Callable[..., TestResponse]) -> None:
    get("/a")
    answer = get("/a", headers={"If-None-Match": 'W/"other", "one"'})
    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", '"one"')
    assert "Content-Length" not in answer.headers


def test_a_conditional_first_request_still_fills_the_cache(get: Callable[..., TestResponse]) -> None:
    assert get("/a", headers={"If-None-Match": '"one"'}).status_code == 304
    assert get("/a").data == b"1"


def test_head_gets_the_headers_alone(application: Application, clock: Clock) -> None:
    client = Client(PageCache(application, clock))  # pyright: ignore[reportArgumentType]
    answer = client.head("/a")
    assert (answer.data, answer.headers["Content-Length"]) == (b"", "1")
    assert client.get("/a").data == b"1"


def test_long_texts_are_compressed_for_those_who_take_it(
    application: Application, get: Callable[..., TestResponse]
) -> None:
    application.fill = b" word" * 1000
    plain = get("/a")
    zipped = get("/a", headers={"Accept-Encoding": "br, gzip"})
    refused = get("/a", headers={"Accept-Encoding": "gzip;q=0"})
    assert gzip.decompress(zipped.data) == plain.data == refused.data
    assert len(zipped.data) < 200
    assert plain.headers["Vary"] == zipped.headers["Vary"] == "Accept-Encoding"
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    tagged = {"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["ETag"]}
    assert get("/a", headers=tagged).status_code == 304


def test_the_last_good_answer_stands_in_for_errors(
    application: Application, clock: Clock, get: Callable[..., TestResponse]
) -> None:
    get("/a")
    application.status, application.headers = "503 SERVICE UNAVAILABLE", []
    clock.now = STALE_IF_ERROR_S - 1
    assert get("/a").data == b"1"
    clock.now = STALE_IF_ERROR_S
    assert get("/a").status_code == 503


def test_one_asks_and_the_others_wait(application: Application, clock: Clock) -> None:
    cache = PageCache(application, clock)  # pyright: ignore[reportArgumentType]
    is_asked, may_answer = threading.Event(), threading.Event()
    application.before = lambda: (is_asked.set(), may_answer.wait(30))
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(Client(cache).get("/a").data)) for _ in range(8)]
    for thread in threads:
        thread.start()
    is_asked.wait(30)
    may_answer.set()
    for thread in threads:
        thread.join(30)
    assert answers == [b"1"] * 8
    assert application.asked == 1


def test_nobody_waits_while_a_stale_answer_is_renewed(application: Application, clock: Clock) -> None:
    cache = PageCache(application, clock)  # pyright: ignore[reportArgumentType]
    Client(cache).get("/a")
    clock.now = STALE_S - 0.5
    is_asked, may_answer = threading.Event(), threading.Event()
    application.before = lambda: (is_asked.set(), may_answer.wait(30))
    renewing = threading.Thread(target=lambda: Client(cache).get("/a"))
    renewing.start()
    is_asked.wait(30)
    meanwhile = Client(cache).get("/a").data
    may_answer.set()
    renewing.join(30)
    assert meanwhile == b"1"
    assert Client(cache).get("/a").data == b"2"


def test_an_application_that_fails_leaves_nobody_waiting(application: Application, clock: Clock) -> None:
    client = Client(PageCache(application, clock))  # pyright: ignore[reportArgumentType]

    def fail() -> None:
        raise RuntimeError

    application.before = fail
    with pytest.raises(RuntimeError):
        client.get("/a")
    application.before = lambda: None
    assert client.get("/a").data == b"2"


def test_memory_is_bounded(application: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viche_gateway.caching.MOST_BYTES", 50_000)
    cache = PageCache(application, clock)  # pyright: ignore[reportArgumentType]
    client = Client(cache)
    for number in range(100):
        client.get(f"/a?{number}")
    assert cache.size_bytes <= 50_000
    assert client.get("/a?99").data == b"100"


def test_pages_of_the_portal_are_kept_and_forms_are_not(clock: Clock) -> None:
    world = make_world()
    petition = world.petitions.add()
    app = world.app()
    client = Client(PageCache(app.wsgi_app, clock))
    paths = (f"/petitions/{petition.number}.json", f"/petitions/{petition.number}/count.json")
    before = [client.get(path).data for path in paths]
    petition.signature_count += 1
    assert [client.get(path).data for path in paths] == before
    challenges = {client.get("/altcha/challenge").data for _ in range(2)}
    assert len(challenges) == 2


def test_what_a_stranger_says_of_the_host_is_not_kept_for_those_who_come_through_our_proxy(tmp_path: Path) -> None:
    brand = tmp_path / "brand.toml"
    brand.write_text('[authority.town]\nhost = "verbiv.example"\n')
    app = make_world().app(
        public_url="https://petitions.example", trusted_proxies="10.0.0.0/8", brand=str(brand), around=PageCache
    )
    app.add_url_rule("/seen", "seen", public(max_age_s=60)(lambda: here().url))
    client = Client(app)
    headers = {"Host": "10.0.0.9:8080", "X-Forwarded-Host": "verbiv.example", "X-Forwarded-For": "198.51.100.7"}
    for peer, place in (("192.0.2.66", "petitions.example"), ("10.0.0.2", "verbiv.example")):
        answer = client.get("/seen", headers=headers, environ_overrides={"REMOTE_ADDR": peer})
        assert answer.text == f"https://{place}"
