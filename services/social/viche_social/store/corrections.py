"""Words of deliveries that another edition takes the place of."""

from collections.abc import Sequence
from uuid import UUID

from viche_chassis.db import Connection
from viche_social.domain.deliveries import Task
from viche_social.store.deliveries import Delivery


def is_nowhere(delivery: Delivery) -> bool:
    """Whether for certain nothing of it has appeared, and nobody is about to send it."""
    not_sent = delivery.state == "waiting" or (delivery.state == "blocked" and delivery.task == Task.PUBLISH)
    return delivery.doubted_at is None and (not_sent or delivery.state in ("by_hand", "refused"))


async def rewrite(conn: Connection, id: UUID, body: str, edition: int) -> None:
    """Lets a delivery go out with the words of another edition."""
    await conn.execute(
        "UPDATE deliveries SET body = %(body)s, edition = %(edition)s WHERE id = %(id)s",
        {"id": id, "body": body, "edition": edition},
    )


async def edit(conn: Connection, ids: Sequence[UUID]) -> None:
    """Asks for the words to be changed of what is there, the latest edition's taking their place."""
    await conn.execute(
        "UPDATE deliveries SET task = 'edit', task_tries = 0, error = '', detail = '', next_at = clock_timestamp(),"
        " changed_at = clock_timestamp()"
        " WHERE id = ANY(%(ids)s) AND state = 'published' AND task IS NULL AND ref <> ''",
        {"ids": list(ids)},
    )
