"""Posts go out at their time, by the database's clock."""

import logging
from collections.abc import Callable
from uuid import UUID

from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.periodic import every
from viche_social import posting
from viche_social.calling import Calls
from viche_social.domain.posts import PostState
from viche_social.store import posts as store

log = logging.getLogger("viche.social")

LOOK_EVERY_S = 1.0
MOST_AT_ONCE = 100


class Schedule:
    """Looks once a second for posts whose time has come. Several processes may: each post is held while it moves.

    Args:
        pool: of the database.
        calls: of connectors.
        hurry: called when something is to be sent.
    """

    def __init__(self, pool: Pool, calls: Calls, hurry: Callable[[], None]) -> None:
        self._pool = pool
        self._calls = calls
        self._hurry = hurry

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.look, "sending posts at their time")

    async def look(self) -> None:
        """Looks once."""
        async with reading(self._pool) as conn:
            due = await store.scheduled(conn, MOST_AT_ONCE)
        for id in due:
            try:
                await self._send_out(id)
            except Unavailable:
                raise
            except Exception:  # one post never keeps the others
                log.exception("a post cannot go out at its time", extra={"post_id": str(id)})
        if due:
            self._hurry()

    async def _send_out(self, id: UUID) -> None:
        async with transaction(self._pool) as conn:
            post = await store.hold(conn, id)
            if post is not None and post.state is PostState.SCHEDULED:
                await posting.send_out(conn, post, self._calls.specs, approved_by=None)
                await store.note(conn, post, "sent at its time", None)
