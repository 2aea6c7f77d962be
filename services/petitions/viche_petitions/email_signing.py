"""Signing by e-mail: begun on a form, confirmed by the button on the page that the mail opens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from viche.petitions.v1 import petitions_pb2 as pb

from viche_chassis import outbox
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields, LinkExpired, LinkUnknown, TooManyRequests, invalid
from viche_chassis.ids import new_id
from viche_chassis.mailboxes import canonical_mailbox, sending_address
from viche_chassis.rates import Rates
from viche_chassis.shards import Shards
from viche_petitions import events
from viche_petitions.domain.drafts import clean_line
from viche_petitions.domain.errors import AlreadySigned, NotOpen, PendingChanged, PetitionNotFound
from viche_petitions.domain.integrity import network_block
from viche_petitions.domain.pauses import check_signing
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.sides import Side, check_side, side_of
from viche_petitions.domain.signers import GivenName, shows_names
from viche_petitions.domain.signing import asks_for_minima, check_assurance, check_signer
from viche_petitions.identity import ASSURANCE, Confirmed, Contact, People
from viche_petitions.rates import rules_for
from viche_petitions.sealing import Sealing
from viche_petitions.signer_names import SignerNames
from viche_petitions.store import email_signatures as store
from viche_petitions.store import locks, residences, signatures
from viche_petitions.store.email_signatures import Link, NewSlot
from viche_petitions.store.signatures import NewSignature
from viche_petitions.writing import must_get
from viche_sdk.types import Terms

LINK_DAYS = 7
SELF_STATED = "self"
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a confirmation link is for; ``shown`` stands for what a person sees of it before they confirm."""

    petition: Petition
    is_confirmed: bool
    name: str
    side: Side
    shown: str
    residence_code: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmationMail:
    """What the mail with the link needs."""

    contact: Contact
    token: str
    petition: Petition
    expires_at: datetime
    side: Side


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that was read: who signs what, and the mailbox in its one spelling."""

    petition_id: UUID
    contact: Contact
    mailbox: str
    index: bytes
    side: Side


class EmailSigning:
    """Signatures by e-mail.

    Args:
        on_accepted: told, after the commit, which petitions have something new.
    """

    def __init__(
        self,
        pool: Pool,
        sealing: Sealing,
        people: People,
        on_accepted: Callable[[set[UUID]], None],
        rates: Rates,
    ) -> None:
        self._pool = pool
        self._sealing = sealing
        self._names = SignerNames(sealing)
        self._people = people
        self._on_accepted = on_accepted
        self._rates = rates
        self._shards = Shards()

    async def begin(self, request: pb.CreateEmailSignatureRequest) -> pb.CreateEmailSignatureResponse:
        """Sends a link to whoever owns the address; says nothing about the mailbox."""
        form = self._read(request)
        key = (current_caller().service, request.request_id, self._without_person(request, form))
        answer = pb.CreateEmailSignatureResponse()
        async with transaction(self._pool) as conn:
            if await outbox.remembered(conn, *key, pb.CreateEmailSignatureResponse) is not None:
                return answer
        await self._check_rates(request, form)
        async with transaction(self._pool) as conn:
            if await outbox.remembered(conn, *key, pb.CreateEmailSignatureResponse) is not None:
                return answer
            await self._take_slot(conn, form)
            await outbox.remember(conn, *key, answer)
        self._on_accepted(set())
        return answer

    async def look(self, token: str) -> Waiting:
        """What a link is for."""
        async with transaction(self._pool) as conn:
            link = await self._link(conn, token)
            petition = await must_get(conn, link.petition_id)
        if link.is_confirmed:
            return Waiting(petition, True, "", link.side, "")
        contact = self._contact(link)
        return Waiting(
            petition, False, contact.name, link.side, self._shown(link, contact), contact.residence_code
        )  # fmt: skip

    async def confirm(self, token: str, shown: str) -> tuple[UUID, Petition]:
        """Makes a waiting signature count; again, it gives the same answer.

        Args:
            shown: what the person saw, from ``look``; empty where nobody was shown anything.

        Raises:
            PendingChanged: something else waits by now: whoever knows an address may have asked for the mail again.
        """
        while True:
            async with transaction(self._pool) as conn:
                link = await self._link(conn, token)
                if link.is_confirmed:
                    return link.signature_id, await must_get(conn, link.petition_id)
                contact = self._as_shown(link, shown)
                await _terms_of_open(conn, link.petition_id)
            confirmed = await self._people.ensure(contact, link.petition_id, link.slot)
            async with transaction(self._pool) as conn:
                done = await self._count(conn, token, shown, link.slot, confirmed)
                petition = await must_get(conn, link.petition_id)
            if done:
                self._on_accepted({link.petition_id})
                return link.signature_id, petition

    async def mail(self, signature_id: UUID) -> ConfirmationMail:
        """What the mail for a waiting signature needs."""
        async with transaction(self._pool) as conn:
            link = await store.get_link(conn, signature_id)
            if link is None:
                raise LinkUnknown()
            petition = await must_get(conn, link.petition_id)
        token = self._sealing.links.make(signature_id)
        return ConfirmationMail(self._contact(link), token, petition, link.expires_at, link.side)

    def _read(self, request: pb.CreateEmailSignatureRequest) -> _Form:
        name = clean_line(request.name)
        if not name:
            raise InvalidFields(invalid("name", "REQUIRED"))
        if len(name) > MAX_NAME:
            raise InvalidFields(invalid("name", "TOO_LONG", limit=MAX_NAME, length=len(name)))
        mailbox = canonical_mailbox(request.email)
        petition_id = UUID(request.petition_id)
        contact = Contact(
            sending_address(request.email), name, request.residence_code, request.language,
            network_block(request.network),
        )  # fmt: skip
        index = self._sealing.mailbox_index(petition_id, mailbox)
        return _Form(petition_id, contact, mailbox, index, side_of(request.is_against))

    def _without_person(self, request: pb.CreateEmailSignatureRequest, form: _Form) -> pb.CreateEmailSignatureRequest:
        """What is remembered of a request: keyed hashes where a plain hash of personal data could be guessed."""
        return pb.CreateEmailSignatureRequest(
            request_id=request.request_id,
            petition_id=request.petition_id,
            is_against=request.is_against,
            email=form.index.hex(),
            name=self._sealing.request_key(f"{form.contact.name}\x00{form.contact.residence_code}").hex(),
        )

    async def _check_rates(self, request: pb.CreateEmailSignatureRequest, form: _Form) -> None:
        """Counts in a transaction of its own, so that refused requests count too."""
        rules = rules_for(request.human_checked)
        async with transaction(self._pool) as conn:
            network_s = await self._rates.use(conn, rules.per_network, request.network)
            mailbox_s = await self._rates.use(conn, rules.per_mailbox, form.mailbox)
        if network_s or mailbox_s:
            raise TooManyRequests(retry_after_s=max(network_s, mailbox_s))

    async def _take_slot(self, conn: Connection, form: _Form) -> None:
        """Takes a slot of the mailbox, or has the mail sent again; does nothing where all have signed."""
        terms = await _terms_of_open(conn, form.petition_id)
        check_assurance(terms, ASSURANCE)
        check_side(terms, form.side)
        await locks.hold(conn, locks.key_of(form.index))
        taken = await store.slots(conn, form.petition_id, form.index)
        waiting = [(each, self._sealing.open(each.contact, each.signature_id)) for each in taken if each.contact]
        same = [each for each, contact in waiting if contact.name.casefold() == form.contact.name.casefold()]
        free = _free_slot([each.slot for each in taken], terms)
        if not same and free is not None:
            id = new_id()
            sealed = self._sealing.close(form.contact, id)
            slot = NewSlot(id, form.petition_id, form.index, free, sealed, form.side)
            await store.insert(conn, slot, LINK_DAYS)
        elif same or waiting:
            id = (same or [each for each, _ in waiting])[0].signature_id
            await store.put_contact(conn, id, self._sealing.close(form.contact, id), form.side)
        else:
            return
        await outbox.add(conn, events.confirmation_requested(id))

    async def _link(self, conn: Connection, token: str) -> Link:
        signature_id = self._sealing.links.read(token)
        link = await store.get_link(conn, signature_id) if signature_id else None
        if link is None:
            raise LinkUnknown()
        return link

    def _contact(self, link: Link) -> Contact:
        if link.contact is None or link.is_expired:
            raise LinkExpired()
        return self._sealing.open(link.contact, link.signature_id)

    def _as_shown(self, link: Link, shown: str) -> Contact:
        contact = self._contact(link)
        if shown and shown != self._shown(link, contact):
            raise PendingChanged()
        return contact

    def _shown(self, link: Link, contact: Contact) -> str:
        seen = (str(link.petition_id), link.side.name, contact.name, contact.residence_code)
        return self._sealing.shown_key("\x00".join(seen), link.signature_id)

    async def _count(self, conn: Connection, token: str, shown: str, slot: int, confirmed: Confirmed) -> bool:
        """Counts a waiting signature; False when it has to be tried again under another slot of the mailbox."""
        signer = confirmed.signer
        terms = await _terms_of_open(conn, signer.petition_id)
        link = await self._link(conn, token)
        if link.is_confirmed:
            return True
        contact = self._as_shown(link, shown)
        if link.slot != slot:
            return False
        check_signer(terms, True, signer.assurance, signer.residence)
        with self._shards.take() as shard:
            domain = contact.email.rpartition("@")[2].casefold()
            given = GivenName(contact.name, SELF_STATED, confirmed.names) if shows_names(terms) else None
            new = NewSignature(link.signature_id, signer, None, contact.network, domain, given)
            written, at = await signatures.insert(conn, [new], channel="email", step=1, shard=shard, side=link.side)
            if not written or at is None:
                return await _move(conn, link, terms)
            await store.erase_contact(conn, link.signature_id)
            if link.side is Side.FOR:
                await self._announce(conn, new, terms, at)
        return True

    async def _announce(self, conn: Connection, signed: NewSignature, terms: Terms, at: datetime) -> None:
        """Says that a signature counts, and keeps what the terms ask for besides."""
        if asks_for_minima(terms):
            await residences.put(conn, [signed.signer])
        await self._names.put(conn, [signed], at)
        await outbox.add(conn, events.signatures_accepted(signed.signer.petition_id, [signed.id], at))


async def _move(conn: Connection, link: Link, terms: Terms) -> bool:
    """The person has signed, signed in maybe: whoever shares the mailbox may still sign in a free slot.

    Raises:
        AlreadySigned: the mailbox has no slot left.
    """
    assert link.mailbox_index is not None  # a waiting signature holds a slot
    await locks.hold(conn, locks.key_of(link.mailbox_index))
    taken = [each.slot for each in await store.slots(conn, link.petition_id, link.mailbox_index)]
    above = [slot for slot in range(link.slot + 1, terms.signatures_per_mailbox) if slot not in taken]
    if not above:
        raise AlreadySigned()
    await store.move(conn, link.signature_id, above[0])
    return False


def _free_slot(taken: list[int], terms: Terms) -> int | None:
    return next((slot for slot in range(terms.signatures_per_mailbox) if slot not in taken), None)


async def _terms_of_open(conn: Connection, petition_id: UUID) -> Terms:
    """Terms of a petition that collects, and will until the transaction has ended.

    Raises:
        PetitionNotFound, NotOpen, SigningPaused: it does not.
    """
    found = (await signatures.collecting(conn, [petition_id], with_terms=True)).get(petition_id)
    if found is None:
        raise PetitionNotFound()
    if not found.is_open or found.terms is None:
        raise NotOpen()
    check_signing(found.stop)
    return Terms.from_json(found.terms)
