"""Organisations that people act for: founding, confirming, joining, leaving, and proving to represent one."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche.identity.v1 import events_pb2

from viche_chassis import acts, outbox
from viche_chassis.access import PersonClaims
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, LinkExpired, LinkUnknown, NotFound, NotYourAuthority, invalid
from viche_chassis.ids import new_id
from viche_chassis.sealing import LinkTokens
from viche_chassis.tokens import MAX_LIFE_S, Signs
from viche_identity.domain import organisations as rules
from viche_identity.domain.links import LinkUsed
from viche_identity.domain.organisations import Asked, Organisation, Role, State
from viche_identity.domain.people import Person
from viche_identity.records import Records
from viche_identity.store import organisations as store
from viche_identity.store import people
from viche_identity.tokens import ISSUER

AUDIENCE = "petitions"
MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who belongs to an organisation, by name or address."""

    membership: store.Membership
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """An organisation that asked to be confirmed, and who act for it."""

    organisation: Organisation
    representatives: Sequence[Member]


@dataclass(frozen=True, slots=True)
class Belonging:
    """An organisation of a person's; ``members`` are empty where the person does not represent it."""

    organisation: Organisation
    membership: store.Membership
    members: Sequence[Member]


class Organisations:
    """Organisations and who belongs to them.

    Args:
        links: tokens of invitations.
        signer: signs proofs.
        wake: tells the relay that an event waits; called by whoever commits a decision.
    """

    def __init__(
        self, pool: Pool, records: Records, links: LinkTokens, signer: Signs, wake: Callable[[], None]
    ) -> None:
        self._pool = pool
        self._records = records
        self._links = links
        self._signer = signer
        self.wake = wake

    async def put(self, conn: Connection, person_id: UUID, organisation_id: UUID | None, asked: Asked) -> UUID:
        """Founds an organisation, or corrects one; it waits to be confirmed.

        Raises:
            OrganisationUnknown, NotRepresentative, TooManyOrganisations, InvalidFields: it cannot be.
        """
        if not await store.has_authority(conn, asked.authority_id):
            raise InvalidFields(invalid("authority_id", "UNKNOWN_AUTHORITY"))
        if organisation_id is not None:
            await self._represented(conn, organisation_id, person_id)
            await store.ask_again(conn, organisation_id, asked)
            return organisation_id
        await _make_room(conn, person_id)
        id = new_id()
        await store.add(conn, id, asked)
        await store.join(conn, new_id(), id, person_id, Role.REPRESENTATIVE)
        return id

    async def of(self, person_id: UUID) -> Sequence[Belonging]:
        """The organisations that a person belongs to."""
        async with transaction(self._pool) as conn:
            held = await store.of_person(conn, person_id)
            represented = [one.id for one, mine in held if mine.role is Role.REPRESENTATIVE]
            members = await store.members(conn, represented)
            rows = {row.id: row for row in await people.find(conn, list({each.person_id for each in members}))}
        return [
            Belonging(one, mine, [self._member(each, rows) for each in members if each.organisation_id == one.id])
            for one, mine in held
        ]

    async def invite(
        self, person_id: UUID, request_id: UUID, organisation_id: UUID, role: Role
    ) -> tuple[str, datetime]:
        """A link by which somebody joins, and when it stops working.

        Raises:
            OrganisationUnknown, NotRepresentative, TooManyInvitations: there is none.
        """
        async with transaction(self._pool) as conn:
            await self._represented(conn, organisation_id, person_id)
            expires_at = await store.invite(conn, request_id, organisation_id, role, rules.INVITATION_DAYS)
            if await store.count_invitations(conn, organisation_id) > rules.MOST_INVITATIONS:
                raise rules.TooManyInvitations(limit=rules.MOST_INVITATIONS)
        if expires_at is None:
            raise rules.OrganisationUnknown()
        return self._links.make(request_id), expires_at

    async def invitation(self, token: str) -> store.Invitation:
        """What a link invites to.

        Raises:
            LinkUnknown, LinkExpired, LinkUsed: to nothing.
        """
        async with transaction(self._pool) as conn:
            _, found = await self._find_invitation(conn, token)
        return _good(found)

    async def accept(self, person_id: UUID, token: str) -> UUID:
        """Joins by a link; gives the organisation.

        Raises:
            LinkUnknown, LinkExpired, LinkUsed, TooManyOrganisations: nobody joins.
        """
        async with transaction(self._pool) as conn:
            _, found = await self._find_invitation(conn, token)
            await store.lock(conn, found.organisation_id)
            id, found = await self._find_invitation(conn, token)  # as those who were a moment quicker have left it
            if found.used_by == person_id:
                return found.organisation_id
            _good(found)
            held = await store.membership(conn, found.organisation_id, person_id)
            if held is None:
                await _make_room(conn, person_id)
            role = rules.higher(held.role, found.role) if held else found.role
            await store.join(conn, new_id(), found.organisation_id, person_id, role)
            await store.use_invitation(conn, id, person_id)
        return found.organisation_id

    async def end_membership(self, person_id: UUID, organisation_id: UUID, membership_id: UUID) -> None:
        """Ends a membership of the person's or, for representatives, anybody's.

        With that of a representative end the links that wait: nobody comes back by one that they made themselves.

        Raises:
            OrganisationUnknown, NotRepresentative, LastRepresentative: it goes on.
        """
        async with transaction(self._pool) as conn:
            await _belonging(conn, organisation_id, person_id)
            held = {each.id: each for each in await store.members(conn, [organisation_id])}
            ending = held.get(membership_id)
            if ending is None:
                return
            if ending.person_id != person_id:
                await self._represented(conn, organisation_id, person_id)
            left = [each for each in held.values() if each.role is Role.REPRESENTATIVE and each.id != membership_id]
            if ending.role is Role.REPRESENTATIVE and not left:
                raise rules.LastRepresentative()
            await store.end_membership(conn, membership_id)
            if ending.role is Role.REPRESENTATIVE:
                await store.end_invitations(conn, organisation_id)

    async def prove(self, person: PersonClaims, organisation_id: UUID) -> str:
        """A token by which another service knows that the person represents a confirmed organisation.

        Raises:
            OrganisationUnknown, NotRepresentative, OrganisationNotConfirmed: the person does not.
        """
        async with transaction(self._pool) as conn:
            found = await self._represented(conn, organisation_id, UUID(person.id))
        if found.state is not State.CONFIRMED or found.decided_at is None:
            raise rules.OrganisationNotConfirmed()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "scope": f"organisation:{organisation_id}",
            "sub": person.author,
            "title": found.asked.title,
            "register_number": found.asked.register_number,
            "confirmed_at": int(found.decided_at.timestamp()),
        }
        return self._signer.sign(claims, MAX_LIFE_S)

    async def asking(self, authority_ids: Collection[UUID]) -> Sequence[Asking]:
        """Organisations that asked these authorities, those that wait first."""
        async with transaction(self._pool) as conn:
            found = await store.asking(conn, authority_ids, MOST_LISTED)
            members = await store.members(conn, [each.id for each in found])
            acting = [each for each in members if each.role is Role.REPRESENTATIVE]
            rows = {row.id: row for row in await people.find(conn, list({each.person_id for each in acting}))}
        return [
            Asking(one, [self._for_operators(each, rows) for each in acting if each.organisation_id == one.id])
            for one in found
        ]

    async def decide(
        self, conn: Connection, officer: PersonClaims, organisation_id: UUID, version: int, reason: str = ""
    ) -> None:
        """Confirms an organisation; with a reason, refuses it.

        Raises:
            OrganisationUnknown, NotYourAuthority, OwnOrganisation, OrganisationChanged, OrganisationTaken: it stays.
        """
        found = await store.lock(conn, organisation_id)
        if found is None:
            raise rules.OrganisationUnknown()
        if str(found.asked.authority_id) not in officer.authorities(["operator"]):
            raise NotYourAuthority()
        acts.about(authority_id=found.asked.authority_id)
        if await store.membership(conn, organisation_id, UUID(officer.id)):
            raise rules.OwnOrganisation()
        if found.version != version:
            raise rules.OrganisationChanged()
        await store.decide(conn, organisation_id, State.REFUSED if reason else State.CONFIRMED, reason)
        acting = [each for each in await store.members(conn, [organisation_id]) if each.role is Role.REPRESENTATIVE]
        await outbox.add(conn, *(events_pb2.OrganisationDecided(membership_id=str(each.id)) for each in acting))

    async def told(self, membership_id: UUID) -> tuple[Organisation, Person]:
        """What was decided, and who is told.

        Raises:
            NotFound: nothing, or nobody.
        """
        async with transaction(self._pool) as conn:
            found = await store.decided(conn, membership_id)
            rows = await people.find(conn, [found[1]]) if found else []
        person = self._records.open_person(rows[0]) if rows else None
        if found is None or person is None or not person.email:
            raise NotFound(what="decision")
        return found[0], person

    async def _represented(self, conn: Connection, organisation_id: UUID, person_id: UUID) -> Organisation:
        found, mine = await _belonging(conn, organisation_id, person_id)
        if mine.role is not Role.REPRESENTATIVE:
            raise rules.NotRepresentative()
        return found

    async def _find_invitation(self, conn: Connection, token: str) -> tuple[UUID, store.Invitation]:
        id = self._links.read(token)
        found = await store.invitation(conn, id) if id else None
        if id is None or found is None:
            raise LinkUnknown()
        return id, found

    def _for_operators(self, each: store.Membership, rows: dict[UUID, people.PersonRow]) -> Member:
        person = self._records.open_person(rows[each.person_id]) if each.person_id in rows else None
        return Member(each, person.name, person.email) if person else Member(each, "")

    def _member(self, each: store.Membership, rows: dict[UUID, people.PersonRow]) -> Member:
        person = self._records.open_person(rows[each.person_id]) if each.person_id in rows else None
        return Member(each, (person.name or person.email) if person else "")


async def _belonging(conn: Connection, organisation_id: UUID, person_id: UUID) -> tuple[Organisation, store.Membership]:
    """An organisation of the person's, locked; those of others are as good as none."""
    found = await store.lock(conn, organisation_id)
    mine = await store.membership(conn, organisation_id, person_id)
    if found is None or mine is None:
        raise rules.OrganisationUnknown()
    return found, mine


async def _make_room(conn: Connection, person_id: UUID) -> None:
    await people.lock(conn, person_id)  # of several at once each counts those before it
    if len(await store.of_person(conn, person_id)) >= rules.MOST_OF_ONE_PERSON:
        raise rules.TooManyOrganisations(limit=rules.MOST_OF_ONE_PERSON)


def _good(found: store.Invitation) -> store.Invitation:
    if found.is_used:
        raise LinkUsed()
    if not found.is_good:
        raise LinkExpired()
    return found
