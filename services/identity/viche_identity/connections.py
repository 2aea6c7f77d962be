"""Who of a provider is who here: found, joined with a mailbox, or new (ADR 0015)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from viche_chassis.access import PersonClaims
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields
from viche_chassis.ids import new_id
from viche_chassis.mailboxes import canonical_mailbox
from viche_chassis.sealing import KeyedIndex
from viche_identity.crypto import new_session_token, session_token_hash
from viche_identity.domain.people import SESSION_LIFE_DAYS, Assurance, assurance
from viche_identity.domain.providers import AlreadyConnected, Claimed, LastWayIn
from viche_identity.records import Records, ensure
from viche_identity.store import people, providers, region, sessions

NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody showed who they are, how surely, and when they were last asked; None means just now."""

    signed_in_by: str = "email"
    assurance: Assurance = Assurance.EMAIL
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Browser:
    """What a session is opened in: its device in a few words, and the session that it replaces."""

    device: str = ""
    replaced: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A person's connections, and whether there is no other way in."""

    connections: Sequence[providers.Listed]
    is_only_way: bool


class Connections:
    """Joins subjects of providers with persons, in transactions that others open.

    Args:
        index: by which subjects are found: a database alone does not tell who of a provider somebody is.
    """

    def __init__(self, records: Records, index: KeyedIndex) -> None:
        self._records = records
        self._index = index

    def subject(self, issuer: str, subject: str) -> bytes:
        """The index of a provider's subject; a subject means nothing without its issuer."""
        return self._index.of(subject, within=issuer.encode())

    async def join(self, conn: Connection, person_id: UUID, subject: bytes, provider: str) -> None:
        """Connects a subject with a person.

        Raises:
            AlreadyConnected: it is somebody else's, or was.
        """
        if await providers.connect(conn, new_id(), subject, person_id, provider) != person_id:
            raise AlreadyConnected()

    async def claim(self, conn: Connection, who: Claimed, language: str) -> UUID | None:
        """A new person for a mailbox that the provider vouches for; None where the mailbox has a person.

        Raises:
            InvalidFields: its address is none.
        """
        new = self._records.new_person(who.email, language=language, name=who.name)
        _, created = await ensure(conn, [new])
        if not created:
            return None
        await self._reside(conn, new.id, who.residence_code)
        return new.id

    async def add(self, conn: Connection, who: Claimed, language: str) -> UUID:
        """A new person without a mailbox."""
        new = self._records.new_person_without_mailbox(language=language, name=who.name)
        await people.add(conn, [new])
        await people.add_details(conn, [new])
        await self._reside(conn, new.id, who.residence_code)
        return new.id

    async def fill(self, conn: Connection, person_id: UUID, who: Claimed) -> None:
        """Takes name and residence from the provider where the person has given none."""
        rows = await people.find(conn, [person_id]) if who.name or who.residence_code else []
        if rows and who.name and not self._records.open_person(rows[0]).name:
            await people.rename(conn, [person_id], [self._records.close_name(who.name, person_id)])
        await self._reside(conn, person_id, who.residence_code)

    async def settle(
        self, conn: Connection, link_id: UUID, browser: str, email: str, language: str
    ) -> tuple[UUID, Proof]:
        """Who has used a link, and joins what was to be joined where it is used in the browser that asked for it.

        Elsewhere nothing is joined: whoever had a link sent to another's mailbox must not share their account.
        """
        taken = await providers.take_pending(conn, link_id, session_token_hash(browser)) if browser else None
        pending = taken.pending if taken else None
        asker = pending.person_id if pending else None
        if asker is not None and await self._give_mailbox(conn, asker, email):
            return asker, Proof()
        (person_id,), _ = await ensure(conn, [self._records.new_person(email, language=language)])
        if pending is None or pending.subject is None:
            return person_id, Proof()
        return person_id, await self._join_pending(conn, person_id, pending, pending.subject)

    async def settle_without_address(
        self, conn: Connection, link_id: UUID, browser: str
    ) -> tuple[UUID, Proof, str] | None:
        """A new person for a subject whose link is not waited for, with the way back; None where nothing waits."""
        taken = await providers.take_pending(conn, link_id, session_token_hash(browser))
        if taken is None or taken.pending.subject is None:
            return None
        pending = taken.pending
        person_id = await self.add(conn, self._claimed(pending), taken.language)
        await self.join(conn, person_id, taken.pending.subject, pending.provider)
        proof = Proof(pending.provider, assurance(pending.assurance), pending.asked_at)
        return person_id, proof, taken.return_path

    def pending(self, link_id: UUID, browser: str, subject: bytes, who: Claimed, proof: Proof) -> providers.Pending:
        """What a link will join, with what the provider said of the person."""
        return providers.Pending(
            link_id=link_id,
            browser_hash=session_token_hash(browser),
            provider=proof.signed_in_by,
            subject=subject,
            assurance=proof.assurance.word,
            asked_at=proof.asked_at,
            name=self._records.close_pending_name(who.name, link_id),
            residence_code=who.residence_code,
        )

    async def _join_pending(
        self, conn: Connection, person_id: UUID, pending: providers.Pending, subject: bytes
    ) -> Proof:
        """Joins; a subject that has got a person meanwhile keeps that one, and proves nothing of this one."""
        try:
            await self.join(conn, person_id, subject, pending.provider)
        except AlreadyConnected:
            return Proof()
        await self.fill(conn, person_id, self._claimed(pending))
        return Proof(pending.provider, assurance(pending.assurance))

    def _claimed(self, pending: providers.Pending) -> Claimed:
        name = self._records.open_pending_name(pending.name, pending.link_id)
        return Claimed(subject="", name=name, residence_code=pending.residence_code)

    async def _give_mailbox(self, conn: Connection, person_id: UUID, email: str) -> bool:
        """Gives a mailbox to a person who has none, unless it is somebody's."""
        if await providers.lock_person(conn, person_id):
            return False
        claim = replace(self._records.new_person(email, language=""), id=person_id)
        if not await people.claim_mailboxes(conn, [claim]):
            return False
        await providers.set_email(conn, person_id, self._records.close_email(email, person_id))
        return True

    async def _reside(self, conn: Connection, person_id: UUID, code: str) -> None:
        if code and await region.territory_paths(conn, [code]):
            await people.fill_residence(conn, person_id, code)


