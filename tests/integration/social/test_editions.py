"""Corrections of a post that is out: over PostgreSQL, through the real connector, to a server that speaks Mastodon's
API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from viche.social.v1 import channels_pb2, editions_pb2, editions_pb2_grpc, posts_pb2

from tests.integration.social.test_posts import TEXT, Clock, content
from tests.integration.social.world import EDITOR, GATEWAY, PRESS, VILLAGE, World, person, request_id
from viche_chassis.access import Caller
from viche_chassis.errors import DomainError
from viche_connector_mastodon.fake import MastodonFake
from viche_connector_mastodon.spec import MASTODON
from viche_sdk.connectors.testing import Failure

MENDED = "Міст закрито до суботи. Їдьте через Зелену. 🚧"
WHAT = "The day was wrong: it is Saturday."


@pytest.fixture
def fake() -> Iterator[MastodonFake]:
    made = MastodonFake(MASTODON, Clock(), None)
    yield made
    made.close()


@pytest.fixture
async def channel(world: World, fake: MastodonFake) -> str:
    return await world.connect(f"http://127.0.0.1:{fake.start()}", fake.secrets["access_token"])


def editions(world: World, caller: Caller = PRESS) -> Any:
    return world.stub(editions_pb2_grpc.EditionsServiceStub, caller)


async def saved(world: World, post_id: str, text: str = MENDED, version: int = 0) -> editions_pb2.Edition:
    request = editions_pb2.SaveEditionRequest(
        request_id=request_id(), post_id=post_id, version=version, what=WHAT,
        content=editions_pb2.EditionContent(text={"uk": text}),
    )  # fmt: skip
    return (await editions(world).SaveEdition(request)).edition


async def submitted(world: World, post_id: str, text: str = MENDED) -> editions_pb2.Edition:
    edition = await saved(world, post_id, text)
    request = editions_pb2.SubmitEditionRequest(request_id=request_id(), post_id=post_id, version=edition.version)
    return (await editions(world).SubmitEdition(request)).edition


async def approved(world: World, post_id: str, text: str = MENDED, caller: Caller = EDITOR) -> editions_pb2.Edition:
    edition = await submitted(world, post_id, text)
    request = editions_pb2.ApproveEditionRequest(request_id=request_id(), post_id=post_id, version=edition.version)
    return (await editions(world, caller).ApproveEdition(request)).edition


async def got(world: World, post_id: str) -> posts_pb2.Post:
    return (await world.posts().GetPost(posts_pb2.GetPostRequest(post_id=post_id))).post


async def out(world: World, channel: str) -> posts_pb2.Post:
    return await world.sent((await world.approved(content(channel))).id)


async def withdraw(world: World, post_id: str) -> None:
    request = posts_pb2.WithdrawPostRequest(request_id=request_id(), post_id=post_id, reason="Wrong all over")
    await world.posts().WithdrawPost(request)


async def test_a_correction_that_a_second_person_approves_takes_the_place_of_what_is_there(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)

    edition = await approved(world, post.id)
    waiting = await got(world, post.id)
    after = await world.sent(post.id)

    assert (edition.number, edition.what, edition.state) == (2, WHAT, editions_pb2.EDITION_STATE_OUT)
    assert waiting.deliveries[0].correction == posts_pb2.CORRECTION_STATE_WAITING
    assert [shown.text for shown in fake.shown()] == [MENDED]
    assert (after.content.text["uk"], after.edition, after.deliveries[0].edition) == (MENDED, 2, 2)
    assert after.deliveries[0].correction == posts_pb2.CORRECTION_STATE_UNSPECIFIED
    assert after.deliveries[0].url == post.deliveries[0].url


async def test_who_wrote_a_correction_does_not_approve_it(world: World, channel: str) -> None:
    post = await out(world, channel)

    with pytest.raises(DomainError) as refused:
        await approved(world, post.id, caller=PRESS)

    assert refused.value.reason == "OWN_POST"
    assert (await got(world, post.id)).content.text["uk"] == TEXT


async def test_everybody_sees_what_was_corrected_and_what_stood_there_before(world: World, channel: str) -> None:
    post = await out(world, channel)
    before = await editions(world, GATEWAY).ListPublicEditions(
        editions_pb2.ListPublicEditionsRequest(number=post.number)
    )
    await approved(world, post.id)

    shown = (await world.posts(GATEWAY).ListPublicPosts(posts_pb2.ListPublicPostsRequest(number=post.number))).posts[0]
    found = await editions(world, GATEWAY).ListPublicEditions(
        editions_pb2.ListPublicEditionsRequest(number=post.number)
    )

    assert not before.editions
    assert (shown.text["uk"], shown.edition, shown.corrected_what) == (MENDED, 2, WHAT)
    assert shown.HasField("corrected_at")
    assert [(each.number, each.text["uk"], each.what) for each in found.editions] == [(1, TEXT, ""), (2, MENDED, WHAT)]


@pytest.mark.parametrize("failure", [Failure.DROP, Failure.HALF, Failure.LOGIN_PAGE, Failure.FAULT])
async def test_a_lost_answer_to_a_correction_changes_it_in_the_end(
    world: World, fake: MastodonFake, channel: str, failure: Failure
) -> None:
    post = await out(world, channel)
    await approved(world, post.id)
    fake.fail_next(failure)
    lost = await world.sent(post.id)
    await world.hasten()
    after = await world.sent(post.id)

    assert lost.deliveries[0].correction == posts_pb2.CORRECTION_STATE_WAITING
    assert lost.deliveries[0].state == posts_pb2.DELIVERY_STATE_PUBLISHED
    assert after.deliveries[0].edition == 2
    assert [shown.text for shown in fake.shown()] == [MENDED]


async def test_what_has_not_gone_out_yet_goes_out_corrected(world: World, fake: MastodonFake, channel: str) -> None:
    post = await world.approved(content(channel))
    await approved(world, post.id)

    after = await world.sent(post.id)

    assert [shown.text for shown in fake.shown()] == [MENDED]
    assert (after.deliveries[0].edition, after.deliveries[0].tries) == (2, 1)


async def test_what_was_in_doubt_is_sent_as_it_was_and_changed_then(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await world.approved(content(channel))
    fake.fail_next(Failure.DROP)
    await world.sent(post.id)
    await approved(world, post.id)
    await world.hasten()
    there = await world.sent(post.id)
    after = await world.sent(post.id)

    assert (there.deliveries[0].edition, there.deliveries[0].correction) == (1, posts_pb2.CORRECTION_STATE_WAITING)
    assert [shown.text for shown in fake.shown()] == [MENDED]
    assert after.deliveries[0].edition == 2


async def test_a_second_correction_while_the_first_is_on_its_way_is_the_one_that_stands(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)
    await approved(world, post.id)
    fake.fail_next(Failure.DROP)
    await world.sent(post.id)
    await approved(world, post.id, "Міст відкрито.")
    await world.hasten()
    after = await world.sent(post.id)

    assert [shown.text for shown in fake.shown()] == ["Міст відкрито."]
    assert after.deliveries[0].edition == 3


async def test_a_platform_that_does_not_take_it_is_named_and_asked_again_when_somebody_says_so(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)
    await approved(world, post.id)
    hidden = dict(fake.statuses)
    fake.statuses.clear()
    refused = await world.sent(post.id)
    fake.statuses.update(hidden)
    needy = await world.posts().ListPosts(posts_pb2.ListPostsRequest(needs_somebody=True))
    request = posts_pb2.RetryDeliveryRequest(request_id=request_id(), delivery_id=refused.deliveries[0].id)
    await world.posts(EDITOR).RetryDelivery(request)
    after = await world.sent(post.id)

    assert refused.deliveries[0].correction == posts_pb2.CORRECTION_STATE_REFUSED
    assert (refused.deliveries[0].state, refused.deliveries[0].edition) == (posts_pb2.DELIVERY_STATE_PUBLISHED, 1)
    assert refused.deliveries[0].error
    assert [each.id for each in needy.posts] == [post.id]
    assert [shown.text for shown in fake.shown()] == [MENDED]
    assert not after.deliveries[0].error


async def test_where_an_account_cannot_change_what_is_there_the_old_words_stay_and_it_is_said(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)
    await world.rows("UPDATE channels SET granted = array_remove(granted, 'edit')")
    await submitted(world, post.id)
    checked = await editions(world).CheckEdition(editions_pb2.CheckEditionRequest(post_id=post.id))
    request = editions_pb2.ApproveEditionRequest(request_id=request_id(), post_id=post.id, version=1)
    await editions(world, EDITOR).ApproveEdition(request)
    after = await world.sent(post.id)

    assert (list(checked.unchangeable), list(checked.previews)) == ([channel], [])
    assert after.deliveries[0].correction == posts_pb2.CORRECTION_STATE_IMPOSSIBLE
    assert [shown.text for shown in fake.shown()] == [TEXT]


async def test_a_withdrawal_ends_a_correction_and_takes_away_what_is_there(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)
    await approved(world, post.id)
    await submitted(world, post.id, "Міст відкрито.")
    await withdraw(world, post.id)
    after = await world.sent(post.id)
    found = await editions(world).ListEditions(editions_pb2.ListEditionsRequest(post_id=post.id))
    public = await editions(world, GATEWAY).ListPublicEditions(
        editions_pb2.ListPublicEditionsRequest(number=post.number)
    )

    assert fake.shown() == []
    assert after.deliveries[0].state == posts_pb2.DELIVERY_STATE_WITHDRAWN
    assert not found.HasField("open")
    assert not public.editions


async def test_a_withdrawn_post_is_not_corrected(world: World, channel: str) -> None:
    post = await out(world, channel)
    await withdraw(world, post.id)

    with pytest.raises(DomainError) as refused:
        await saved(world, post.id)

    assert refused.value.reason == "POST_NOT_OUT"


async def test_a_process_that_ended_in_the_middle_of_a_correction_leaves_the_new_words(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)
    await approved(world, post.id)
    # as if the process had ended before its call
    await world.rows("UPDATE deliveries SET claimed_until = now() - interval '1 second'")
    await world.sent(post.id)
    await world.hasten()
    after = await world.sent(post.id)

    assert [shown.text for shown in fake.shown()] == [MENDED]
    assert after.deliveries[0].edition == 2


async def test_a_correction_waits_for_an_account_whose_consent_has_ended(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)
    await world.rows("UPDATE channels SET state = 'expired'")
    await approved(world, post.id)
    waiting = await world.sent(post.id)
    await world.rows("UPDATE channels SET state = 'good'")
    after = await world.sent(post.id)

    assert waiting.deliveries[0].correction == posts_pb2.CORRECTION_STATE_WAITING
    assert after.deliveries[0].edition == 2


async def test_a_correction_that_is_too_long_is_not_handed_on(world: World, channel: str) -> None:
    post = await out(world, channel)
    await saved(world, post.id, "я" * 100_000)
    checked = await editions(world).CheckEdition(editions_pb2.CheckEditionRequest(post_id=post.id))
    request = editions_pb2.SubmitEditionRequest(request_id=request_id(), post_id=post.id, version=1)

    with pytest.raises(DomainError) as refused:
        await editions(world).SubmitEdition(request)

    assert refused.value.reason == "POST_HAS_PROBLEMS"
    assert [each.reason for each in checked.problems] == ["TEXT_TOO_LONG"]


async def test_the_same_words_are_no_correction(world: World, channel: str) -> None:
    post = await out(world, channel)

    with pytest.raises(DomainError) as refused:
        await submitted(world, post.id, TEXT)

    assert refused.value.reason == "NOTHING_CHANGED"


async def test_a_correction_is_given_back_written_anew_and_read_in_its_own_version(world: World, channel: str) -> None:
    post = await out(world, channel)
    first = await submitted(world, post.id)
    back = editions_pb2.ReturnEditionRequest(
        request_id=request_id(), post_id=post.id, version=first.version, reason="Say who said so"
    )
    returned = (await editions(world, EDITOR).ReturnEdition(back)).edition
    second = await saved(world, post.id, "Міст відкрито.", returned.version)
    await editions(world).SubmitEdition(
        editions_pb2.SubmitEditionRequest(request_id=request_id(), post_id=post.id, version=second.version)
    )

    with pytest.raises(DomainError) as refused:
        await editions(world, EDITOR).ApproveEdition(
            editions_pb2.ApproveEditionRequest(request_id=request_id(), post_id=post.id, version=first.version)
        )

    assert (returned.state, returned.returned_because) == (editions_pb2.EDITION_STATE_RETURNED, "Say who said so")
    assert refused.value.reason == "STALE_VERSION"


async def test_a_correction_that_is_thrown_away_leaves_the_post_as_it_is(world: World, channel: str) -> None:
    post = await out(world, channel)
    await submitted(world, post.id)
    await editions(world).DropEdition(editions_pb2.DropEditionRequest(request_id=request_id(), post_id=post.id))
    found = await editions(world).ListEditions(editions_pb2.ListEditionsRequest(post_id=post.id))

    assert not found.HasField("open")
    assert not found.editions
    assert (await saved(world, post.id)).version == 1


async def test_officers_of_another_authority_see_no_corrections(world: World, channel: str) -> None:
    post = await out(world, channel)

    with pytest.raises(DomainError) as refused:
        await editions(world, person("stranger", at=VILLAGE)).ListEditions(
            editions_pb2.ListEditionsRequest(post_id=post.id)
        )

    assert refused.value.reason == "NOT_YOUR_AUTHORITY"


async def test_what_was_disconnected_keeps_its_words(world: World, fake: MastodonFake, channel: str) -> None:
    post = await out(world, channel)
    await world.channels().DisconnectChannel(
        channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=channel)
    )
    await approved(world, post.id)
    after = await world.sent(post.id)

    assert after.deliveries[0].correction == posts_pb2.CORRECTION_STATE_IMPOSSIBLE
    assert [shown.text for shown in fake.shown()] == [TEXT]


async def test_an_account_that_is_disconnected_before_a_correction_is_there_is_left_alone(
    world: World, fake: MastodonFake, channel: str
) -> None:
    post = await out(world, channel)
    await approved(world, post.id)
    await world.channels().DisconnectChannel(
        channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=channel)
    )
    after = await world.sent(post.id)

    assert [tuple(row) for row in await world.rows("SELECT state, task FROM deliveries")] == [("published", None)]
    assert after.deliveries[0].correction == posts_pb2.CORRECTION_STATE_IMPOSSIBLE
    assert [shown.text for shown in fake.shown()] == [TEXT]
