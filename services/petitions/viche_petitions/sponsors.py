"""Sponsors: invited by a secret link, they support a petition before it is checked.

A sponsor is a signer from the beginning: the same row, once per person, under the same rules. It is only not counted in
public before the petition opens. Who supports is known by two pseudonyms in one call, that of authors, to tell the
author apart, and that of the petition; they are compared and never stored together, nor under one request id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.petitions.v1 import sponsors_pb2 as pb

from viche_chassis import base64url, outbox
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import FieldViolation, InvalidFields, LinkUnknown, RequestMismatch, TooManyRequests, invalid
from viche_chassis.ids import new_id
from viche_chassis.mailboxes import canonical_mailbox, sending_address
from viche_chassis.rates import Rates
from viche_chassis.shards import Shards
from viche_petitions import events, running
from viche_petitions.domain.errors import AlreadySigned, NotSponsoring, PetitionNotFound
from viche_petitions.domain.pauses import check_signing
from viche_petitions.domain.petition import Petition, State
from viche_petitions.domain.signers import GivenName, check_name, shows_names
from viche_petitions.domain.signing import Signer, asks_for_minima
from viche_petitions.domain.sponsors import (
    INVITATION_DAYS,
    MAX_INVITED_AT_ONCE,
    check_sponsor,
    is_sponsored_by,
    sponsoring_terms,
)
from viche_petitions.rates import SPONSOR_INVITATIONS
from viche_petitions.sealing import Sealing
from viche_petitions.signer_names import SignerNames
from viche_petitions.store import drafts, pauses, residences, signatures
from viche_petitions.store import sponsors as store
from viche_petitions.store.signatures import NewSignature
from viche_petitions.writing import must_get
from viche_sdk.types import Event, Terms

CONTACT = "sponsor_invitations.contact"


@dataclass(frozen=True, slots=True)
class SponsorLink:
    """What an author passes on, and how many they have invited by mail."""

    token: str
    invited: int
    petition: Petition


@dataclass(frozen=True, slots=True)
class InvitationMail:
    """What a mail that invites needs."""

    email: str
    language: str
    token: str
    petition: Petition
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Support:
    """Somebody who presses the button: under the pseudonym of authors, and as a signer of the petition.

    ``given`` is the name that is to be published once the petition opens, if any.
    """

    request_id: UUID
    author: bytes
    signer: Signer
    given: GivenName | None = None


class Sponsoring:
    """Sponsors of petitions.

    Args:
        zone: of the authorities.
        on_accepted: told, after the commit, which petitions have something new.
    """

    def __init__(
        self, pool: Pool, sealing: Sealing, rates: Rates, zone: ZoneInfo, on_accepted: Callable[[set[UUID]], None]
    ) -> None:
        self._pool = pool
        self._sealing = sealing
        self._names = SignerNames(sealing)
        self._rates = rates
        self._zone = zone
        self._on_accepted = on_accepted
        self._shards = Shards()

    async def link(self, author: bytes, petition_id: UUID) -> SponsorLink:
        """The link of a petition of one's own.

        Raises:
            PetitionNotFound, NotSponsoring: there is none.
        """
        async with reading(self._pool) as conn:
            petition = await _own(conn, author, petition_id)
            sponsoring_terms(petition)
            invited = await store.count_invited(conn, petition_id)
        return SponsorLink(self._sealing.sponsor_links.make(petition_id), invited, petition)

    async def look(self, token: str) -> Petition:
        """What a link invites to.

        Raises:
            LinkUnknown: it is none of ours.
        """
        petition_id = self._petition_of(token)
        async with reading(self._pool) as conn:
            return await must_get(conn, petition_id)

    async def invite(self, caller: str, author: bytes, request: pb.CreateInvitationsRequest) -> int:
        """Has mails sent to addresses that were not invited before.

        Returns:
            how many.

        Raises:
            InvalidFields, TooManyRequests, PetitionNotFound, NotSponsoring: none is sent.
        """
        petition_id = UUID(request.petition_id)
        emails = _read_addresses(request.emails)
        by_index = {self._sealing.mailbox_index(petition_id, mailbox): email for mailbox, email in emails.items()}
        key = (caller, request.request_id, _without_people(request, by_index))
        async with transaction(self._pool) as conn:
            before = await outbox.remembered(conn, *key, pb.CreateInvitationsResponse)
            if before is not None:
                return before.invited
        await self._check_rates(author, len(emails))
        async with transaction(self._pool) as conn:
            before = await outbox.remembered(conn, *key, pb.CreateInvitationsResponse)
            if before is not None:
                return before.invited
            if (await _own(conn, author, petition_id)).state is not State.SPONSORING:
                raise NotSponsoring()
            sent = [
                await self._invite(conn, petition_id, index, by_index[index], request.language)
                for index in sorted(by_index)  # so that two that invite the same wait for each other, and never both
            ]
            await outbox.remember(conn, *key, pb.CreateInvitationsResponse(invited=sum(sent)))
        self._on_accepted(set())
        return sum(sent)

    async def mail(self, invitation_id: UUID) -> InvitationMail:
        """What the mail of an invitation needs. The address is deleted soon after.

        Raises:
            LinkUnknown: the address is not there any more.
            NotSponsoring: the petition looks for sponsors no more.
        """
        async with transaction(self._pool) as conn:
            found = await store.invitation(conn, invitation_id)
            if found is None:
                raise LinkUnknown()
            petition = await must_get(conn, found.petition_id)
            if petition.state is not State.SPONSORING:
                raise NotSponsoring()
            await store.mark_fetched(conn, found.id)
        email, language = self._sealing.open_values(found.contact, CONTACT, found.id)
        return InvitationMail(
            email, language, self._sealing.sponsor_links.make(petition.id), petition, found.expires_at
        )  # fmt: skip

    async def support(self, token: str, support: Support) -> tuple[UUID, Petition]:
        """Supports a petition; a repeat gets the same answer.

        Returns:
            the id of the signature, and the petition as it is then.

        Raises:
            LinkUnknown: the link is none, or of another petition.
            DomainError: they may not; see the contract.
        """
        petition_id = support.signer.petition_id
        if self._petition_of(token) != petition_id:
            raise LinkUnknown()
        async with transaction(self._pool) as conn:
            await store.hold(conn, petition_id)
            signature_id = await _signed_before(conn, support) or await self._write(conn, support)
            petition = await must_get(conn, petition_id)
        self._on_accepted({petition_id})
        return signature_id, petition

    def _petition_of(self, token: str) -> UUID:
        petition_id = self._sealing.sponsor_links.read(token)
        if petition_id is None:
            raise LinkUnknown()
        return petition_id

    async def _check_rates(self, author: bytes, addresses: int) -> None:
        """Counts in a transaction of its own, so that refused requests count too."""
        wait_s = 0
        async with transaction(self._pool) as conn:
            for _ in range(addresses):
                wait_s = await self._rates.use(conn, SPONSOR_INVITATIONS, base64url.encode(author))
        if wait_s:
            raise TooManyRequests(retry_after_s=wait_s)

    async def _invite(self, conn: Connection, petition_id: UUID, index: bytes, email: str, language: str) -> bool:
        id = new_id()
        sealed = self._sealing.close_values((email, language), CONTACT, id)
        if not await store.invite(conn, id, petition_id, index, sealed, INVITATION_DAYS):
            return False
        await outbox.add(conn, events.sponsor_invited(id))
        return True

    async def _write(self, conn: Connection, support: Support) -> UUID:
        """Writes the signature and counts the sponsor; to be called holding the petition."""
        signer = support.signer
        petition = await must_get(conn, signer.petition_id)
        check_signing(await pauses.signing(conn, petition.id))
        terms = check_sponsor(petition, support.author, signer)
        check_name(terms, support.given)
        given = support.given if shows_names(terms) else None
        new = NewSignature(new_id(), signer, support.request_id, given=given)
        with self._shards.take() as shard:
            written, at = await signatures.insert(conn, [new], channel="person", step=0, shard=shard)
        if not written or at is None:  # signed before by another way
            raise AlreadySigned()
        await self._names.put(conn, [new], at)
        if asks_for_minima(terms):
            await residences.put(conn, [signer])
        await outbox.add(conn, events.signatures_accepted(petition.id, [new.id], at))
        if is_sponsored_by(petition, await store.add(conn, petition.id)):
            await self._move_on(conn, petition.id, terms)
        return new.id

    async def _move_on(self, conn: Connection, petition_id: UUID, terms: Terms) -> None:
        at = await drafts.now(conn)
        await store.mark_sponsored(conn, petition_id, at)
        await running.happened(conn, petition_id, terms, Event.SPONSORED, at, self._zone)
        await outbox.add(conn, events.sponsored(petition_id))


async def _own(conn: Connection, author: bytes, petition_id: UUID) -> Petition:
    found = await must_get(conn, petition_id)
    if found.author != author:  # a petition of somebody else is as good as none
        raise PetitionNotFound()
    return found


async def _signed_before(conn: Connection, support: Support) -> UUID | None:
    """The signature of the same request; None where neither the request nor the signer is known.

    Raises:
        AlreadySigned: by another request.
        RequestMismatch: the request was that of another signature.
    """
    signer = support.signer
    for each in await signatures.find_signed(
        conn, [signer.petition_id], [signer.pseudonym], [support.request_id]
    ):  # fmt: skip
        is_same_person = (each.petition_id, each.signer) == (signer.petition_id, signer.pseudonym)
        if each.request_id != support.request_id:
            raise AlreadySigned()
        if not is_same_person:
            raise RequestMismatch()
        return each.signature_id
    return None


def _read_addresses(emails: Sequence[str]) -> dict[str, str]:
    """Addresses by their mailboxes, each mailbox once.

    Raises:
        InvalidFields: naming every line that is no address, and that there are too many.
    """
    found: dict[str, str] = {}
    faults: list[FieldViolation] = []
    for line, email in enumerate(emails):
        try:
            found.setdefault(canonical_mailbox(email), sending_address(email))
        except InvalidFields:
            faults.append(invalid(f"emails[{line}]", "BAD_EMAIL", line=line + 1))
    if len(emails) > MAX_INVITED_AT_ONCE:
        faults.append(invalid("emails", "TOO_MANY", limit=MAX_INVITED_AT_ONCE))
    if faults:
        raise InvalidFields(*faults)
    return found


def _without_people(request: pb.CreateInvitationsRequest, by_index: Mapping[bytes, str]) -> (
    pb.CreateInvitationsRequest
):  # fmt: skip
    """What is remembered of a request: keyed hashes, where a plain hash of addresses could be guessed."""
    return pb.CreateInvitationsRequest(
        request_id=request.request_id, petition_id=request.petition_id, language=request.language,
        emails=sorted(index.hex() for index in by_index),
    )  # fmt: skip