async def open_session(conn: Connection, person_id: UUID, proof: Proof, browser: Browser) -> Opened:
    """Opens a session, which stands for the one that it replaces if that is the same person's."""
    token = new_session_token()
    session = sessions.NewSession(
        id=new_id(),
        token_hash=session_token_hash(token),
        person_id=person_id,
        device=browser.device,
        signed_in_by=proof.signed_in_by,
        assurance=proof.assurance.word,
        confirmed_at=proof.asked_at,
    )
    expires_at = await sessions.add(conn, [session], SESSION_LIFE_DAYS)
    if browser.replaced:
        await sessions.end_if_of(conn, session_token_hash(browser.replaced), person_id)
    return Opened(token, expires_at)


async def held_by(pool: Pool, person: PersonClaims) -> Held:
    """The connections of who is signed in that hold."""
    async with transaction(pool) as conn:
        has_mailbox = await providers.lock_person(conn, UUID(person.id))
        connections = await providers.of_person(conn, UUID(person.id))
    return Held(connections, is_only_way=not has_mailbox)


async def disconnect(pool: Pool, person: PersonClaims, connection_id: UUID) -> None:
    """Ends a connection of who is signed in.

    Raises:
        LastWayIn: the person has no mailbox and no other connection.
    """
    async with transaction(pool) as conn:
        has_mailbox = await providers.lock_person(conn, UUID(person.id))  # of two at once the second sees the first
        left = [each for each in await providers.of_person(conn, UUID(person.id)) if each.id != connection_id]
        if not has_mailbox and not left:
            raise LastWayIn()
        await providers.end(conn, UUID(person.id), connection_id)


def is_address(email: str) -> bool:
    """Whether something can be sent there."""
    try:
        return bool(email and canonical_mailbox(email))
    except InvalidFields:
        return False
