"""A post's whole life: over PostgreSQL, through the real connector, to a server that speaks Mastodon's API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from viche.social.v1 import channels_pb2, posts_pb2

from tests.integration.social.world import CITY, COUNCIL, EDITOR, PRESS, VILLAGE, World, person, request_id
from viche_chassis.errors import DomainError
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.kit.clock import KitClock
from viche_sdk.connectors.testing import Failure
from viche_sdk.connectors.types import PermissionDenied

TEXT = "Міст закрито до п'ятниці. Їдьте через Зелену. 🚧"


class Clock(KitClock):
    """The fake keeps the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def fake() -> Iterator[MastodonFake]:
    made = MastodonFake(MASTODON, Clock(), None)
    yield made
    made.close()


@pytest.fixture
async def channel(world: World, fake: MastodonFake) -> str:
    return await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])


def content(channel: str, text: str = TEXT, **more: Any) -> posts_pb2.PostContent:
    return posts_pb2.PostContent(
        kind=posts_pb2.POST_KIND_MOMENTS, text={"uk": text}, variants=[posts_pb2.Variant(channel_id=channel)], **more
    )


def named(post: posts_pb2.Post) -> dict[str, Any]:
    return {"request_id": request_id(), "post_id": post.id, "version": post.version}


async def drafted(world: World, wanted: posts_pb2.PostContent) -> posts_pb2.Post:
    request = posts_pb2.CreatePostRequest(request_id=request_id(), authority_id=str(CITY), content=wanted)
    return (await world.posts().CreatePost(request)).post


async def submitted(world: World, wanted: posts_pb2.PostContent) -> posts_pb2.Post:
    post = await drafted(world, wanted)
    return (await world.posts().SubmitPost(posts_pb2.SubmitPostRequest(**named(post)))).post


