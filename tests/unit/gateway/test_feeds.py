"""Feeds: what happens to a petition and what is new in a list, as feed readers take it in."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import feedparser
import pytest
from viche.petitions.v1 import petitions_pb2 as pb

from tests.unit.gateway.acts import DAY, NOW, rules, text
from tests.unit.gateway.atom_rules import ATOM, LANG, complaints
from viche_gateway import atom
from viche_gateway.testing import World
from viche_gateway.testing.channel import stamp

HOSTILE = "A <b>park</b> & \x00\x0b\ud800 \u202e more"
FEED = atom.Feed("https://x.example/f", "https://x.example/", "T", "A", "uk", datetime(2026, 1, 1, tzinfo=UTC))


def get(world: World, path: str) -> ET.Element:
    """The feed at an address, which keeps to the RFC."""
    answer = world.app().test_client().get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert answer.cache_control.public
    assert complaints(answer.data) == []
    read = feedparser.parse(answer.data)
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return ET.fromstring(answer.data)


def titles(feed: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") or "" for entry in feed.findall(f"{ATOM}entry")]


def ids(feed: ET.Element) -> list[str]:
    return [(entry.findtext(f"{ATOM}id") or "").partition("#")[2] for entry in feed.findall(f"{ATOM}entry")]


def eventful(world: World) -> pb.Petition:
    """A petition with everything that a feed tells of."""
    terms = rules()
    terms.thresholds[0].reached_at.CopyFrom(stamp(NOW - 8 * DAY))
    return world.petitions.add(
        number=700_001, title="A park & a pond", state=pb.PETITION_STATE_CLOSED, terms=terms,
        opened_at=stamp(NOW - 10 * DAY), closes_at=stamp(NOW - DAY),
        happenings=[
            pb.Happening(event="submitted", at=stamp(NOW - 12 * DAY)),
            pb.Happening(event="consideration_started", at=stamp(NOW - 7 * DAY)),
            pb.Happening(event="closed", at=stamp(NOW - DAY)),
        ],
        deadlines=[
            pb.Deadline(clock="answer", title=text("Answer"), extended_at=stamp(NOW - 6 * DAY),
                        extension_reason=text("Much to read"), is_public=True),
        ],
        removals=pb.Removals(
            signatures=4, items=[pb.Removal(reason="bought", signatures=4, at=stamp(NOW - 5 * DAY))],
            reversals=[pb.ThresholdReversal(threshold="answer", signatures=9, reversed_at=stamp(NOW - 4 * DAY))],
        ),
        hearings=[pb.Hearing(version=1, hearing=1, title=text("Debate"), place=text("Town hall"),
                             held_at=stamp(NOW), published_at=stamp(NOW - 3 * DAY))],
        answers=[
            pb.Answer(version=1, decision=pb.DECISION_ACCEPTED, summary=text("Yes"), published_at=stamp(NOW - 2 * DAY)),
        ],
    )  # fmt: skip


def test_a_feed_tells_what_happened_newest_first(world: World) -> None:
    eventful(world)
    feed = get(world, "/petitions/700001/feed.atom")
    names = [name.partition("-")[0] for name in ids(feed)]
    assert names == [
        "closed", "answer", "hearing", "reversed", "removed", "extended", "consideration_started", "threshold", "opened"
    ]  # fmt: skip
    assert feed.findtext(f"{ATOM}title") == "A park & a pond – Dibrova Region"
    assert feed.get(LANG) == "en"
    assert feed.findtext(f"{ATOM}updated") == feed.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-11-21T10:00:00Z"


def test_an_entry_keeps_its_id_when_more_happens(world: World) -> None:
    petition = eventful(world)
    before = ids(get(world, "/petitions/700001/feed.atom"))
    petition.answers.add(version=2, summary=text("No"), published_at=stamp(NOW))
    after = ids(get(world, "/petitions/700001/feed.atom"))
    assert after == ["answer-2", *before]


def test_a_feed_of_another_language_speaks_it(world: World) -> None:
    eventful(world)
    feed = get(world, "/uk/petitions/700001/feed.atom")
    assert feed.get(LANG) == "uk"
    assert "/uk/petitions/700001" in (feed.findtext(f"{ATOM}id") or "")


def test_what_is_archived_has_no_news(world: World) -> None:
    world.petitions.add(number=700_001, is_archived=True)
    assert world.app().test_client().get("/petitions/700001/feed.atom").status_code == 404


def test_a_list_is_filtered_as_its_page_is(world: World) -> None:
    world.petitions.add(number=700_001, title="Open one")
    world.petitions.add(number=700_002, title="Closed one", state=pb.PETITION_STATE_CLOSED)
    assert sorted(titles(get(world, "/petitions.atom"))) == ["Closed one", "Open one"]
    closed = get(world, "/petitions.atom?state=closed&page=3")
    assert titles(closed) == ["Closed one"]
    links = {link.get("rel"): link.get("href") or "" for link in closed.findall(f"{ATOM}link")}
    assert links["self"].endswith("/petitions.atom?state=closed")
    assert links["alternate"].endswith("/petitions?state=closed")


def test_pages_name_their_feeds(world: World) -> None:
    world.petitions.add(number=700_001)
    client = world.app().test_client()
    for path, feed in (
        ("/petitions/700001", "/petitions/700001/feed.atom"),
        ("/petitions?state=open", "/petitions.atom?state=open"),
    ):
        head = client.get(path).text.partition("</head>")[0]
        assert 'type="application/atom+xml"' in head
        assert f'href="{feed}"' in head


def test_texts_that_xml_has_no_place_for_leave_a_feed_whole() -> None:
    entry = atom.Entry("https://x.example/f#1", HOSTILE, NOW, "https://x.example/1", HOSTILE, HOSTILE)
    made = atom.document(FEED, [entry])
    assert complaints(made) == []
    assert titles(ET.fromstring(made)) == ["A <b>park</b> &  \u202e more"]


def test_an_empty_feed_is_one() -> None:
    assert complaints(atom.document(FEED, [])) == []


@pytest.mark.parametrize(
    ("broken", "section"),
    [
        (b"<id>https://x.example/f</id>", "4.1.1"),
        (b"<updated>2026-11-22T10:00:00Z</updated>", "4.1.1"),
        (b"<name>A</name>", "3.2.1"),
        (b'rel="self"', "4.1.1"),
        (b'href="https://x.example/1"', "4.2.7.1"),
    ],
)
def test_a_broken_feed_is_complained_of(broken: bytes, section: str) -> None:
    made = atom.document(FEED, [atom.Entry("https://x.example/f#1", "T", NOW, "https://x.example/1")])
    assert broken in made
    assert any(complaint.startswith(section) for complaint in complaints(made.replace(broken, b"", 1)))
