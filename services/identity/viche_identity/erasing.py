"""Erases persons: once their time has come, and again after a restore (ADR 0012)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from viche.identity.v1 import events_pb2

from viche_chassis import outbox
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.ids import new_id
from viche_chassis.periodic import every
from viche_identity.crypto import Pseudonyms
from viche_identity.domain.erasures import SCOPE
from viche_identity.domain.scopes import ANSWERS, AUTHORS, FOLLOWINGS, NAMES, REGISTRATIONS
from viche_identity.store import erasures, grants, organisations, passkeys, people, providers

EVERY_S = 60.0
AT_ONCE = 50
CHUNK = 5_000


class Erasing:
    """Does what was asked for, and says so to other services.

    Args:
        wake: tells the relay that an event waits.
    """

    def __init__(self, pool: Pool, pseudonyms: Pseudonyms, wake: Callable[[], None]) -> None:
        self._pool = pool
        self._pseudonyms = pseudonyms
        self._wake = wake

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(EVERY_S, self.erase_due, "erasing")

    async def erase_due(self) -> None:
        """Once: all whose time has come."""
        while True:
            async with transaction(self._pool) as conn:
                due = await erasures.take_due(conn, AT_ONCE)
                now = await grants.now(conn)
                for each in due:
                    await self._erase(conn, each.person_id, now, hides_name=each.hides_name)
            if not due:
                return
            self._wake()

    async def replay(self, done: Mapping[bytes, erasures.Done]) -> int:
        """Erases those again who are back, by the hashes under which they were erased; gives how many there were."""
        last, erased = UUID(int=0), 0
        while True:
            async with transaction(self._pool) as conn:
                ids = await people.ids_after(conn, last, CHUNK)
                for person_id in ids:
                    known = done.get(self._pseudonyms.of(SCOPE, person_id))
                    if known is not None:
                        await self._erase(conn, person_id, known.erased_at, hides_name=known.hides_name)
                        erased += 1
            if not ids:
                break
            last = ids[-1]
        self._wake()
        return erased

    async def _erase(self, conn: Connection, person_id: UUID, at: datetime, *, hides_name: bool) -> None:
        of = self._pseudonyms.of
        await erasures.add(conn, erasures.Done(new_id(), of(SCOPE, person_id), at, hides_name))
        for forget in (
            erasures.forget_details,
            erasures.forget_mailbox,
            erasures.forget_sessions,
            providers.forget,
            providers.forget_visits,
            providers.forget_pending,
            organisations.forget_memberships,
            organisations.forget_joining,
            passkeys.forget,
            passkeys.forget_handle,
            passkeys.forget_challenges,
            erasures.end_roles,
            erasures.forget_residence,
            erasures.cancel,
            erasures.forget_person,
        ):
            await forget(conn, person_id)
        event = events_pb2.PersonErased(
            author=of(AUTHORS, person_id),
            followings=of(FOLLOWINGS, person_id),
            hides_name=hides_name,
            names=of(NAMES, person_id),
            answers=of(ANSWERS, person_id),
            registrations=of(REGISTRATIONS, person_id),
        )
        await outbox.add(conn, event)
