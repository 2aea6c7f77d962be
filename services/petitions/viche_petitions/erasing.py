"""Does its part when identity has erased a person."""

from typing import Any

from viche.identity.v1 import events_pb2

from viche_chassis.bus import Client, Consumer, Event
from viche_chassis.db import Pool, transaction
from viche_chassis.outbox import seen
from viche_petitions.store import behalf, erasures, signer_names

CONSUMER = "petitions-erasing"


class Erasing:
    """Handles PersonErased. Signatures stay: their pseudonyms lead to nobody any more."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def consumer(self, client: Client) -> Consumer:
        """Hears identity's events."""
        return Consumer(self._pool, client, "identity", CONSUMER, {events_pb2.PersonErased: self.erased})

    async def erased(self, event: Event) -> None:
        """Erases what is kept here of the person, once."""
        said: Any = event.message
        async with transaction(self._pool) as conn:
            if await seen(conn, CONSUMER, event.id):
                return
            await behalf.delete_of(conn, said.author)
            await erasures.delete_drafts(conn, said.author)
            await erasures.delete_followings(conn, said.followings)
            await signer_names.delete_of(conn, said.names)
            if said.hides_name:
                await erasures.hide_name(conn, said.author)
