"""The connector conforms; what the kit does not ask: conditional requests, and feeds as websites write them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest

from viche_connector_feeds.fake import WebsiteFake
from viche_connector_feeds.reading import Found, NoFeed, read
from viche_connector_feeds.spec import FEED
from viche_sdk.connectors.testing import Kit, Reply, Stage, connector_suite
from viche_sdk.connectors.types import ConnectorError, MetricName, Operation, RateLimited, Transient, Unsupported

TestFeed = connector_suite("connector-feeds", "feed", fake=WebsiteFake)

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>https://city.example/</link>
<item><guid>1</guid><title>A</title></item><item><link>https://city.example/b</link></item></channel></rss>"""
RSS_1 = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://city.example/"><title>News</title><link>https://city.example/</link></channel>
<item rdf:about="https://city.example/a"><title>A</title><link>https://city.example/a</link></item></rdf:RDF>"""
PREFIXED = """<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>News</a:title><a:entry><a:id>1</a:id></a:entry></a:feed>
<!-- made by a program -->"""
ICS = "\r\n".join(
    [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//city//", "X-WR-CALNAME:Події", "BEGIN:VEVENT", "UID:1",
        "DTSTART:20261201T100000Z", "SUMMARY:Сесія", "END:VEVENT", "BEGIN:VEVENT", "UID:1",
        "RECURRENCE-ID:20261202T100000Z", "DTSTART:20261202T110000Z", "END:VEVENT", "BEGIN:VEVENT", "UID:2",
        "DTSTART;VALUE=DATE:20261203", "END:VEVENT", "END:VCALENDAR", "",
    ]
)  # fmt: skip


def staged(act: Callable[[Stage, WebsiteFake], Awaitable[None]]) -> None:
    """Runs something with a fake."""

    async def run() -> None:
        async with Kit(FEED, WebsiteFake).stage(connected=False) as stage:
            assert isinstance(stage.fake, WebsiteFake)
            await act(stage, stage.fake)

    asyncio.run(run())


async def posts(stage: Stage) -> int | None:
    found = {each.name: each.value for each in await stage.call(Operation.METRICS, ())}
    return found[MetricName.POSTS]


def test_a_feed_that_has_not_changed_is_sent_once() -> None:
    async def act(stage: Stage, fake: WebsiteFake) -> None:
        info = await stage.probe()
        assert (info.id, info.name, info.url) == (
            "city.example/news/feed.xml", "Новини міста", "https://city.example/news",
        )  # fmt: skip
        assert [await posts(stage) for _ in range(3)] == [2, 2, 2]
        assert (len(fake.requests), fake.sent_whole) == (4, 1)
        fake.titles.append("Новий парк")
        assert (await posts(stage), fake.sent_whole) == (3, 2)

    staged(act)


def test_what_was_kept_of_another_address_or_is_broken_counts_nothing() -> None:
    async def act(stage: Stage, fake: WebsiteFake) -> None:
        await stage.probe()
        kept = json.loads(stage.session.get())
        for text in ("", "no json", "[]", json.dumps({**kept, "address": "https://else.example/"}),
                     json.dumps({**kept, "found": {"title": "x"}}), json.dumps({**kept, "said": 7})):  # fmt: skip
            stage.session.put(text)
            assert await posts(stage) == 2
            assert "if-none-match" not in fake.requests[-1].headers

    staged(act)


def test_an_unasked_304_is_an_outage() -> None:
    async def act(stage: Stage, fake: WebsiteFake) -> None:
        fake.handle = lambda request: Reply(304, b"", "")
        with pytest.raises(Transient):
            await stage.probe()

    staged(act)


def test_a_redirect_is_told_and_not_followed() -> None:
    async def act(stage: Stage, fake: WebsiteFake) -> None:
        fake.fail_with(fake.faults[0])
        with pytest.raises(Unsupported, match=r"https://new\.example/feed"):
            await stage.probe()
        assert len(fake.requests) == 1

    staged(act)


@pytest.mark.parametrize(("status", "kind"), [(429, RateLimited), (503, Transient)])
def test_a_website_may_name_the_moment(status: int, kind: type[RateLimited | Transient]) -> None:
    async def act(stage: Stage, fake: WebsiteFake) -> None:
        at = format_datetime(stage.clock.now() + timedelta(minutes=5), usegmt=True)
        fake.handle = lambda request: Reply(status, b"", "text/plain", {"Retry-After": at})
        with pytest.raises(kind) as slowed:
            await stage.probe()
        assert 298 <= (slowed.value.retry_after_s or 0) <= 301

    staged(act)


def test_half_a_feed_leaves_what_is_known() -> None:
    async def act(stage: Stage, fake: WebsiteFake) -> None:
        await stage.probe()
        kept, whole = stage.session.get(), fake.document()
        for end in (1, 40, len(whole) // 2, len(whole) - 10):
            fake.document = lambda end=end: whole[:end]
            with pytest.raises(ConnectorError) as refused:
                await posts(stage)
            assert type(refused.value) is Transient
            assert stage.session.get() == kept

    staged(act)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (RSS, Found("News", "https://city.example/", 2)),
        (RSS_1, Found("News", "https://city.example/", 1)),
        (PREFIXED, Found("News", "", 1)),
        (ICS, Found("Події", "", 2)),
        (RSS.replace("https://city.example/</link>", "javascript:alert(1)</link>", 1), Found("News", "", 2)),
        (f"{RSS[: RSS.index('<item>')]}</channel></rss>", Found("News", "https://city.example/", 0)),
    ],
    ids=["RSS 2", "RSS 1", "Atom with a prefix", "calendar", "no address", "no entry"],
)
def test_feeds_are_read(text: str, found: Found) -> None:
    read_ = read(b"\xef\xbb\xbf" + text.encode(), "")
    assert (read_.title, read_.home, read_.entries) == (found.title, found.home, found.entries)


def test_a_whole_feed_that_is_not_well_formed_is_read_and_said() -> None:
    found = read(RSS.replace("<title>A</title>", "<title>A & B&nbsp;</title>").encode(), "application/rss+xml")

    assert (found.entries, bool(found.faults)) == (2, True)


def test_the_encoding_that_a_server_names_is_taken() -> None:
    text = RSS.replace('<?xml version="1.0"?>', "").replace("News", "Новини")

    assert read(text.encode("cp1251"), "application/xml; charset=windows-1251").title == "Новини"


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    "body",
    [
        b"", b"  \n", b"{}", b"not xml", b"<html><body>Sign in</body></html>", RSS[:-6].encode(), ICS[:-20].encode(),
        RSS.replace("<rss", f"{BOMB}<rss").encode(), b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n",
        b"/etc/passwd", b"https://elsewhere.example/feed",
    ],
)  # fmt: skip
def test_what_is_no_whole_feed_is_named(body: bytes) -> None:
    with pytest.raises(NoFeed):
        read(body, "")
