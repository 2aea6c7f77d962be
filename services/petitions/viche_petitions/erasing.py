"""Does its part when identity has erased a person."""

from datetime import timedelta
from typing import Any

from viche.identity.v1 import events_pb2

from viche_chassis.bus import Client
from viche_chassis.consuming import Consumer, Event
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.outbox import seen
from viche_petitions.store import behalf, erasures, signer_names
from viche_petitions.store.erasures import Erased

CONSUMER = "petitions-erasing"
REMEMBERED = timedelta(hours=1)
"""How long after an erasure something of the person is looked for; scope tokens hold for five minutes."""


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
            who = Erased(said.author, said.followings, said.names, said.hides_name)
            await _forget(conn, who)
            await erasures.remember(conn, who)


async def forget_again(pool: Pool) -> None:
    """Forgets whoever was erased lately once more: something may have been on its way."""
    async with transaction(pool) as conn:
        remembered = await erasures.remembered(conn)
        for who in remembered:
            await _forget(conn, who)
        await erasures.drop_remembered(conn, REMEMBERED)


async def _forget(conn: Connection, who: Erased) -> None:
    await behalf.delete_of(conn, who.author)
    await erasures.delete_drafts(conn, who.author)
    await erasures.delete_followings(conn, who.followings)
    await signer_names.delete_of(conn, who.names)
    if who.hides_name:
        await erasures.hide_name(conn, who.author)
