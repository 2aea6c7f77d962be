"""What identity and petitions tell about a mail that is to be sent. Events carry ids; personal data comes by call."""

from collections.abc import Awaitable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import (
    identity_pb2,
    identity_pb2_grpc,
    organisations_pb2,
    organisations_pb2_grpc,
    passkeys_pb2,
    passkeys_pb2_grpc,
)
from viche.petitions.v1 import (
    audience_pb2,
    audience_pb2_grpc,
    petitions_pb2,
    petitions_pb2_grpc,
    sponsors_pb2,
    sponsors_pb2_grpc,
)

from viche_chassis.errors import Code, Unavailable
from viche_chassis.status import from_rpc_error
from viche_notifications.sealing import Contact
from viche_notifications.sites import Sites

T = TypeVar("T")
AUTHORS = "authors"  # the scope in which people write petitions
PAGE_SIZE = 1000
PAGE_TIMEOUT_S = 30.0
# the link was used, has expired, or the petition closed meanwhile: there is nothing to send any more
_GONE = frozenset({Code.NOT_FOUND, Code.FAILED_PRECONDITION})


@dataclass(frozen=True, slots=True)
class Requested:
    """A mail that somebody waits for; ``petition`` is what it is about, if anything.

    With ``is_against`` it asks to confirm a vote against the petition.
    """

    contact: Contact
    language: str
    expires_at: datetime | None
    petition: petitions_pb2.Petition | None = None
    is_against: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an audience: those who can be written to, which of them signed, and the token of the next page."""

    recipients: Sequence[identity_pb2.Recipient]
    signers: frozenset[bytes]
    next_token: str


class Sources:
    """Calls identity and petitions.

    Args:
        own_hosts: slugs of the authorities with hosts of their own.

    Every method raises Unavailable when the service is down or answers too late, and the DomainError that it gave else.
    """

    def __init__(
        self, identity: grpc.aio.Channel, petitions: grpc.aio.Channel, own_hosts: Collection[str] = ()
    ) -> None:
        self.sites = Sites(identity, own_hosts)
        self._sign_in = identity_pb2_grpc.SignInServiceStub(identity)
        self._passkeys = passkeys_pb2_grpc.PasskeysServiceStub(identity)
        self._organisations = organisations_pb2_grpc.OrganisationsServiceStub(identity)
        self._audiences = identity_pb2_grpc.AudiencesServiceStub(identity)
        self._petitions = petitions_pb2_grpc.PetitionsServiceStub(petitions)
        self._audience = audience_pb2_grpc.AudienceServiceStub(petitions)
        self._signatures = petitions_pb2_grpc.SignaturesServiceStub(petitions)
        self._sponsors = sponsors_pb2_grpc.SponsorsServiceStub(petitions)

    async def sign_in(self, link_id: str) -> Requested | None:
        """The mail with a sign-in link; None when the link is no longer of use."""
        mail = await _unless_gone(self._sign_in.GetSignInMail(identity_pb2.GetSignInMailRequest(link_id=link_id)))
        if mail is None:
            return None
        return Requested(Contact(mail.email, token=mail.token), mail.language, _instant(mail.expires_at))

    async def passkey(self, passkey_id: str) -> Requested | None:
        """The mail that tells of a new passkey, or of a copied one; None when it is gone again."""
        request = passkeys_pb2.GetPasskeyMailRequest(passkey_id=passkey_id)
        mail = await _unless_gone(self._passkeys.GetPasskeyMail(request))
        return Requested(Contact(mail.email, mail.name), mail.language, None) if mail else None

    async def decision(self, membership_id: str) -> tuple[Requested | None, Mapping[str, object]]:
        """The mail that says whether an organisation is confirmed, with its facts; None when there is none to send."""
        request = organisations_pb2.GetDecisionMailRequest(membership_id=membership_id)
        mail = await _unless_gone(self._organisations.GetDecisionMail(request))
        if mail is None:
            return None, {}
        about = {"title": mail.title, "is_confirmed": mail.is_confirmed, "reason": mail.reason}
        return Requested(Contact(mail.email, mail.name), mail.language, None), about

    async def confirmation(self, signature_id: str) -> Requested | None:
        """The mail that asks to confirm a signature; None when it is no longer of use."""
        request = petitions_pb2.GetConfirmationMailRequest(signature_id=signature_id)
        mail = await _unless_gone(self._signatures.GetConfirmationMail(request))
        if mail is None:
            return None
        contact = Contact(mail.email, mail.name, mail.token)
        return Requested(contact, mail.language, _instant(mail.expires_at), mail.petition, mail.is_against)

    async def invitation(self, invitation_id: str) -> Requested | None:
        """The mail that invites to support a petition; None when it is no longer of use."""
        request = sponsors_pb2.GetInvitationMailRequest(invitation_id=invitation_id)
        mail = await _unless_gone(self._sponsors.GetInvitationMail(request))
        if mail is None:
            return None
        return Requested(Contact(mail.email, token=mail.token), mail.language, _instant(mail.expires_at), mail.petition)

    async def petition(self, petition_id: UUID) -> petitions_pb2.Petition | None:
        """A petition; None when there is none."""
        request = petitions_pb2.GetPetitionRequest(petition_id=str(petition_id))
        response = await _unless_gone(self._petitions.GetPetition(request))
        return response.petition if response else None

    async def author(self, petition_id: UUID) -> identity_pb2.Recipient | None:
        """Who started a petition; None when they cannot be written to."""
        request = audience_pb2.GetAuthorRequest(petition_id=str(petition_id))
        author = await _unless_gone(self._audience.GetAuthor(request))
        found = await self._resolve(AUTHORS, [author.pseudonym]) if author else ()
        return found[0] if found else None

    async def audience(self, petition_id: UUID, page_token: str) -> Page:
        """A page of those who signed a petition and those who follow it."""
        request = audience_pb2.ListAudienceRequest(
            petition_id=str(petition_id), page_size=PAGE_SIZE, page_token=page_token
        )
        page = await answered(self._audience.ListAudience(request, timeout=PAGE_TIMEOUT_S))
        signers = frozenset(each.pseudonym for each in page.members if each.has_signed)
        found = await self._resolve(f"petition:{petition_id}", [each.pseudonym for each in page.members])
        return Page(found, signers, page.next_page_token)

    async def _resolve(self, scope: str, pseudonyms: Sequence[bytes]) -> Sequence[identity_pb2.Recipient]:
        if not pseudonyms:
            return ()
        wanted = identity_pb2.ResolvePseudonymsRequest(scope=scope, pseudonyms=pseudonyms)
        return (await answered(self._audiences.ResolvePseudonyms(wanted, timeout=PAGE_TIMEOUT_S))).recipients


async def answered(call: Awaitable[T]) -> T:
    """What a service answers.

    Raises:
        DomainError: what it gave instead; Unavailable when it is down or late.
    """
    try:
        return await call
    except grpc.RpcError as error:
        known = from_rpc_error(error)
        raise (Unavailable() if known.code == Code.UNAVAILABLE else known) from error


async def _unless_gone(call: Awaitable[T]) -> T | None:
    try:
        return await call
    except grpc.RpcError as error:
        known = from_rpc_error(error)
        if known.code in _GONE:
            return None
        raise (Unavailable() if known.code == Code.UNAVAILABLE else known) from error


def _instant(timestamp: Timestamp) -> datetime | None:
    return timestamp.ToDatetime(tzinfo=UTC) if timestamp.seconds else None
