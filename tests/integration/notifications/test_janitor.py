"""What is not needed any more is erased."""

from tests.integration.notifications.world import World
from viche_notifications.janitor import Janitor


async def test_address_indexes_and_old_messages_are_erased(world: World) -> None:
    fresh, ended, old = [await world.queue(email=f"{name}@example.org") for name in ("a", "b", "c")]
    await world.rows(
        "UPDATE messages SET state = 'sent', ended_at = now() - interval '25 hours' WHERE id = %(id)s", id=ended
    )
    await world.rows(
        "UPDATE messages SET state = 'sent', ended_at = now() - interval '91 days' WHERE id = %(id)s", id=old
    )
    janitor = Janitor(world.pool)
    await janitor.measure()
    await janitor.sweep()
    rows = await world.rows("SELECT id, address_index FROM messages ORDER BY id")
    assert [(row.id, row.address_index is None) for row in rows] == [(fresh, False), (ended, True)]
