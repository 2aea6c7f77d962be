"""What is not needed any more is erased."""

from tests.integration.notifications.world import World
from viche_chassis.db import transaction
from viche_chassis.ids import new_id
from viche_notifications.domain.messages import PETITION_OPENED, PETITION_REJECTED
from viche_notifications.janitor import Janitor
from viche_notifications.store import campaigns
from viche_notifications.telling import Start

SUBJECT = "petition:01890000-0000-7000-8000-000000000001"


async def test_address_indexes_and_old_messages_are_erased(world: World) -> None:
    fresh, ended, old = [await world.queue(email=f"{name}@example.org") for name in ("a", "b", "c")]
    await world.rows(
        "UPDATE messages SET state = 'sent', ended_at = now() - interval '15 days' WHERE id = %(id)s", id=ended
    )
    await world.rows(
        "UPDATE messages SET state = 'sent', ended_at = now() - interval '91 days' WHERE id = %(id)s", id=old
    )
    janitor = Janitor(world.pool)
    await janitor.measure()
    await janitor.sweep()
    rows = await world.rows("SELECT id, address_index FROM messages ORDER BY id")
    assert [(row.id, row.address_index is None) for row in rows] == [(fresh, False), (ended, True)]


async def test_what_an_old_campaign_said_is_erased_and_it_is_not_begun_again(world: World) -> None:
    async with transaction(world.pool) as conn:
        for kind in (PETITION_REJECTED, PETITION_OPENED):
            await campaigns.add(conn, new_id(), SUBJECT, Start(kind, "", {"title": "Hidden"}))
    await world.rows(
        "UPDATE campaigns SET done_at = now() - interval '91 days' WHERE template = %(name)s",
        name=PETITION_REJECTED.name,
    )
    await Janitor(world.pool).sweep()
    rows = await world.rows("SELECT template, params FROM campaigns ORDER BY template")
    assert rows == [("petition_opened", {"title": "Hidden"}), ("petition_rejected", {})]
    async with transaction(world.pool) as conn:
        assert not await campaigns.add(conn, new_id(), SUBJECT, Start(PETITION_REJECTED))
