"""Does its part when identity has erased a person."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from viche.identity.v1 import events_pb2

from viche_chassis.bus import Client
from viche_chassis.consuming import Consumer, Event
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.outbox import seen
from viche_surveys.respondents import Respondents
from viche_surveys.store import erasures

CONSUMER = "surveys-erasing"
AT_ONCE = 1_000
REMEMBERED = timedelta(hours=1)
"""How long after an erasure answers are looked for; scope tokens hold for five minutes."""


class Erasing:
    """Handles PersonErased. Answers stay, without those to personal questions: they lead to nobody any more."""

    def __init__(self, pool: Pool, respondents: Respondents) -> None:
        self._pool = pool
        self._respondents = respondents

    def consumer(self, client: Client) -> Consumer:
        """Hears identity's events."""
        return Consumer(self._pool, client, "identity", CONSUMER, {events_pb2.PersonErased: self.erased})

    async def erased(self, event: Event) -> None:
        """Erases what is kept here of the person, once."""
        said: Any = event.message
        async with transaction(self._pool) as conn:
            if not await seen(conn, CONSUMER, event.id):
                await self._forget(conn, said.answers)

    async def _forget(self, conn: Connection, pseudonym: bytes) -> None:
        after = UUID(int=0)
        while surveys := await erasures.surveys_after(conn, after, AT_ONCE):
            keys = [self._respondents.erased_by(each, pseudonym) for each in surveys]
            await erasures.forget(conn, keys)
            await erasures.remember(conn, keys)
            after = surveys[-1]


async def forget_again(pool: Pool) -> None:
    """Forgets whoever was erased lately once more: an answer may have been on its way."""
    async with transaction(pool) as conn:
        keys = await erasures.remembered_after(conn, b"", AT_ONCE)
        while keys:
            await erasures.forget(conn, keys)
            keys = await erasures.remembered_after(conn, keys[-1], AT_ONCE)
        await erasures.drop_remembered(conn, REMEMBERED)
