"""Channels and conversations that are just there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.integration.social.world import CITY, World
from viche_chassis.db import transaction
from viche_chassis.ids import new_id
from viche_sdk.connectors.types import Capability, InboxItem
from viche_social.store import channel_secrets, channels, inboxes
from viche_social.store.channels import Channel

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def put_channel(world: World, connector: str = "mastodon", *, at: UUID = CITY, **more: Any) -> Channel:
    """A channel of an authority that was connected long ago, with all rights."""
    now = datetime.now(UTC)
    values: dict[str, Any] = {
        "id": new_id(), "authority_id": at, "connector": connector, "platform": connector, "platform_id": str(uuid4()),
        "server": "", "handle": "city", "title": "Verbiv", "url": "", "language": "uk", "state": "good", "fault": "",
        "granted": sorted(Capability), "own_values": {}, "limits": None, "asked_at": now, "worked_at": now,
        "not_before": None, "expires_at": None, "connected_at": LONG_AGO, **more,
    }  # fmt: skip
    channel = Channel(**values)
    async with transaction(world.pool) as conn:
        await channels.insert(conn, channel, timedelta(hours=1))
        await channel_secrets.put(conn, channel.id, world.social.posts.calls.seal({}, channel.id), None)
    return channel


async def take(world: World, channel: Channel, *given: InboxItem) -> int:
    """Takes items in as if they had just been read."""
    await world.social.inbox.taking.ready()
    async with transaction(world.pool) as conn:
        await inboxes.hold(conn, channel.id)
        return await world.social.inbox.taking.take(conn, channel, given)


async def reply_of(world: World, thread_id: Any, state: str) -> UUID:
    """An answer in a state, of a conversation that is there."""
    id = new_id()
    await world.rows(
        "INSERT INTO replies (id, thread_id, item_id, channel_id, connector, body, state)"
        " SELECT %s, t.id, t.last_item, t.channel_id, 'mastodon', 'Yes.', %s FROM threads t WHERE t.id = %s",
        id, state, thread_id,
    )  # fmt: skip
    return id
