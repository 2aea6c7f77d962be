"""An answer goes out once, and one in doubt is never sent again."""

from __future__ import annotations

import pytest
from viche.social.v1 import channels_pb2
from viche.social.v1 import inbox_pb2 as pb

from tests.integration.social.conversations import ASKED, answer, asked, inbox, send, threads, whole
from tests.integration.social.letterbox import BOX, item
from tests.integration.social.seeding import take
from tests.integration.social.world import CITY, World, request_id
from viche_sdk.connectors.types import OutcomeUnknown
from viche_social.store.channels import Channel


async def test_what_came_while_an_answer_was_sent_waits(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    request = pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text="On Friday.")
    await inbox(post_office).AnswerThread(request)
    await take(post_office, channel, item("2", "Still closed!", answers="1"))

    await send(post_office)

    (thread,) = await threads(post_office)
    assert thread.state == pb.THREAD_STATE_WAITING
    assert [was_answered for was_answered, _ in await asked(post_office)] == [True, False]


async def test_under_doubt_an_answer_is_not_sent_again(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    BOX.errors.append(OutcomeUnknown("no answer"))
    await answer(post_office, thread)

    await send(post_office)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, len(BOX.replies)) == (pb.REPLY_STATE_UNKNOWN, 1)


async def test_an_answer_in_doubt_that_comes_back_has_appeared(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    BOX.errors.append(OutcomeUnknown("no answer"))
    await answer(post_office, thread)

    await take(post_office, channel, item("9", "On Friday.", answers="1", author="city", is_own=True))

    found = await whole(post_office, thread)
    assert [reply.state for reply in found.replies] == [pb.REPLY_STATE_PUBLISHED]
    assert [each.text for each in found.items] == [ASKED]
    assert found.thread.state == pb.THREAD_STATE_ANSWERED


async def test_a_process_that_ended_while_sending_leaves_doubt(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    request = pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text="On Friday.")
    await inbox(post_office).AnswerThread(request)
    await post_office.rows("UPDATE replies SET state = 'sending', claimed_until = now() - interval '1 second'")

    await send(post_office)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, BOX.replies) == (pb.REPLY_STATE_UNKNOWN, [])
    settled = pb.SettleReplyRequest(request_id=request_id(), reply_id=reply.id, has_appeared=False)
    await inbox(post_office).SettleReply(settled)
    await send(post_office)
    assert [text for _, text, _ in BOX.replies] == ["On Friday."]


async def test_ready_answers_are_kept_by_language(post_office: World) -> None:
    kept = []
    for language, title in (("uk", "Подяка"), ("en", "Thanks")):
        request = pb.PutCannedReplyRequest(
            request_id=request_id(), authority_id=str(CITY), language=language, title=title, text=title
        )
        kept.append((await inbox(post_office).PutCannedReply(request)).reply)
    changed = pb.PutCannedReplyRequest(
        request_id=request_id(), id=kept[1].id, authority_id=str(CITY), language="en", title="Thank you", text="!"
    )
    await inbox(post_office).PutCannedReply(changed)
    await inbox(post_office).DeleteCannedReply(pb.DeleteCannedReplyRequest(request_id=request_id(), id=kept[0].id))

    listed = await inbox(post_office).ListCannedReplies(pb.ListCannedRepliesRequest())

    assert [(reply.language, reply.title) for reply in listed.replies] == [("en", "Thank you")]


async def test_nothing_that_a_platform_says_stalls_an_answer(post_office: World, channel: Channel) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    BOX.errors.append(OutcomeUnknown("half\0said"))

    await answer(post_office, thread)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, reply.detail) == (pb.REPLY_STATE_UNKNOWN, "half\ufffdsaid")


@pytest.mark.parametrize(
    ("left", "state", "error"),
    [
        ("state = 'waiting'", pb.REPLY_STATE_CANCELLED, ""),
        ("state = 'blocked'", pb.REPLY_STATE_CANCELLED, ""),
        ("state = 'waiting', error = 'OutcomeUnknown'", pb.REPLY_STATE_UNKNOWN, "OutcomeUnknown"),
        ("state = 'sending', claimed_until = now() - interval '1 s'", pb.REPLY_STATE_UNKNOWN, "OutcomeUnknown"),
        ("state = 'sending', claimed_until = now() + interval '1 h'", pb.REPLY_STATE_SENDING, ""),
    ],
)
async def test_answers_of_a_disconnected_account_end(
    post_office: World, channel: Channel, left: str, state: int, error: str
) -> None:
    await take(post_office, channel, item("1", ASKED))
    (thread,) = await threads(post_office)
    request = pb.AnswerThreadRequest(request_id=request_id(), thread_id=thread.id, text="On Friday.")
    await inbox(post_office).AnswerThread(request)
    await post_office.rows(f"UPDATE replies SET {left}")
    ending = channels_pb2.DisconnectChannelRequest(request_id=request_id(), channel_id=str(channel.id))
    await post_office.channels().DisconnectChannel(ending)

    await send(post_office)

    (reply,) = (await whole(post_office, thread)).replies
    assert (reply.state, reply.error) == (state, error)
    assert BOX.replies == []
