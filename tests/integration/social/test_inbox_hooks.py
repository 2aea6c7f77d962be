"""What platforms send by themselves is taken once, from whoever signed it."""

from __future__ import annotations

import json

import pytest
from viche.social.v1 import channels_pb2
from viche.social.v1 import inbox_pb2 as pb

from tests.integration.social.conversations import ASKED, inbox, threads
from tests.integration.social.letterbox import LETTERBOX, SIGNATURE, item, signature
from tests.integration.social.seeding import take
from tests.integration.social.world import GATEWAY, World, request_id
from viche_chassis.errors import DomainError
from viche_social.hooks import PATH, Hooks
from viche_social.store.channels import Channel


def hook(world: World, channel: Channel, body: bytes, **headers: str) -> pb.ReceiveHookRequest:
    path = Hooks(bytes.fromhex("17" * 32), "").path(channel, LETTERBOX)
    return pb.ReceiveHookRequest(token=path.removeprefix(PATH), headers=headers, body=body)


async def test_what_a_platform_sends_is_taken_once(post_office: World, channel: Channel) -> None:
    body = json.dumps([{"id": "1", "text": ASKED}]).encode()
    request = hook(post_office, channel, body, **{SIGNATURE: signature(body)})
    first = await inbox(post_office, GATEWAY).ReceiveHook(request)
    await take(post_office, channel, item("1", "edited"))
    again = await inbox(post_office, GATEWAY).ReceiveHook(request)
    assert first == again == pb.ReceiveHookResponse(body="ok", type="text/plain")

    (thread,) = await threads(post_office)
    assert (thread.excerpt, thread.items) == ("edited", 1)


async def test_an_account_says_where_its_platform_may_call(post_office: World, channel: Channel) -> None:
    found = await post_office.channels().GetChannel(channels_pb2.GetChannelRequest(channel_id=str(channel.id)))

    token = found.channel.webhook_url.removeprefix("https://petitions.example.org/hooks/")
    assert token == hook(post_office, channel, b"").token


async def test_a_platform_hears_its_challenge(post_office: World, channel: Channel) -> None:
    said = await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, b"", **{"query-challenge": "42"}))

    assert (said.body, said.type) == ("42", "text/plain")


@pytest.mark.parametrize("headers", [{}, {SIGNATURE: "0" * 64}, {SIGNATURE: "", "cookie": "x"}])
async def test_what_is_not_signed_is_refused(post_office: World, channel: Channel, headers: dict[str, str]) -> None:
    with pytest.raises(DomainError) as refused:
        await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, b"[]", **headers))

    assert refused.value.reason == "HOOK_REFUSED"
    assert not await post_office.rows("SELECT FROM hooks_seen")


async def test_an_address_that_nobody_gave_out_leads_nowhere(post_office: World) -> None:
    with pytest.raises(DomainError) as refused:
        await inbox(post_office, GATEWAY).ReceiveHook(pb.ReceiveHookRequest(token="x" * 64))

    assert refused.value.reason == "HOOK_NOT_FOUND"


@pytest.mark.parametrize(
    "body",
    [
        b'[{"id": "1", "text": "cut \\ud83d"}]', b'[{"id": "1", "text": "nothing \\u0000"}]', b'{"\\udc00": 1}', b"[{",
        b"[\xff]", b"[" * 100_000,
    ],
    ids=["half a character", "NUL", "half a name", "half a document", "no UTF-8", "a well"],
)  # fmt: skip
async def test_what_cannot_be_kept_is_named(post_office: World, channel: Channel, body: bytes) -> None:
    with pytest.raises(DomainError) as refused:
        await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, body, **{SIGNATURE: signature(body)}))

    assert refused.value.reason == "HOOK_MALFORMED"
    assert await threads(post_office) == []


async def test_a_whole_emoji_in_escapes_is_taken(post_office: World, channel: Channel) -> None:
    body = b'[{"id": "1", "text": "\\ud83d\\ude80 When?"}]'
    await inbox(post_office, GATEWAY).ReceiveHook(hook(post_office, channel, body, **{SIGNATURE: signature(body)}))

    assert [each.excerpt for each in await threads(post_office)] == ["\U0001f680 When?"]


async def test_the_address_for_platforms_is_kept_with_no_request(post_office: World, channel: Channel) -> None:
    pausing = channels_pb2.PauseChannelRequest(request_id=request_id(), channel_id=str(channel.id), is_paused=True)

    first = await post_office.channels().PauseChannel(pausing)
    again = await post_office.channels().PauseChannel(pausing)

    assert first == again
    assert first.channel.webhook_url
    token = first.channel.webhook_url.rpartition("/")[2].encode()
    assert not [row for row in await post_office.rows("SELECT response FROM requests") if token in bytes(row[0])]
