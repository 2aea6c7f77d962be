"""Writing drafts for citizens who ask an officer to, in transactions of the caller."""

from dataclasses import dataclass

from viche_chassis import acts, base64url, outbox
from viche_chassis.db import Connection
from viche_chassis.errors import NotYourAuthority
from viche_chassis.ids import new_id
from viche_chassis.rates import Rates
from viche_petitions import events
from viche_petitions.domain.behalf import check_number_of_written
from viche_petitions.domain.drafts import Draft, check_draft
from viche_petitions.identity import People
from viche_petitions.rates import WRITTEN_FOR_OTHERS
from viche_petitions.store import behalf as store
from viche_petitions.store import drafts, locks
from viche_petitions.writing import Writing, searchable


@dataclass(frozen=True, slots=True)
class Behalf:
    """What writing for others needs."""

    writing: Writing
    people: People
    rates: Rates

    async def write(self, conn: Connection, officer: bytes, email: str, workflow: str, draft: Draft) -> None:
        """Makes a draft whose author is whoever owns the address, known or not.

        Raises:
            InvalidFields, UnknownWorkflow: the draft cannot be.
            TooManyRequests: the officer has written too many within the hour.
            TooManyWritten: too many wait for the address.
        """
        check_draft(draft)
        chosen = await self.writing.rulebook.name_of(conn, draft.authority_id, workflow)
        await self.rates.require(conn, WRITTEN_FOR_OTHERS, base64url.encode(officer))
        author = await self.people.author(email, draft.language)
        await locks.hold(conn, locks.key_of(author))
        check_number_of_written(await store.waiting(conn, author))
        id = new_id()
        await drafts.insert(conn, id, author, chosen, draft, searchable(self.writing.words, draft))
        await store.put(conn, id, officer, draft.authority_id)
        await outbox.add(conn, events.draft_written_for(id))
        acts.about(object=f"petition:{id}", authority_id=draft.authority_id)


def check_authority(authority_id: str, covered: frozenset[str]) -> None:
    """Lets an officer write to an authority.

    Raises:
        NotYourAuthority: the officer's roles do not cover it.
    """
    if authority_id not in covered:
        raise NotYourAuthority()
