"""Corrections of posts that are out: in the console under four eyes, on the portal with what stood there before."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from viche.identity.v1 import audit_pb2 as identity
from viche.social.v1 import channels_pb2, editions_pb2
from viche.social.v1 import posts_pb2 as pb

from tests.unit.gateway.atom_rules import complaints
from tests.unit.gateway.conftest import Browser
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.channel import stamp

Browse = Callable[..., Browser]
WHAT = "The number was wrong: it is ten."
OUT_AT, CORRECTED_AT = (stamp(datetime(2026, 11, day, 9, tzinfo=UTC)) for day in (20, 21))


@pytest.fixture
def channel(world: World) -> channels_pb2.Channel:
    return world.social_channels.add(COUNCIL)


@pytest.fixture
def otto(world: World, browse: Browse) -> Browser:
    """Who writes."""
    world.identity_trail.officers.append(identity.Officer(pseudonym=b"otto", email="otto@example.org", name="Otto"))
    return browse("otto")


@pytest.fixture
def petra(world: World, browse: Browse) -> Browser:
    """Who approves: of the press office."""
    world.identity.add_person("petra", COUNCIL, TOWN, role="press", name="Petra")
    world.identity_trail.officers.append(identity.Officer(pseudonym=b"petra", email="petra@example.org", name="Petra"))
    return browse("petra")


@pytest.fixture
def post(world: World, channel: channels_pb2.Channel) -> pb.Post:
    """A post that is out at one account, with a file and a text of its own there."""
    content = pb.PostContent(
        kind=pb.POST_KIND_DECISION, title={"en": "Benches"}, text={"en": "We build nine benches."},
        link="https://benches.example", media=[pb.PostMedia(id="018f5c1e-0000-7000-8000-00000000f11e", kind="image",
        alt={"en": "A bench"})], variants=[pb.Variant(channel_id=channel.id, text="Nine benches!")],
    )  # fmt: skip
    made = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT, content=content, edition=1, out_at=OUT_AT)
    world.posts.deliver(made, channel.id, state=pb.DELIVERY_STATE_PUBLISHED, url="https://social.example/1", edition=1)
    return made


def words(post: pb.Post, channel: channels_pb2.Channel, **more: str) -> dict[str, str]:
    fields = {
        "what": WHAT,
        "title__en": "Benches",
        "text__en": "We build ten benches.",
        "link": "https://other.example",
    }
    return {**fields, f"own_{channel.id}": "Ten!", f"alt_{post.content.media[0].id}__en": "Ten benches", **more}


def correct(browser: Browser, post: pb.Post, channel: channels_pb2.Channel, **more: str) -> Any:
    path = f"/console/posts/{post.id}/correct"
    assert browser.open(path).status_code == 200
    return browser.send(path, **words(post, channel, **more))


def handed_on(browser: Browser, post: pb.Post, channel: channels_pb2.Channel) -> None:
    correct(browser, post, channel)
    page = browser.open(f"/console/posts/{post.id}/correction").text
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    assert browser.send(f"/console/posts/{post.id}/correction/submit", version=version).status_code == 303


def say(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def test_the_form_shows_the_words_that_are_out(otto: Browser, post: pb.Post, channel: channels_pb2.Channel) -> None:
    page = otto.open(f"/console/posts/{post.id}/correct").text
    assert 'value="Benches"' in page
    assert "We build nine benches." in page
    assert "Nine benches!" in page
    assert 'value="A bench"' in page


def test_a_correction_changes_words_and_never_the_link(
    otto: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    answer = correct(otto, post, channel)
    made = world.editions.open[post.id]
    assert answer.headers["Location"] == f"/console/posts/{post.id}/correction"
    assert (made.content.text["en"], made.content.link) == ("We build ten benches.", "https://benches.example")
    assert made.content.variants[0].text == "Ten!"
    assert made.content.media[0].alt["en"] == "Ten benches"
    assert made.what == WHAT
    assert post.content.text["en"] == "We build nine benches."


def test_what_was_corrected_must_be_said_and_nothing_is_lost(
    otto: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    answer = correct(otto, post, channel, what="")
    assert answer.status_code == 400
    assert 'id="what-error"' in answer.text
    assert "We build ten benches." in answer.text
    assert not world.editions.open


def test_a_colleague_approves_it_and_the_post_says_so(
    otto: Browser, petra: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    handed_on(otto, post, channel)
    page = petra.open(f"/console/posts/{post.id}/correction").text
    assert "Written by Otto." in page
    answer = petra.send(f"/console/posts/{post.id}/correction/approve", version="1")
    assert answer.headers["Location"] == f"/console/posts/{post.id}?done=corrected"
    assert (post.content.text["en"], post.edition) == ("We build ten benches.", 2)
    after = petra.open(f"/console/posts/{post.id}").text
    assert f"/posts/{post.number}/editions" in after


def test_who_wrote_it_is_told_that_a_colleague_approves_it(
    otto: Browser, petra: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    handed_on(petra, post, channel)
    page = petra.open(f"/console/posts/{post.id}/correction").text
    assert "You have written this correction yourself" in page
    assert f"/console/posts/{post.id}/correction/approve" not in page
    answer = petra.send(f"/console/posts/{post.id}/correction/approve", version="1")
    assert answer.status_code == 409
    assert post.edition == 1


def test_a_correction_is_given_back_with_the_reason(
    otto: Browser, petra: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    handed_on(otto, post, channel)
    petra.open(f"/console/posts/{post.id}/correction")
    empty = petra.send(f"/console/posts/{post.id}/correction/return", version="1", return_reason="")
    petra.send(f"/console/posts/{post.id}/correction/return", version="1", return_reason="Say who counted")
    assert empty.status_code == 400
    assert "Given back: Say who counted" in say(otto.open(f"/console/posts/{post.id}/correction").text)


def test_somebody_who_has_changed_it_meanwhile_is_not_overwritten(
    otto: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    otto.open(f"/console/posts/{post.id}/correct")
    world.editions.open[post.id] = editions_pb2.Edition(
        content=post.content, version=3, state=editions_pb2.EDITION_STATE_DRAFT, what="Another"
    )
    answer = otto.send(f"/console/posts/{post.id}/correct", version="0", **words(post, channel))
    assert answer.status_code == 409
    assert "We build ten benches." in answer.text
    assert world.editions.open[post.id].what == "Another"


def test_accounts_that_cannot_be_changed_are_named_with_the_way_out(
    otto: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    world.editions.fixed.append(channel.id)
    correct(otto, post, channel)
    page = say(otto.open(f"/console/posts/{post.id}/correction").text)
    assert "Where the old words stay" in page
    assert channel.handle in page
    assert "Write a post that corrects it" in page


def test_a_correction_that_is_thrown_away_leaves_the_post(
    otto: Browser, world: World, post: pb.Post, channel: channels_pb2.Channel
) -> None:
    correct(otto, post, channel)
    otto.open(f"/console/posts/{post.id}/correction")
    answer = otto.send(f"/console/posts/{post.id}/correction/drop")
    assert answer.headers["Location"] == f"/console/posts/{post.id}?done=dropped"
    assert otto.open(f"/console/posts/{post.id}/correction").headers["Location"] == f"/console/posts/{post.id}"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (pb.CORRECTION_STATE_WAITING, "Being corrected"),
        (pb.CORRECTION_STATE_REFUSED, "Try the correction again"),
        (pb.CORRECTION_STATE_IMPOSSIBLE, "This platform does not let programs change what is out"),
    ],
)
def test_the_post_says_what_becomes_of_the_correction(petra: Browser, post: pb.Post, state: Any, said: str) -> None:
    post.deliveries[0].correction = state
    assert said in say(petra.open(f"/console/posts/{post.id}").text)


def test_a_draft_has_nothing_to_correct(otto: Browser, world: World, channel: channels_pb2.Channel) -> None:
    draft = world.posts.add(COUNCIL)
    answer = otto.open(f"/console/posts/{draft.id}/correct")
    assert answer.headers["Location"] == f"/console/posts/{draft.id}"


def corrected(world: World) -> None:
    world.posts.public.append(
        pb.PublicPost(
            number=1, authority_id=COUNCIL, kind=pb.POST_KIND_DECISION, title={"en": "Benches"},
            text={"en": "We build ten benches."}, out_at=OUT_AT, edition=2, corrected_what=WHAT,
            corrected_at=CORRECTED_AT,
        )
    )  # fmt: skip
    world.editions.public[1] = [
        editions_pb2.PublicEdition(number=1, text={"en": "We build nine benches."}, out_at=OUT_AT),
        editions_pb2.PublicEdition(number=2, text={"en": "We build ten benches."}, out_at=CORRECTED_AT, what=WHAT),
    ]


def test_everybody_reads_what_was_corrected_and_what_stood_there(world: World) -> None:
    corrected(world)
    client = world.app().test_client()
    page, history = client.get("/posts/1"), client.get("/posts/1/editions")
    assert WHAT in page.text
    assert 'href="/posts/1/editions"' in page.text
    assert history.cache_control.public
    assert history.text.index("We build ten benches.") < history.text.index("We build nine benches.")


def test_a_post_that_was_never_corrected_has_no_history(world: World) -> None:
    corrected(world)
    world.editions.public.clear()
    assert world.app().test_client().get("/posts/1/editions").status_code == 404


def test_readers_of_the_feed_hear_of_a_correction(world: World) -> None:
    corrected(world)
    answer = world.app().test_client().get("/authorities/region/posts.atom")
    entry = feedparser.parse(answer.data).entries[0]
    assert complaints(answer.data) == []
    assert entry.updated.startswith("2026-11-21")
    assert WHAT in entry.summary
