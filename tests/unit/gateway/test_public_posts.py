"""What authorities have posted, as everybody sees it: pages, links for networks, feeds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from viche.social.v1 import posts_pb2 as pb

from tests.unit.gateway.atom_rules import complaints
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.channel import stamp

OUT_AT = stamp(datetime(2026, 11, 20, 9, tzinfo=UTC))


def add(world: World, **fields: Any) -> pb.PublicPost:
    text = {"en": "We build ten benches.", "uk": "Ставимо десять лавок."}
    values = {"number": len(world.posts.public) + 1, "authority_id": COUNCIL, "kind": pb.POST_KIND_DECISION,
              "title": {"en": "Ten benches & a path"}, "text": text, "out_at": OUT_AT}  # fmt: skip
    made = pb.PublicPost(**(values | fields))
    world.posts.public.insert(0, made)
    return made


def get(world: World, path: str) -> Any:
    return world.app().test_client().get(path)


def test_the_page_of_a_post_has_its_text_sources_and_copies(world: World) -> None:
    add(
        world, link="https://budget.example",
        sources=[pb.Source(claim="Ten benches", reference="Budget 2026", url="https://b.example")],
        copies=[pb.PublicCopy(platform="mastodon", url="https://social.example/1"),
                pb.PublicCopy(platform="x", url="javascript:alert(1)")],
    )  # fmt: skip
    answer = get(world, "/posts/1")
    assert answer.cache_control.public
    assert "We build ten benches." in answer.text
    assert 'href="https://b.example"' in answer.text
    assert 'href="https://social.example/1" rel="noopener">Mastodon<' in answer.text
    assert "javascript:" not in answer.text
    assert "Ставимо десять лавок." in get(world, "/uk/posts/1").text


def test_a_post_says_to_networks_what_it_is(world: World) -> None:
    add(world)
    told = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', get(world, "/posts/1").text))
    assert told == {
        "type": "article",
        "site_name": "Dibrova Region",
        "title": "Ten benches &amp; a path",
        "description": "We build ten benches.",
        "url": "http://127.0.0.1:8080/posts/1",
        "image": "http://127.0.0.1:8080/posts/1/card.png",
        "locale": "en",
    }


def test_a_correction_and_what_it_corrects_lead_to_each_other(world: World) -> None:
    add(world, corrected_by=2)
    add(world, corrects=1, kind=pb.POST_KIND_CORRECTION)
    assert 'href="/posts/2">Read the correction' in get(world, "/posts/1").text
    assert 'href="/posts/1">See the earlier post' in get(world, "/posts/2").text


def test_a_withdrawn_post_shows_the_reason_in_place_of_the_text(world: World) -> None:
    add(world, text={}, withdrawn_because="The figures were wrong.")
    page = get(world, "/posts/1").text
    assert "The authority has withdrawn this post: The figures were wrong." in page
    assert "noindex" in page


def test_the_page_of_an_authority_lists_its_own_posts(world: World) -> None:
    add(world)
    add(world, authority_id=TOWN, title={"en": "Of the town"})
    page = get(world, "/authorities/region").text
    assert "Ten benches &amp; a path" in page
    assert "Of the town" not in page
    assert "/authorities/region/posts.atom" in page


def test_an_authority_that_has_posted_nothing_says_so(world: World) -> None:
    assert "It has posted nothing here yet." in get(world, f"/authorities/{COUNCIL}").text


@pytest.mark.parametrize("path", ["/posts/77", "/authorities/nowhere", "/authorities/nowhere/posts.atom"])
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    assert get(world, path).status_code == 404


def test_the_feed_keeps_to_the_rfc_and_tells_of_withdrawals(world: World) -> None:
    add(world)
    add(world, text={}, withdrawn_because="Wrong \x0b figures", title={"en": "Gone"})
    answer = get(world, "/authorities/region/posts.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert complaints(answer.data) == []
    read = feedparser.parse(answer.data)
    assert not read.bozo, read.get("bozo_exception")
    assert [(each.title, each.link, each.summary) for each in read.entries] == [
        ("Gone", "http://127.0.0.1:8080/posts/2", "Withdrawn: Wrong  figures"),
        ("Ten benches & a path", "http://127.0.0.1:8080/posts/1", "We build ten benches."),
    ]


def test_the_home_page_shows_the_latest_and_does_without_while_social_is_down(world: World) -> None:
    add(world)
    client = world.app().test_client()
    assert "Ten benches &amp; a path" in client.get("/").text
    world.channels["social"].is_down = True
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Ten benches" not in answer.text
