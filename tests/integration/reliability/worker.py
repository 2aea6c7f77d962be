"""A consumer in a process of its own, for tests that kill it: `python -m tests.integration.reliability.worker …`.

Arguments: URL of a database with the chassis' tables and `effects`, URL of NATS, a folder. What it shall do with the
event of a petition lies in the folder, in a file of that name; that it has come so far, it says with NAME.reached.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import cast

from google.protobuf.message import Message
from nats.js import JetStreamContext
from viche.petitions.v1 import events_pb2

from viche_chassis import bus, consuming, db, outbox

NAME = "worker"
# so long does the broker wait for a dead worker; in production longer than a test may take
ACK_WAIT_S = 2.0
HANG_BEFORE_COMMIT, HANG_AFTER_COMMIT, DIE = "hang before commit", "hang after commit", "die"


class Worker:
    """Notes each petition in `effects`, in the transaction that notes the event as seen."""

    def __init__(self, pool: db.Pool, orders: Path) -> None:
        self._pool = pool
        self._orders = orders

    async def handle(self, event: consuming.Event) -> None:
        """The handler."""
        petition_id = cast(events_pb2.PetitionOpened, event.message).petition_id
        async with db.transaction(self._pool) as conn:
            if await outbox.seen(conn, NAME, event.id):
                return
            await conn.execute("INSERT INTO effects (petition_id) VALUES (%(id)s)", {"id": petition_id})
            await self._obey(petition_id, HANG_BEFORE_COMMIT)
        await self._obey(petition_id, HANG_AFTER_COMMIT)

    async def _obey(self, petition_id: str, moment: str) -> None:
        order = self._orders / petition_id
        said = order.read_text() if order.exists() else ""
        if said == DIE:
            os._exit(9)
        if said == moment:
            order.with_suffix(".reached").touch()
            await asyncio.sleep(3600)


class Consumer(consuming.Consumer):
    """The broker gives a dead worker up soon; a slow one has as much time for an event as in production."""

    async def _ensure_consumer(self, js: JetStreamContext) -> None:
        usual_s, consuming.ACK_WAIT_S = consuming.ACK_WAIT_S, ACK_WAIT_S
        try:
            await super()._ensure_consumer(js)
        finally:
            consuming.ACK_WAIT_S = usual_s


async def main(database_url: str, nats_url: str, orders: Path) -> None:
    """Consumes until it is killed."""
    async with db.open_pool(database_url, most=2) as pool, bus.connect(nats_url, NAME) as client:
        handlers: dict[type[Message], consuming.Handler] = {events_pb2.PetitionOpened: Worker(pool, orders).handle}
        await Consumer(pool, client, "petitions", NAME, handlers).run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
