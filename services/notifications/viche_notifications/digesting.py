"""The mail of the morning: what waits for each officer, once a working day, and only if something does.

Every process that runs does the round; of one person and day there is one row, so that nobody is written to twice.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from viche.identity.v1 import officers_pb2

from viche_chassis.db import Pool, transaction
from viche_chassis.errors import DomainError
from viche_chassis.ids import new_id
from viche_chassis.periodic import every
from viche_notifications.consumer import index_of
from viche_notifications.domain.digests import SUBJECT, TASKS, Held, Waits, day_of, end_of, theirs
from viche_notifications.domain.messages import OFFICE_DIGEST, language_for, text_in
from viche_notifications.mail import one_line
from viche_notifications.office import Office
from viche_notifications.sealing import Contact, Contacts
from viche_notifications.store import digests, messages
from viche_notifications.store.messages import NewMessage
from viche_notifications.waking import Bell

log = logging.getLogger("viche.digests")

LOOK_EVERY_S = 60.0
CONSOLE = "/console"
Names = Mapping[str, Mapping[str, str]]


class Digester:
    """:meth:`run` is a background task.

    Args:
        zone: in which it is morning.
        bell: rung when mails are in the queue.
    """

    def __init__(
        self, pool: Pool, office: Office, contacts: Contacts, zone: ZoneInfo, languages: Sequence[str], bell: Bell
    ) -> None:
        self._pool = pool
        self._office = office
        self._contacts = contacts
        self._zone = zone
        self._languages = languages
        self._bell = bell
        self._done: date | None = None

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(LOOK_EVERY_S, self.look, "digests")

    async def look(self) -> None:
        """Does the round of this morning, if it is morning; what fails is tried again with the next look."""
        async with transaction(self._pool) as conn:
            now = await digests.now(conn)
        try:
            await self.step(now)
        except DomainError as error:
            log.warning("digests wait", extra={"reason": error.reason})

    async def step(self, now: datetime) -> int:
        """Writes to everybody for whom something waits this morning; says to how many.

        Raises:
            DomainError: identity or petitions do not answer.
        """
        day = day_of(now, self._zone)
        if day is None or day == self._done:
            return 0
        waiting, told = await self._office.waiting(day), 0
        if waiting:
            names = await self._office.names()
            async for officer in self._office.officers():
                told += await self._tell(officer, waiting, names, day)
            self._bell.ring()
        self._done = day
        return told

    async def _tell(
        self, officer: officers_pb2.OfficerContact, waiting: Sequence[Waits], names: Names, day: date
    ) -> bool:
        held = [Held(each.role, {each.authority_id, *each.covers_authority_ids}) for each in officer.grants]
        own = theirs(held, waiting, officer.author)
        if not own:
            return False
        message = self._message(officer, own, names, day)
        async with transaction(self._pool) as conn:
            is_new = await digests.add(conn, officer.recipient.pseudonym, day, message.id)
            if is_new:
                await messages.add(conn, message)
        return is_new

    def _message(
        self, officer: officers_pb2.OfficerContact, own: Sequence[Waits], names: Names, day: date
    ) -> NewMessage:
        message_id, to = new_id(), officer.recipient
        language = language_for(to.language, self._languages)
        return NewMessage(
            id=message_id,
            template=OFFICE_DIGEST.name,
            lane=OFFICE_DIGEST.lane,
            language=language,
            sealed=self._contacts.seal(message_id, Contact(to.email, to.name)),
            address_index=index_of(self._contacts, to.email),
            expires_at=end_of(day, self._zone),
            params=facts_of(own, names, language),
            subject=SUBJECT,
        )


def facts_of(own: Sequence[Waits], names: Names, language: str) -> Mapping[str, Any]:
    """What the mail says: by authority, those with late tasks first."""
    ordered = sorted(own, key=lambda each: each.authority_id)
    authorities = [
        _authority(list(tasks), names.get(authority_id, {}), language)
        for authority_id, tasks in groupby(ordered, key=lambda each: each.authority_id)
    ]
    return {
        "path": CONSOLE,
        "waiting": sum(each.cases for each in own),
        "late": sum(each.overdue for each in own),
        "authorities": sorted(authorities, key=lambda each: (-each["late"], each["name"])),
    }


def _authority(tasks: Sequence[Waits], name: Mapping[str, str], language: str) -> dict[str, Any]:
    shown, name_language = text_in(name, language)
    return {
        "name": one_line(shown),
        "name_language": name_language,
        "late": sum(each.overdue for each in tasks),
        "tasks": [
            {"task": each.task, "cases": each.cases, "overdue": each.overdue, "next_day": each.next_day}
            for each in sorted(tasks, key=lambda each: TASKS.index(each.task))
        ],
    }
