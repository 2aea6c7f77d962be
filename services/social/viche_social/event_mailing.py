"""Mails about public events: put on their way with what they tell of, handed to notifications afterwards.

A mail's id is that of the request to notifications, which sends one mail for it however often it is asked.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import DomainError, InvalidFields, Unavailable
from viche_chassis.ids import new_id
from viche_chassis.sealing import Unreadable
from viche_social.domain.public_events import RegistrationState
from viche_social.store import event_mails, public_events, registrations
from viche_social.store.event_mails import Mail
from viche_social.store.public_events import PublicEvent
from viche_social.store.registrations import Registration
from viche_social.visitors import Said, Visitors

log = logging.getLogger("viche.social")

LOOK_EVERY_S = 1.0
AT_ONCE = 50
LEASE = timedelta(minutes=2)
MOST_TRIES = 100
LONGEST_WAIT_S = 900


class MailKind(StrEnum):
    """What a mail says; the names are those of the contract of notifications."""

    CONFIRM = "confirm"
    REGISTERED = "registered"
    WAITING = "waiting"
    PROMOTED = "promoted"
    REMINDER = "reminder"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    REMOVED = "removed"


class Letters:
    """Puts mails on their way, within the transaction of what they tell of."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors

    async def add(self, conn: Connection, to: Registration, kind: MailKind, reason: str = "") -> None:
        """One mail; none for whoever has no address, or was forgotten."""
        position = await registrations.position(conn, to) if to.state is RegistrationState.WAITING else 0
        mail = self._mail(to, kind, position, reason)
        if mail is not None:
            await event_mails.add(conn, [mail])

    async def add_all(self, conn: Connection, event_id: UUID, kind: MailKind) -> int:
        """One to everybody who has seats or waits for them; a reminder to those with seats alone.

        Returns:
            how many.
        """
        seated = await registrations.of_event(conn, event_id, {RegistrationState.REGISTERED})
        waiting = await registrations.of_event(conn, event_id, {RegistrationState.WAITING})
        to = [(each, 0) for each in seated]
        if kind is not MailKind.REMINDER:
            to += [(each, position) for position, each in enumerate(waiting, start=1)]
        made = [self._mail(each, kind, position) for each, position in to]
        mails = [mail for mail in made if mail is not None]
        await event_mails.add(conn, mails)
        return len(mails)

    def _mail(self, to: Registration, kind: MailKind, position: int, reason: str = "") -> Mail | None:
        visitor = self._visitors.open(to.sealed, to.id)
        if not visitor.email:
            return None
        said = Said(visitor, to.seats, reason, position, to.held_until.isoformat() if to.held_until else "")
        id = new_id()
        return Mail(id, to.event_id, to.id, kind, self._visitors.close_mail(said, id), to.language)


class Office(Protocol):
    """Notifications, as far as these mails go."""

    async def send(self, mail: Mail, said: Said, event: PublicEvent, token: str) -> None:
        """Hands one mail over.

        Raises:
            DomainError: it was not taken; Unavailable: it may be later.
        """
        ...


class Postman:
    """Hands over what is due. Several processes may: a mail belongs to one of them for a while.

    Args:
        pool: of the database.
        visitors: opens what mails say.
        office: takes them.
    """

    def __init__(self, pool: Pool, visitors: Visitors, office: Office) -> None:
        self._pool = pool
        self._visitors = visitors
        self._office = office
        self._bell = asyncio.Event()

    @property
    def hurry(self) -> Callable[[], None]:
        """To be called when there are mails."""
        return self._bell.set

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            self._bell.clear()
            try:
                while await self.look() == AT_ONCE:
                    pass
            except Unavailable as error:
                log.warning("mails about events wait", extra={"what": error.values.get("what", "")})
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._bell.wait()
            except TimeoutError:
                pass

    async def look(self) -> int:
        """Looks once.

        Returns:
            how many were due.
        """
        async with transaction(self._pool) as conn:
            due = await event_mails.claim(conn, LEASE, AT_ONCE)
        async with reading(self._pool) as conn:
            events = await public_events.by_ids(conn, sorted({mail.event_id for mail in due}))
        for mail in due:
            await self._hand_over(mail, events[mail.event_id])
        return len(due)

    async def _hand_over(self, mail: Mail, event: PublicEvent) -> None:
        """Hands over one mail; one that cannot be never keeps the others."""
        try:
            said = self._visitors.open_mail(mail.sealed, mail.id)
            await self._office.send(mail, said, event, self._visitors.token(mail.registration_id))
        except (InvalidFields, Unreadable):
            log.exception("a mail about an event cannot be sent", extra={"mail_id": str(mail.id), "kind": mail.kind})
        except Exception as error:
            if mail.tries < MOST_TRIES:
                reason = error.reason if isinstance(error, DomainError) else type(error).__name__
                log.warning("a mail about an event waits", extra={"mail_id": str(mail.id), "reason": reason})
                async with transaction(self._pool) as conn:
                    await event_mails.postpone(conn, mail.id, _wait(mail.tries))
                return
            log.exception("a mail about an event was given up", extra={"mail_id": str(mail.id), "kind": mail.kind})
        async with transaction(self._pool) as conn:
            await event_mails.done(conn, mail.id)


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=min(2 ** min(tries, 20), LONGEST_WAIT_S))
