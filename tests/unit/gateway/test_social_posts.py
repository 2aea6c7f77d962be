"""Posts in the console: written step by step, approved by a second person, and what became of them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from viche.identity.v1 import audit_pb2 as identity
from viche.social.v1 import channels_pb2
from viche.social.v1 import posts_pb2 as pb
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from tests.unit.gateway.conftest import Browser
from viche_gateway.console.posts.saying import PROBLEMS
from viche_gateway.testing import COUNCIL, TOWN, World
from viche_gateway.testing.channel import stamp
from viche_gateway.testing.social_posts import MOST
from viche_sdk.connectors.types import ProblemReason

Browse = Callable[..., Browser]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def channel(world: World) -> channels_pb2.Channel:
    """An account of the council."""
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


def begin(browser: Browser, world: World, kind: int = pb.POST_KIND_PHOTO) -> pb.Post:
    browser.open("/console/posts/new")
    browser.send("/console/posts/new", authority_id=COUNCIL, kind=str(int(kind)))
    return list(world.posts.known.values())[-1]


def fill(browser: Browser, post: pb.Post, step: str, back: str = "", **fields: Any) -> Any:
    path = f"/console/posts/{post.id}/steps/{step}{back}"
    assert browser.open(path).status_code == 200
    return browser.send(path, **fields)


def say(text: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)))


def test_a_post_is_written_step_by_step_and_each_step_keeps_the_others(
    otto: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    post = begin(otto, world)
    answer = fill(otto, post, "channels", **{f"channel__{channel.id}": "yes"})
    assert answer.headers["Location"] == f"/console/posts/{post.id}/steps/text"
    fill(
        otto,
        post,
        "text",
        title__en="Benches",
        text__en="We build benches.",
        text__uk="Лавки.",
        link="https://x.example",
    )
    fill(otto, post, "sources", claim_0="Ten benches", reference_0="Budget 2026", url_0="https://b.example")
    fill(otto, post, "variants", **{f"own_{channel.id}": "Benches!"})
    answer = fill(otto, post, "time", publish_at="2027-03-01T10:00")
    assert answer.headers["Location"] == f"/console/posts/{post.id}/preview"
    content = post.content
    assert [(each.channel_id, each.text) for each in content.variants] == [(channel.id, "Benches!")]
    assert (content.title["en"], content.text["uk"], content.link) == ("Benches", "Лавки.", "https://x.example")
    assert [(each.claim, each.reference, each.url) for each in content.sources] == [
        ("Ten benches", "Budget 2026", "https://b.example")
    ]
    assert content.publish_at.ToDatetime(tzinfo=UTC) == datetime(2027, 3, 1, 8, tzinfo=UTC)


def test_an_unchecked_account_is_taken_out_and_others_keep_their_own_texts(
    otto: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    other = world.social_channels.add(COUNCIL, handle="@other")
    post = begin(otto, world)
    fill(otto, post, "channels", **{f"channel__{channel.id}": "yes", f"channel__{other.id}": "yes"})
    fill(otto, post, "variants", **{f"own_{channel.id}": "One", f"own_{other.id}": "Two"})
    fill(otto, post, "channels", **{f"channel__{other.id}": "yes"})
    assert [(each.channel_id, each.text) for each in post.content.variants] == [(other.id, "Two")]


def test_the_preview_says_length_limit_and_what_does_not_fit_and_leads_there(
    otto: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    post = begin(otto, world)
    fill(otto, post, "channels", **{f"channel__{channel.id}": "yes"})
    fill(otto, post, "text", text__en="x" * (MOST + 5))
    page = otto.open(f"/console/posts/{post.id}/preview").text
    assert f"{MOST + 5} of {MOST} characters" in page
    assert f"The text is too long: {MOST + 5} of {MOST}." in page
    assert "Hand it on for approval" not in page
    link = f"/console/posts/{post.id}/steps/variants?back=preview"
    assert f'{link.replace("&", "&amp;")}#own_{channel.id}"' in page
    mended = otto.open(link).text
    assert f'id="own_{channel.id}-error"' in mended


def test_a_poll_is_asked_for_where_the_post_is_one(otto: Browser, world: World) -> None:
    post = begin(otto, world, pb.POST_KIND_POLL)
    fill(otto, post, "poll", question__en="Where?", options__en="North\nSouth", options__uk="Північ\nПівдень", days="3",
         multiple="yes")  # fmt: skip
    poll = post.content.poll
    assert [(each.text["en"], each.text["uk"]) for each in poll.options] == [("North", "Північ"), ("South", "Південь")]
    assert (poll.open_for_s, poll.multiple) == (3 * 86_400, True)
    other = begin(otto, world, pb.POST_KIND_PHOTO)
    assert otto.open(f"/console/posts/{other.id}/steps/poll").status_code == 404


def test_a_picture_is_taken_once_and_kept_when_the_form_comes_back(otto: Browser, world: World) -> None:
    post = begin(otto, world)
    path = f"/console/posts/{post.id}/steps/media"
    otto.open(path)
    world.posts.known[post.id].version += 1  # somebody changes it meanwhile
    answer = otto.send(path, file=(BytesIO(PNG), "bench.png"), new_alt__en="A bench", act="more")  # pyright: ignore
    assert answer.status_code == 409
    (media_id,) = world.posts.media
    assert f'name="media" value="{media_id}"' in answer.text
    assert "A bench" in answer.text
    otto.send(path, **{f"alt_{media_id}__en": "A green bench"})
    assert [(each.id, each.alt["en"]) for each in post.content.media] == [(media_id, "A green bench")]
    assert list(world.posts.media) == [media_id]
    assert otto.open(f"/console/posts/files/{media_id}").data == PNG
    fill(otto, post, "media", remove=media_id)
    assert list(post.content.media) == []


def add_large(client: FlaskClient, post: pb.Post, content: bytes) -> TestResponse:
    """Sends a file that is too large for the test client to encode by itself without leaving a file behind."""
    path = f"/console/posts/{post.id}/steps/media"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', client.get(path).text))
    fields = {**hidden, "new_alt__en": "A bench", "act": "more"}
    boundary, body = encode_multipart({**fields, "file": FileStorage(BytesIO(content), "bench.png")})
    return client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_file_larger_than_a_call_goes_through_the_store_and_leaves_nothing_there(world: World) -> None:
    client, large = world.app().test_client(), PNG + bytes(9_000_000)
    client.set_cookie("viche_session", "otto")
    post = world.posts.add(COUNCIL)
    assert add_large(client, post, large).status_code == 303
    (media,) = post.content.media
    shown = client.get(f"/console/posts/files/{media.id}?save=1")
    assert (media.size_bytes, len(shown.data)) == (len(large), len(large))
    assert shown.headers["Content-Disposition"] == f"attachment; filename={media.id}.png"
    assert list(world.objects.list("uploads/")) == []


@pytest.mark.parametrize(("who", "status"), [("ann", 413), ("otto", 400)])  # an officer's only lacks its token
def test_large_files_are_read_for_officers_alone(world: World, who: str, status: int) -> None:
    client = world.app().test_client()
    client.set_cookie("viche_session", who)
    path = f"/console/posts/{world.posts.add(COUNCIL).id}/steps/media"
    boundary, body = encode_multipart({"file": FileStorage(BytesIO(PNG + bytes(1_000_000)), "bench.png")})
    answer = client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert answer.status_code == status


def test_a_file_over_the_setting_is_refused_beside_its_field(world: World) -> None:
    client = world.app(post_file_mb=1).test_client()
    client.set_cookie("viche_session", "otto")
    answer = add_large(client, world.posts.add(COUNCIL), PNG + bytes(1_000_000))
    assert answer.status_code == 400
    assert 'id="file-error"' in answer.text
    assert "up to 1 MB" in answer.text
    assert not world.posts.media


def test_a_file_that_is_no_picture_is_refused_beside_its_field(otto: Browser, world: World) -> None:
    post = begin(otto, world)
    answer = fill(otto, post, "media", file=(BytesIO(b"hello"), "x.png"), new_alt__en="A bench")
    assert answer.status_code == 400
    assert 'id="file-error"' in answer.text
    assert "A bench" in answer.text


def test_what_a_colleague_changed_meanwhile_is_said_and_nothing_is_lost(otto: Browser, world: World) -> None:
    post = begin(otto, world)
    path = f"/console/posts/{post.id}/steps/text"
    otto.open(path)
    post.version += 1
    post.content.link = "https://theirs.example"
    answer = otto.send(path, text__en="Mine")
    assert answer.status_code == 409
    assert "Mine" in answer.text
    otto.send(path, text__en="Mine")
    assert post.content.text["en"] == "Mine"


def test_lengths_are_told_while_one_writes_and_nothing_is_saved(
    otto: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    post = begin(otto, world)
    fill(otto, post, "channels", **{f"channel__{channel.id}": "yes"})
    otto.open(f"/console/posts/{post.id}/steps/text")
    answer = otto.send(f"/console/posts/{post.id}/measure/text", text__en="x" * 60)
    assert "60 of 50 characters, 10 too many" in say(answer.text)
    assert not post.content.text


def test_who_wrote_a_post_sees_why_they_cannot_approve_it(petra: Browser, world: World) -> None:
    own = world.posts.add(COUNCIL, state=pb.POST_STATE_SUBMITTED, written_by=b"petra")
    page = petra.open(f"/console/posts/{own.id}").text
    assert "You have written this post yourself, so a colleague has to approve it." in page
    assert "Approve it" not in page
    answer = petra.send(f"/console/posts/{own.id}/approve", version="1")
    assert answer.status_code == 409
    assert "a colleague has to approve it" in answer.text


def test_where_nobody_else_needs_to_look_who_wrote_a_post_approves_it(petra: Browser, world: World) -> None:
    own = world.posts.add(COUNCIL, state=pb.POST_STATE_SUBMITTED, written_by=b"petra")
    client = world.app(four_eyes=False).test_client()
    client.set_cookie("viche_session", "petra")
    assert "Approve it: it goes out now" in client.get(f"/console/posts/{own.id}").text


def test_a_second_person_approves_and_it_goes_out(
    otto: Browser, petra: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    post = world.posts.add(COUNCIL)
    post.content.variants.add(channel_id=channel.id)
    otto.open(f"/console/posts/{post.id}/preview")
    assert otto.send(f"/console/posts/{post.id}/submit").status_code == 303
    page = petra.open(f"/console/posts/{post.id}").text
    assert "Written by Otto." in page
    assert "Approve it: it goes out now" in page
    petra.send(f"/console/posts/{post.id}/approve")
    assert post.state == pb.POST_STATE_OUT
    assert "What became of it" in petra.open(f"/console/posts/{post.id}").text


def test_what_was_changed_since_it_was_read_is_not_approved(petra: Browser, world: World) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_SUBMITTED, version=3)
    petra.open(f"/console/posts/{post.id}")
    answer = petra.send(f"/console/posts/{post.id}/approve", version="2")
    assert "Somebody has changed this post since you read it." in answer.text
    assert post.state == pb.POST_STATE_SUBMITTED


def test_a_correction_names_a_post_of_the_same_authority_that_is_out(otto: Browser, world: World) -> None:
    out = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT)
    foreign = world.posts.add(TOWN, state=pb.POST_STATE_OUT)
    kind = str(int(pb.POST_KIND_CORRECTION))
    page = otto.open(f"/console/posts/new?corrects={out.id}&authority={COUNCIL}").text
    assert re.search(rf'value="{out.id}"\s+selected', page)
    for wrong in (foreign.id, "nonsense"):
        answer = otto.send("/console/posts/new", authority_id=COUNCIL, kind=kind, corrects_id=wrong)
        assert answer.status_code == 400
        assert 'id="corrects_id-error"' in answer.text
    otto.send("/console/posts/new", authority_id=COUNCIL, kind=kind, corrects_id=out.id)
    assert list(world.posts.known.values())[-1].content.corrects_id == out.id


def test_a_post_is_given_back_with_the_reason(otto: Browser, petra: Browser, world: World) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_SUBMITTED)
    petra.open(f"/console/posts/{post.id}")
    assert petra.send(f"/console/posts/{post.id}/return").status_code == 400
    petra.send(f"/console/posts/{post.id}/return", return_reason="Which budget?")
    assert "Given back: Which budget?" in otto.open(f"/console/posts/{post.id}").text


def test_a_scheduled_post_is_taken_back(petra: Browser, world: World) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_SCHEDULED)
    petra.open(f"/console/posts/{post.id}")
    petra.send(f"/console/posts/{post.id}/cancel")
    assert post.state == pb.POST_STATE_DRAFT


def test_withdrawing_needs_a_reason_that_everybody_reads(petra: Browser, world: World) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT)
    path = f"/console/posts/{post.id}/withdraw"
    assert "Everybody reads this." in petra.open(path).text
    assert petra.send(path).status_code == 400
    petra.send(path, reason="The figures were wrong.")
    assert post.withdrawn_because == "The figures were wrong."


def test_a_draft_is_thrown_away_after_one_question(otto: Browser, world: World) -> None:
    post = world.posts.add(COUNCIL)
    assert "Throw this draft away?" in otto.open(f"/console/posts/{post.id}/delete").text
    otto.send(f"/console/posts/{post.id}/delete")
    assert world.posts.known == {}


@pytest.mark.parametrize(
    ("there", "url", "state"),
    [
        ("yes", "https://social.example/1", pb.DELIVERY_STATE_PUBLISHED),
        ("no", "", pb.DELIVERY_STATE_WAITING),
        ("yes", "", pb.DELIVERY_STATE_UNKNOWN),
        ("", "", pb.DELIVERY_STATE_UNKNOWN),
    ],
)
def test_a_person_looks_and_says_whether_a_post_appeared(
    petra: Browser, world: World, channel: channels_pb2.Channel, there: str, url: str, state: int
) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT)
    one = world.posts.deliver(post, channel.id, state=pb.DELIVERY_STATE_UNKNOWN, error="OutcomeUnknown")
    assert "Look there, then say it here." in petra.open(f"/console/posts/{post.id}").text
    answer = petra.send(f"/console/posts/{post.id}/deliveries/{one.id}/settle", there=there, url=url)
    assert one.state == state
    assert answer.status_code == (400 if state == pb.DELIVERY_STATE_UNKNOWN else 303)


def test_a_refused_delivery_says_why_and_is_sent_once_more(
    petra: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT)
    one = world.posts.deliver(
        post, channel.id, state=pb.DELIVERY_STATE_REFUSED, error="PolicyRejected", detail="duplicate status"
    )
    page = petra.open(f"/console/posts/{post.id}").text
    assert "The rules of the platform forbid it." in page
    assert "duplicate status" in page
    petra.send(f"/console/posts/{post.id}/deliveries/{one.id}/retry")
    assert one.state == pb.DELIVERY_STATE_WAITING


def test_what_is_posted_by_hand_has_text_picture_steps_and_a_place_for_its_link(otto: Browser, world: World) -> None:
    group = world.social_channels.add(COUNCIL, connector="assisted", handle="Dibrova group")
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT)
    post.content.media.add(id="018f5c1e-0000-7000-8000-0000000000cc", kind="image", alt={"en": "A bench"})
    one = world.posts.deliver(post, group.id, state=pb.DELIVERY_STATE_BY_HAND, text="We build <benches>.")
    page = otto.open(f"/console/posts/{post.id}").text
    assert "We build &lt;benches&gt;." in page
    assert "/console/posts/files/018f5c1e-0000-7000-8000-0000000000cc?save=1" in page
    otto.send(f"/console/posts/{post.id}/deliveries/{one.id}/settle", there="yes", url="https://f.example/1")
    assert (one.state, one.url) == (pb.DELIVERY_STATE_PUBLISHED, "https://f.example/1")


def test_the_queue_is_filtered_by_state_and_names_what_needs_somebody(
    otto: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT)
    world.posts.deliver(post, channel.id, state=pb.DELIVERY_STATE_UNKNOWN)
    assert "Nobody knows" in otto.open("/console/posts").text
    assert "Benches" not in otto.open("/console/posts?state=draft").text
    otto.open("/console/posts?state=needs")
    assert world.posts.asked.needs_somebody


def test_what_waits_for_somebody_stands_first_and_once(
    otto: Browser, world: World, channel: channels_pb2.Channel
) -> None:
    draft = world.posts.add(COUNCIL)
    waiting = world.posts.add(COUNCIL, state=pb.POST_STATE_SUBMITTED)
    lost = world.posts.add(COUNCIL, state=pb.POST_STATE_OUT)
    world.posts.deliver(lost, channel.id, state=pb.DELIVERY_STATE_UNKNOWN)
    shown = re.findall(r'queue__title" href="/console/posts/([^"]+)"', otto.open("/console/posts").text)
    assert shown == [lost.id, waiting.id, draft.id]


def test_an_account_that_is_only_read_is_offered_for_no_post(otto: Browser, world: World) -> None:
    world.social_channels.add(COUNCIL, handle="@council")
    world.social_channels.add(COUNCIL, handle="council.example/rss", granted=["metrics.account"])
    draft = world.posts.add(COUNCIL)
    page = otto.open(f"/console/posts/{draft.id}/steps/channels").text
    assert "@council" in page
    assert "council.example/rss" not in page


def test_today_says_how_many_wait_and_does_without_while_social_is_down(otto: Browser, world: World) -> None:
    world.posts.add(COUNCIL, state=pb.POST_STATE_SUBMITTED)
    assert "1 post waits for somebody" in otto.open("/console").text
    world.channels["social"].is_down = True
    answer = otto.open("/console")
    assert answer.status_code == 200
    assert "waits for somebody" not in answer.text


@pytest.mark.parametrize(("view", "first", "last"), [("month", "1 February 2027", "28 February 2027"),
                                                     ("week", "8 February 2027", "14 February 2027")])  # fmt: skip
def test_the_calendar_shows_what_goes_out_day_by_day(
    otto: Browser, world: World, view: str, first: str, last: str
) -> None:
    post = world.posts.add(COUNCIL, state=pb.POST_STATE_SCHEDULED)
    post.content.publish_at.CopyFrom(stamp(datetime(2027, 2, 10, 9, 30, tzinfo=UTC)))
    world.posts.add(COUNCIL)  # a draft without a time stands on no day
    page = otto.open(f"/console/posts/calendar?view={view}&on=2027-02-10").text
    assert f"Posts from {first} to {last}" in page
    (row,) = [each for each in page.split("<tr")[1:] if "Benches" in each]
    assert "Wednesday, 10 February 2027" in row
    assert "11:30" in row  # in the zone of the region
    assert world.posts.asked.until.ToDatetime(tzinfo=UTC) > datetime(2027, 2, 14, tzinfo=UTC)


def test_every_problem_of_the_contract_has_words() -> None:
    assert {str(each) for each in ProblemReason} <= set(PROBLEMS)


def test_citizens_and_moderators_write_nothing(browse: Browse, world: World) -> None:
    world.identity.add_person("mila", COUNCIL, role="moderator")
    assert browse("ann").open("/console/posts").status_code == 403
    moderator = browse("mila")
    assert moderator.open("/console/posts").status_code == 200
    assert moderator.open("/console/posts/new").headers["Location"] == "/console/posts"
