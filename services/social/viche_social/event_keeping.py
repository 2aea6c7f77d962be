"""What time does to public events: registrations that nobody confirmed end, people are reminded, and forgotten."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from viche.identity.v1 import events_pb2

from viche_chassis.bus import Client
from viche_chassis.consuming import Consumer, Event
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import Unavailable
from viche_chassis.outbox import seen
from viche_chassis.periodic import every
from viche_social.domain.public_events import HOLDING, RegistrationState, has_begun
from viche_social.event_mailing import Letters, MailKind
from viche_social.registering import Seats
from viche_social.store import public_events, registrations

log = logging.getLogger("viche.social")

CONSUMER = "social-erasing"
LOOK_EVERY_S = 5.0
AT_ONCE = 100
REMEMBERED = timedelta(hours=1)
"""How long after an erasure registrations are looked for; scope tokens hold for five minutes."""


class Keeping:
    """Looks every few seconds. Several processes may: each event is held while it is worked on.

    Args:
        pool: of the database.
        seats: moves registrations.
        letters: puts mails on their way.
        hurry: called when there are mails.
        kept: for how long after an event names and addresses are kept.
    """

    def __init__(self, pool: Pool, seats: Seats, letters: Letters, hurry: Callable[[], None], kept: timedelta) -> None:
        self._pool = pool
        self._seats = seats
        self._letters = letters
        self._hurry = hurry
        self._kept = kept

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.look, "keeping registrations for events")

    async def look(self) -> None:
        """Looks once."""
        async with reading(self._pool) as conn:
            late = await registrations.events_with_late(conn, AT_ONCE)
            due = await public_events.to_remind(conn, AT_ONCE)
            old = await public_events.to_forget(conn, self._kept, AT_ONCE)
        for ids, act in ((late, self._free), (due, self._remind), (old, self._forget_people)):
            for id in ids:
                await self._alone(id, act)
        await self._forget_again()
        if late or due:
            self._hurry()

    async def _alone(self, id: UUID, act: Callable[[Connection, UUID], Awaitable[None]]) -> None:
        """Works on one event; one that fails never keeps the others."""
        try:
            async with transaction(self._pool) as conn:
                await self._seats.held_event(conn, id)
                await act(conn, id)
        except Unavailable:
            raise
        except Exception:
            log.exception("an event could not be kept", extra={"event_id": str(id)})

    async def _free(self, conn: Connection, id: UUID) -> None:
        """Nothing but holding the event, which ends what is late."""

    async def _remind(self, conn: Connection, id: UUID) -> None:
        """Reminds once: what is noted and the mails are committed together."""
        if await public_events.note_reminded(conn, id):
            await self._letters.add_all(conn, id, MailKind.REMINDER)

    async def _forget_people(self, conn: Connection, id: UUID) -> None:
        await registrations.forget(conn, id)
        await public_events.note_forgotten(conn, id)

    def consumer(self, client: Client) -> Consumer:
        """Hears identity's events."""
        return Consumer(self._pool, client, "identity", CONSUMER, {events_pb2.PersonErased: self.erased})

    async def erased(self, event: Event) -> None:
        """Forgets a person whom identity has erased, once: seats that they had are free again."""
        said: Any = event.message
        async with transaction(self._pool) as conn:
            if not said.registrations or await seen(conn, CONSUMER, event.id):
                return
            await self._forget(conn, said.registrations)
            await registrations.remember_erased(conn, said.registrations)
        self._hurry()

    async def _forget_again(self) -> None:
        """Once more whoever was erased lately: a registration may have been on its way."""
        async with reading(self._pool) as conn:
            erased = await registrations.erased(conn)
        if not erased:
            return
        for person in erased:
            async with transaction(self._pool) as conn:
                await self._forget(conn, person)
        async with transaction(self._pool) as conn:
            await registrations.drop_erased(conn, REMEMBERED)

    async def _forget(self, conn: Connection, person: bytes) -> None:
        own = await registrations.of_person(conn, person)
        for each in sorted(own, key=lambda each: each.event_id):  # whoever holds several events does so in this order
            event, found = await self._seats.held(conn, each.id)
            if found.state in HOLDING and not has_begun(event.times, event.now):
                await self._seats.end(conn, event, found, RegistrationState.CANCELLED)
            else:
                await registrations.forget_one(conn, found.id)