async def test_a_post_that_a_second_person_approves_is_there_once(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    post = await world.sent(post.id)
    again = await world.sent(post.id)

    assert [shown.text for shown in fake.shown()] == [TEXT]
    assert [each.state for each in post.deliveries] == [posts_pb2.DELIVERY_STATE_PUBLISHED]
    assert post.deliveries[0].url
    assert again.deliveries[0].tries == 1


async def test_who_wrote_a_post_does_not_approve_it(world: World, channel: str) -> None:
    post = await submitted(world, content(channel))

    with pytest.raises(DomainError) as refused:
        await world.posts(PRESS).ApprovePost(posts_pb2.ApprovePostRequest(**named(post)))

    assert refused.value.reason == "OWN_POST"


async def test_what_was_changed_after_it_was_read_is_not_approved(world: World, channel: str) -> None:
    post = await submitted(world, content(channel))
    returned = posts_pb2.ReturnPostRequest(**named(post), reason="Add the date")
    await world.posts(EDITOR).ReturnPost(returned)
    changed = posts_pb2.UpdatePostRequest(**named(post), content=content(channel, "Інший текст"))
    later = (await world.posts().UpdatePost(changed)).post
    await world.posts().SubmitPost(posts_pb2.SubmitPostRequest(**named(later)))

    with pytest.raises(DomainError) as refused:
        await world.posts(EDITOR).ApprovePost(posts_pb2.ApprovePostRequest(**named(post)))

    assert refused.value.reason == "STALE_VERSION"


@pytest.mark.parametrize("failure", [Failure.DROP, Failure.HALF, Failure.LOGIN_PAGE, Failure.FAULT])
async def test_an_answer_that_is_lost_makes_no_second_copy(
    world: World, fake: MastodonFake, channel: str, failure: Failure
) -> None:
    post = await world.approved(content(channel))
    fake.fail_next(failure)
    lost = (await world.sent(post.id)).deliveries[0]
    await world.hasten()
    found = (await world.sent(post.id)).deliveries[0]

    assert (lost.state, lost.error) == (posts_pb2.DELIVERY_STATE_WAITING, "OutcomeUnknown")
    assert found.state == posts_pb2.DELIVERY_STATE_PUBLISHED
    assert len(fake.shown()) == 1


async def test_a_process_that_ended_in_the_middle_leaves_one_copy(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    await world.sent(post.id)
    # as if the process had ended between the call and its step
    await world.rows(
        "UPDATE deliveries SET state = 'sending', task = 'publish', tries = 0, next_at = now(),"
        " claimed_until = now() - interval '1 second'"
    )

    doubted = (await world.sent(post.id)).deliveries[0]
    await world.hasten()
    found = (await world.sent(post.id)).deliveries[0]

    assert (doubted.state, doubted.error) == (posts_pb2.DELIVERY_STATE_WAITING, "OutcomeUnknown")
    assert found.state == posts_pb2.DELIVERY_STATE_PUBLISHED
    assert len(fake.shown()) == 1


async def test_a_post_in_doubt_is_looked_for_once_the_platform_has_forgotten_its_key(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    fake.fail_next(Failure.DROP)
    await world.sent(post.id)
    fake.keys.clear()
    await world.rows("UPDATE deliveries SET doubted_at = now() - interval '1 hour'")
    await world.hasten()

    found = (await world.sent(post.id)).deliveries[0]

    assert found.state == posts_pb2.DELIVERY_STATE_PUBLISHED
    assert len(fake.shown()) == 1


async def test_too_much_at_once_waits_as_long_as_the_platform_says(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    fake.fail_next(Failure.RATE_LIMIT)

    slowed = (await world.sent(post.id)).deliveries[0]

    wait = slowed.next_at.ToDatetime(UTC) - datetime.now(UTC)
    assert slowed.error == "RateLimited"
    assert timedelta(seconds=10) < wait <= timedelta(seconds=18)
    assert (await world.sent(post.id)).deliveries[0].state == posts_pb2.DELIVERY_STATE_WAITING


async def test_a_consent_that_ended_keeps_the_post_until_it_is_renewed(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    fake.end_consent()
    blocked = (await world.sent(post.id)).deliveries[0]
    expired = (await world.channels().GetChannel(channels_pb2.GetChannelRequest(channel_id=channel))).channel
    fake.fail_with()
    fake.secrets["access_token"] = "a-new-token"
    renewing = channels_pb2.RenewChannelRequest(
        request_id=request_id(), channel_id=channel, secrets={"access_token": "a-new-token"}
    )
    renewed = (await world.channels().RenewChannel(renewing)).channel
    there = (await world.sent(post.id)).deliveries[0]

    assert (blocked.state, blocked.error) == (posts_pb2.DELIVERY_STATE_BLOCKED, "AuthExpired")
    assert expired.state == channels_pb2.CHANNEL_STATE_EXPIRED
    assert renewed.state == channels_pb2.CHANNEL_STATE_GOOD
    assert there.state == posts_pb2.DELIVERY_STATE_PUBLISHED


async def test_a_right_that_is_missing_is_not_asked_for_again_and_again(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    fake.fail_with(next(each for each in fake.faults if each.error is PermissionDenied))
    blocked = (await world.sent(post.id)).deliveries[0]
    asked = len(fake.requests)
    again = (await world.sent(post.id)).deliveries[0]
    asked_again = len(fake.requests)
    fake.fail_with()
    refresh = channels_pb2.RefreshChannelRequest(request_id=request_id(), channel_id=channel)
    await world.channels().RefreshChannel(refresh)
    there = (await world.sent(post.id)).deliveries[0]

    assert blocked.state == again.state == posts_pb2.DELIVERY_STATE_BLOCKED
    assert asked_again == asked
    assert there.state == posts_pb2.DELIVERY_STATE_PUBLISHED
    assert len(fake.shown()) == 1


async def test_an_outage_disconnects_nobody(world: World, fake: MastodonFake, channel: str) -> None:
    fake.fail_next(Failure.FAULT)
    asking = channels_pb2.RefreshChannelRequest(request_id=request_id(), channel_id=channel)
    away = (await world.channels().RefreshChannel(asking)).channel
    asking.request_id = request_id()
    back = (await world.channels().RefreshChannel(asking)).channel

    assert away.state == channels_pb2.CHANNEL_STATE_UNREACHABLE
    assert back.state == channels_pb2.CHANNEL_STATE_GOOD


async def test_a_post_goes_out_at_its_time(world: World, fake: MastodonFake, channel: str) -> None:
    at = Timestamp()
    at.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
    post = await world.approved(content(channel, publish_at=at))
    await world.social.posts.schedule.look()
    early = await world.sent(post.id)
    await world.rows("UPDATE posts SET publish_at = now()")
    await world.social.posts.schedule.look()
    out = await world.sent(post.id)

    assert (early.state, len(early.deliveries)) == (posts_pb2.POST_STATE_SCHEDULED, 0)
    assert out.deliveries[0].state == posts_pb2.DELIVERY_STATE_PUBLISHED
    assert len(fake.shown()) == 1


async def test_what_is_scheduled_can_be_taken_back_and_changed(world: World, fake: MastodonFake, channel: str) -> None:
    at = Timestamp()
    at.FromDatetime(datetime.now(UTC) + timedelta(hours=1))
    post = await world.approved(content(channel, publish_at=at))

    cancel = posts_pb2.CancelPostRequest(request_id=request_id(), post_id=post.id)
    draft = (await world.posts().CancelPost(cancel)).post
    changed = posts_pb2.UpdatePostRequest(**named(draft), content=content(channel, "Інший текст"))
    draft = (await world.posts().UpdatePost(changed)).post

    assert draft.state == posts_pb2.POST_STATE_DRAFT
    assert not fake.shown()


async def test_what_is_out_is_not_taken_back_but_withdrawn(world: World, fake: MastodonFake, channel: str) -> None:
    post = await world.approved(content(channel))
    await world.sent(post.id)
    cancel = posts_pb2.CancelPostRequest(request_id=request_id(), post_id=post.id)
    with pytest.raises(DomainError) as refused:
        await world.posts().CancelPost(cancel)
    withdraw = posts_pb2.WithdrawPostRequest(request_id=request_id(), post_id=post.id, reason="Wrong date")
    await world.posts().WithdrawPost(withdraw)

    gone = await world.sent(post.id)
    public = (await world.posts().ListPublicPosts(posts_pb2.ListPublicPostsRequest())).posts

    assert refused.value.reason == "POST_IS_OUT"
    assert gone.deliveries[0].state == posts_pb2.DELIVERY_STATE_WITHDRAWN
    assert not fake.shown()
    assert [(each.withdrawn_because, dict(each.text)) for each in public] == [("Wrong date", {})]


@pytest.mark.parametrize("failure", [Failure.RATE_LIMIT, Failure.DROP])
async def test_a_post_that_is_withdrawn_while_it_is_sent_does_not_go_out_later(
    world: World, fake: MastodonFake, channel: str, failure: Failure
) -> None:
    post = await world.approved(content(channel))
    fake.fail_next(failure)
    await world.sent(post.id)
    # as if it had been withdrawn during the call, when nothing could be cancelled
    await world.rows("UPDATE posts SET state = 'withdrawn'")
    await world.hasten()
    fake.keys.clear()
    asked = len(fake.requests)

    await world.sent(post.id)
    gone = (await world.sent(post.id)).deliveries

    assert not fake.shown()
    assert {each.state for each in gone} <= {
        posts_pb2.DELIVERY_STATE_CANCELLED, posts_pb2.DELIVERY_STATE_WITHDRAWN,
    }  # fmt: skip
    assert (len(fake.requests) > asked) == (failure is Failure.DROP)


async def test_what_may_have_appeared_is_not_forgotten_when_it_is_withdrawn(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    fake.fail_next(Failure.DROP)
    await world.sent(post.id)
    withdraw = posts_pb2.WithdrawPostRequest(request_id=request_id(), post_id=post.id, reason="Wrong date")
    await world.posts().WithdrawPost(withdraw)
    await world.hasten()

    await world.sent(post.id)
    gone = await world.sent(post.id)

    assert gone.deliveries[0].state == posts_pb2.DELIVERY_STATE_WITHDRAWN
    assert not fake.shown()


async def test_a_withdrawn_post_is_not_sent_again_by_hand(world: World, fake: MastodonFake, channel: str) -> None:
    post = await world.approved(content(channel))
    delivery = (await world.posts().GetPost(posts_pb2.GetPostRequest(post_id=post.id))).post.deliveries[0]
    await world.rows("UPDATE posts SET state = 'withdrawn'")
    await world.rows("UPDATE deliveries SET state = 'refused', task = NULL")
    retry = posts_pb2.RetryDeliveryRequest(request_id=request_id(), delivery_id=delivery.id)
    with pytest.raises(DomainError) as refused:
        await world.posts().RetryDelivery(retry)
    await world.rows("UPDATE deliveries SET state = 'unknown', tries = 1")

    settle = posts_pb2.SettleDeliveryRequest(request_id=request_id(), delivery_id=delivery.id, has_appeared=False)
    settled = (await world.posts().SettleDelivery(settle)).post

    assert refused.value.reason == "POST_NOT_OUT"
    assert settled.deliveries[0].state == posts_pb2.DELIVERY_STATE_CANCELLED


async def test_what_is_withdrawn_after_its_account_was_disconnected_is_not_asked_for_forever(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    await world.sent(post.id)
    await world.channels().DisconnectChannel(
        channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=channel)
    )
    withdraw = posts_pb2.WithdrawPostRequest(request_id=request_id(), post_id=post.id, reason="Wrong date")
    await world.posts().WithdrawPost(withdraw)

    there = (await world.sent(post.id)).deliveries[0]

    assert (there.state, there.error) == (posts_pb2.DELIVERY_STATE_PUBLISHED, "AuthExpired")
    assert await world.rows("SELECT count(*) FROM deliveries WHERE task IS NOT NULL") == [(0,)]


async def test_a_channel_of_another_authority_is_not_written_to(world: World, fake: MastodonFake, channel: str) -> None:
    stranger = person("stranger", at=VILLAGE)
    request = posts_pb2.CreatePostRequest(request_id=request_id(), authority_id=str(VILLAGE), content=content(channel))

    with pytest.raises(DomainError) as refused:
        await world.posts(stranger).CreatePost(request)

    assert refused.value.reason == "UNKNOWN_CHANNEL"


async def test_nobody_is_shown_how_a_post_looks_at_an_account_of_another_authority(
    world: World, fake: MastodonFake, channel: str
) -> None:
    stranger = world.posts(person("stranger", at=VILLAGE))
    kept = uuid4()
    await world.rows(
        "INSERT INTO media (id, authority_id, title, kind, type, size_bytes, width, height)"
        " VALUES (%s, %s, 'Draft', 'image', 'image/png', 1, 1, 1)", kept, CITY,
    )  # fmt: skip
    file = posts_pb2.PostContent(kind=posts_pb2.POST_KIND_MOMENTS, media=[posts_pb2.PostMedia(id=str(kept))])
    reasons: list[str] = []
    for wanted in (content(channel), file):
        with pytest.raises(DomainError) as refused:
            await stranger.CheckPost(posts_pb2.CheckPostRequest(authority_id=str(VILLAGE), content=wanted))
        reasons.append(refused.value.reason)

    assert reasons == ["UNKNOWN_CHANNEL", "MEDIA_NOT_FOUND"]


async def test_files_and_posts_of_another_authority_are_not_taken(world: World, channel: str) -> None:
    theirs = (await drafted(world, content(channel))).id
    kept = uuid4()
    await world.rows(
        "INSERT INTO media (id, authority_id, title, kind, type, size_bytes, width, height)"
        " VALUES (%s, %s, 'Draft', 'image', 'image/png', 1, 1, 1)", kept, CITY,
    )  # fmt: skip
    stranger = world.posts(person("stranger", at=VILLAGE))
    reasons: list[str] = []
    for wanted in (
        posts_pb2.PostContent(kind=posts_pb2.POST_KIND_MOMENTS, media=[posts_pb2.PostMedia(id=str(kept))]),
        posts_pb2.PostContent(kind=posts_pb2.POST_KIND_CORRECTION, corrects_id=theirs),
    ):
        request = posts_pb2.CreatePostRequest(request_id=request_id(), authority_id=str(VILLAGE), content=wanted)
        with pytest.raises(DomainError) as refused:
            await stranger.CreatePost(request)
        reasons.append(refused.value.reason)

    assert reasons == ["MEDIA_NOT_FOUND", "POST_NOT_FOUND"]


@pytest.mark.parametrize("authority", [COUNCIL, VILLAGE])
async def test_an_officer_of_somebody_else_sees_and_changes_nothing(
    world: World, channel: str, authority: UUID
) -> None:
    post = await drafted(world, content(channel))
    stranger = world.posts(person("stranger", at=authority))

    for call, request in [
        (stranger.GetPost, posts_pb2.GetPostRequest(post_id=post.id)),
        (stranger.SubmitPost, posts_pb2.SubmitPostRequest(**named(post))),
        (stranger.DeletePost, posts_pb2.DeletePostRequest(request_id=request_id(), post_id=post.id)),
    ]:
        with pytest.raises(DomainError) as refused:
            await call(request)
        assert refused.value.reason == "NOT_YOUR_AUTHORITY"


async def test_an_account_that_is_connected_is_not_connected_twice(
    world: World, fake: MastodonFake, channel: str
) -> None:
    found = (await world.channels().GetChannel(channels_pb2.GetChannelRequest(channel_id=channel))).channel
    with pytest.raises(DomainError) as refused:
        await world.connect(found.values["server"], fake.secrets["access_token"])

    assert refused.value.reason == "ACCOUNT_TAKEN"


async def test_secrets_are_sealed_and_gone_with_the_channel(world: World, fake: MastodonFake, channel: str) -> None:
    token = fake.secrets["access_token"].encode()
    kept = await world.rows("SELECT sealed FROM channel_secrets")
    told = (await world.channels().GetChannel(channels_pb2.GetChannelRequest(channel_id=channel))).channel
    disconnect = channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=channel)
    await world.channels().DisconnectChannel(disconnect)

    assert len(kept) == 1
    assert token not in kept[0][0]
    assert token not in told.SerializeToString()
    assert not await world.rows("SELECT 1 FROM channel_secrets")


async def test_a_channel_that_is_disconnected_gets_no_secrets_again(
    world: World, fake: MastodonFake, channel: str
) -> None:
    disconnect = channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=channel)
    await world.channels().DisconnectChannel(disconnect)
    renew = channels_pb2.RenewChannelRequest(
        request_id=request_id(), channel_id=channel, secrets={"access_token": fake.secrets["access_token"]}
    )

    with pytest.raises(DomainError) as refused:
        await world.channels().RenewChannel(renew)

    assert refused.value.reason == "CHANNEL_NOT_FOUND"
    assert not await world.rows("SELECT 1 FROM channel_secrets")


async def test_a_wrong_token_is_told_and_nothing_is_kept(world: World, fake: MastodonFake) -> None:
    server = f"http://127.0.0.1:{fake.start()}"
    with pytest.raises(DomainError) as refused:
        await world.connect(server, "wrong")

    assert refused.value.reason == "ACCOUNT_REFUSED"
    assert not await world.rows("SELECT 1 FROM channels")


async def test_a_text_that_is_too_long_is_told_before_anything_is_sent(
    world: World, fake: MastodonFake, channel: str
) -> None:
    long = content(channel, "я" * 501)
    check = posts_pb2.CheckPostRequest(authority_id=str(CITY), content=long)
    said = await world.posts().CheckPost(check)
    post = await drafted(world, long)
    with pytest.raises(DomainError) as refused:
        await world.posts().SubmitPost(posts_pb2.SubmitPostRequest(**named(post)))

    assert [(each.reason, each.value, each.limit) for each in said.problems] == [("TEXT_TOO_LONG", "501", "500")]
    assert (said.previews[0].length, said.previews[0].most) == (501, 500)
    assert refused.value.reason == "POST_HAS_PROBLEMS"


async def test_a_server_that_takes_longer_texts_gets_them(
    world: World, fake: MastodonFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viche_connector_mastodon.fake.MOST", 5_000)
    channel = await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])
    long = content(channel, "я" * 501)
    said = await world.posts().CheckPost(posts_pb2.CheckPostRequest(authority_id=str(CITY), content=long))
    post = await world.sent((await world.approved(long)).id)

    assert not said.problems
    assert said.previews[0].most == 5_000
    assert post.deliveries[0].state == posts_pb2.DELIVERY_STATE_PUBLISHED


async def test_a_decision_needs_its_source(world: World, channel: str) -> None:
    decision = content(channel)
    decision.kind = posts_pb2.POST_KIND_DECISION
    bare = await world.posts().CheckPost(posts_pb2.CheckPostRequest(authority_id=str(CITY), content=decision))
    decision.sources.append(posts_pb2.Source(claim="Міст закрито", reference="Рішення № 12 від 3.03.2026"))
    sourced = await world.posts().CheckPost(posts_pb2.CheckPostRequest(authority_id=str(CITY), content=decision))

    assert [each.reason for each in bare.problems] == ["NO_SOURCE"]
    assert not sourced.problems


async def test_a_repeated_request_makes_one_post(world: World, channel: str) -> None:
    request = posts_pb2.CreatePostRequest(request_id=request_id(), authority_id=str(CITY), content=content(channel))
    first, second = await world.posts().CreatePost(request), await world.posts().CreatePost(request)

    assert first.post.id == second.post.id
    assert len(await world.rows("SELECT 1 FROM posts")) == 1
