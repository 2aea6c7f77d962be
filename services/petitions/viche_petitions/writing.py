"""Writing and opening petitions, each in a transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from viche_chassis import acts, outbox
from viche_chassis.db import Connection
from viche_chassis.errors import InvalidFields, NotYourAuthority
from viche_chassis.words import Words
from viche_petitions import events, running
from viche_petitions.authors import Authors, sign_first
from viche_petitions.domain.authors import violations_of_author
from viche_petitions.domain.drafts import Draft, check_draft, check_number_of_drafts
from viche_petitions.domain.errors import NotADraft, NotSubmitted, PetitionNotFound, StaleVersion
from viche_petitions.domain.pauses import check_opening
from viche_petitions.domain.petition import Petition, State
from viche_petitions.domain.signing import Signer
from viche_petitions.identity import Authority
from viche_petitions.rulebook import Rulebook
from viche_petitions.store import authors as authors_store
from viche_petitions.store import drafts as store
from viche_petitions.store import locks, pauses, rows, sponsors
from viche_sdk.types import Event, Terms


@dataclass(frozen=True, slots=True)
class Handing:
    """What handing in needs besides the draft.

    Args:
        authority: that the petition is addressed to.
        paths: territories by code, each with all above it, outermost first.
        signer: the author as a signer of the petition; None where they did not say.
    """

    authority: Authority
    paths: Mapping[str, Sequence[str]]
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """What writing needs of this instance."""

    rulebook: Rulebook
    words: Words
    rate_factor: float
    authors: Authors

    async def create(
        self, conn: Connection, id: UUID, author: bytes, workflow: str, draft: Draft, handing: Handing
    ) -> Petition:
        """Starts a draft of ``author``; it is handed in at once if it says so."""
        check_draft(draft)
        await locks.hold(conn, locks.key_of(author))
        check_number_of_drafts(*await store.count(conn, author), self.rate_factor)
        chosen = await self.rulebook.name_of(conn, draft.authority_id, workflow)
        await store.insert(conn, id, author, chosen, draft, searchable(self.words, draft))
        return await self._written(conn, id, draft, handing)

    async def update(
        self, conn: Connection, id: UUID, author: bytes, version: int, draft: Draft, handing: Handing
    ) -> Petition:
        """Replaces the texts of a draft of ``author``, and hands it in if it says so."""
        found = await rows.get(conn, id)
        if found is None or found.author != author:  # a draft of somebody else is as good as none
            raise PetitionNotFound()
        if found.state != State.DRAFT:
            raise NotADraft()
        check_draft(draft)
        if not await store.update(conn, id, version, draft, searchable(self.words, draft)):
            raise StaleVersion(version=found.version)
        return await self._written(conn, id, draft, handing)

    async def _written(self, conn: Connection, id: UUID, draft: Draft, handing: Handing) -> Petition:
        """Goes on from the texts of a draft to who starts it, and to handing it in."""
        if draft.authorship is not None:
            await self.authors.put(conn, id, draft.authorship)
        petition = await must_get(conn, id)
        return await self._hand_in(conn, petition, handing) if petition.submitted_at else petition

    async def _hand_in(self, conn: Connection, petition: Petition, handing: Handing) -> Petition:
        """Fixes the terms for the time being and starts their clocks; without terms it waits all the same.

        Where the terms ask for sponsors, it looks for them before it waits.
        """
        assert petition.submitted_at is not None  # the statement before has set it
        id, at, zone = petition.id, petition.submitted_at, self.rulebook.zone
        day = at.astimezone(zone).date()
        terms = (await self.rulebook.rules(conn, handing.authority, petition.workflow, day)).terms
        await self._check_author(conn, petition, terms, handing)
        if handing.signer is not None:
            await authors_store.put_first_signer(conn, handing.signer)
        if terms is not None:
            await store.put_terms(conn, id, terms.to_json())
            if terms.sponsors:
                await sponsors.look_for_sponsors(conn, id)
            await running.happened(conn, id, terms, Event.SUBMITTED, at, zone)
        await outbox.add(conn, events.submitted(id))
        return await must_get(conn, id)

    async def _check_author(self, conn: Connection, petition: Petition, terms: Terms | None, handing: Handing) -> None:
        author = replace(petition.authorship, members=await self.authors.members(conn, petition))
        found = list(violations_of_author(author, terms, handing.paths))
        if found:
            raise InvalidFields(*found)

    async def open(
        self, conn: Connection, id: UUID, covered: frozenset[str], authority: Authority, officer: bytes
    ) -> Petition:
        """Opens what was handed in, under the terms of now."""
        await locks.hold(conn, locks.NUMBERS)
        found = await must_get(conn, id)
        check_covered(found, covered)
        if found.state != State.SUBMITTED or found.authority_id != authority.id:
            raise NotSubmitted()
        check_opening(await pauses.opening(conn, id))
        opened_at, zone = await store.now(conn), self.rulebook.zone
        terms = await self.rulebook.terms(conn, authority, found.workflow, opened_at.astimezone(zone).date())
        number = found.number or await store.next_number(conn)  # a rejection that was taken back has one
        if not await store.open_(conn, id, number, terms.to_json(), opened_at, terms.closes_at(opened_at, zone)):
            raise NotSubmitted()
        for event in beginning(terms):
            await running.happened(conn, id, terms, event, opened_at, zone, officer)
        await sign_first(conn, id, terms)
        await outbox.add(conn, events.opened(id, number))
        return await must_get(conn, id)


def beginning(terms: Terms) -> tuple[Event, ...]:
    """What happens when a petition opens: it is registered, too, where a clock says so. Here both are one act."""
    is_registered = any(Event.REGISTERED in (clock.starts_at, clock.ends_with) for clock in terms.clocks)
    return (Event.REGISTERED, Event.OPENED) if is_registered else (Event.OPENED,)


def searchable(words: Words, draft: Draft) -> str:
    """The words of a draft, those of the title weighing most."""
    return words.vector(draft.language, ("A", draft.title), ("B", draft.background), ("C", draft.details))


def check_covered(petition: Petition, covered: frozenset[str]) -> None:
    """Lets an officer act for the petition's authority.

    Raises:
        NotYourAuthority: the officer's roles do not cover it.
    """
    if str(petition.authority_id) not in covered:
        raise NotYourAuthority()
    acts.about(object=f"petition:{petition.id}", authority_id=petition.authority_id)


async def must_get(conn: Connection, id: UUID) -> Petition:
    """The petition with that id.

    Raises:
        PetitionNotFound: there is none.
    """
    found = await rows.get(conn, id)
    if found is None:
        raise PetitionNotFound()
    return found
