"""Events of identity and petitions: each puts one message into the queue, or starts a campaign.

Handlers are short: what a mail needs is fetched before the transaction, and an audience is not touched here at all.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from google.protobuf.message import Message
from viche.identity.v1 import events_pb2 as identity_events
from viche.petitions.v1 import events_pb2 as petitions_events
from viche.petitions.v1 import petitions_pb2

from viche_chassis.consuming import Event, Handler
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import InvalidFields
from viche_chassis.ids import new_id
from viche_chassis.metrics import messages as messages_counter
from viche_chassis.outbox import seen
from viche_notifications import facts
from viche_notifications.domain.messages import (
    CONFIRM_SIGNATURE,
    ORGANISATION_DECIDED,
    PASSKEY_ADDED,
    PASSKEY_COPIED,
    SIGN_IN,
    SPONSOR_INVITATION,
    Kind,
    Lane,
    State,
    language_for,
)
from viche_notifications.sealing import Contacts
from viche_notifications.sources import Requested, Sources
from viche_notifications.store import campaigns, messages
from viche_notifications.telling import TELLINGS
from viche_notifications.waking import Bell

CONSUMER = "notifications"


class Intake:
    """Turns events into messages and campaigns.

    Args:
        bells: rung when there is something for a lane.
        campaign_bell: rung when a campaign has begun.
    """

    def __init__(
        self,
        pool: Pool,
        sources: Sources,
        contacts: Contacts,
        languages: Sequence[str],
        bells: Mapping[Lane, Bell],
        campaign_bell: Bell,
    ) -> None:
        self._pool = pool
        self._sources = sources
        self._contacts = contacts
        self._languages = languages
        self._bells = bells
        self._campaign_bell = campaign_bell

    def identity_handlers(self) -> Mapping[type[Message], Handler]:
        """Handlers for the events of identity."""
        return {
            identity_events.SignInLinkRequested: self.sign_in_link_requested,
            identity_events.PasskeyAdded: self.passkey_added,
            identity_events.PasskeyCopied: self.passkey_copied,
            identity_events.OrganisationDecided: self.organisation_decided,
        }

    def petitions_handlers(self) -> Mapping[type[Message], Handler]:
        """Handlers for the events of petitions."""
        return {
            petitions_events.SignatureConfirmationRequested: self.confirmation_requested,
            petitions_events.SponsorInvited: self.sponsor_invited,
            **dict.fromkeys(TELLINGS, self.tell),
        }

    async def sign_in_link_requested(self, event: Event) -> None:
        """A mail with the link."""
        said = cast(identity_events.SignInLinkRequested, event.message)
        site = await self._sources.sites.of_slug(said.site)
        await self._queue(event, SIGN_IN, await self._sources.sign_in(said.link_id), site)

    async def passkey_added(self, event: Event) -> None:
        """A mail that tells of a new way into the account."""
        said = cast(identity_events.PasskeyAdded, event.message)
        await self._queue(event, PASSKEY_ADDED, await self._sources.passkey(said.passkey_id))

    async def passkey_copied(self, event: Event) -> None:
        """A mail that tells of a passkey which there are two of."""
        said = cast(identity_events.PasskeyCopied, event.message)
        await self._queue(event, PASSKEY_COPIED, await self._sources.passkey(said.passkey_id))

    async def organisation_decided(self, event: Event) -> None:
        """A mail that says whether an organisation is confirmed, to one who acts for it."""
        said = cast(identity_events.OrganisationDecided, event.message)
        mail, about = await self._sources.decision(said.membership_id)
        await self._queue(event, ORGANISATION_DECIDED, mail, about)

    async def confirmation_requested(self, event: Event) -> None:
        """A mail that asks to confirm the signature."""
        said = cast(petitions_events.SignatureConfirmationRequested, event.message)
        await self._queue(event, CONFIRM_SIGNATURE, await self._sources.confirmation(said.signature_id))

    async def sponsor_invited(self, event: Event) -> None:
        """A mail that asks once to support a petition."""
        said = cast(petitions_events.SponsorInvited, event.message)
        await self._queue(event, SPONSOR_INVITATION, await self._sources.invitation(said.invitation_id))

    async def tell(self, event: Event) -> None:
        """Campaigns about what happened to a petition."""
        telling = TELLINGS[type(event.message)]
        petition_id = UUID(cast(Any, event.message).petition_id)
        petition = await self._sources.petition(petition_id) if telling.needs_petition else None
        starts = telling.starts(event, petition or petitions_pb2.Petition())
        async with transaction(self._pool) as conn:
            if await seen(conn, CONSUMER, event.id):
                return
            for start in starts:
                await campaigns.add(conn, new_id(), f"petition:{petition_id}", start)
        self._campaign_bell.ring()

    async def _queue(
        self, event: Event, kind: Kind, mail: Requested | None, site: Mapping[str, Any] | None = None
    ) -> None:
        message_id = new_id()
        if mail is not None and mail.petition is not None:
            site = await self._sources.sites.of_authority(mail.petition.authority_id)
        async with transaction(self._pool) as conn:
            if await seen(conn, CONSUMER, event.id):
                return
            if mail is None:
                await messages.add_ended(conn, message_id, kind.name, kind.lane, State.EXPIRED)
            else:
                await messages.add(conn, self._message(message_id, kind, mail, site or {}))
        if mail is None:
            messages_counter.add(1, {"viche.message.state": State.EXPIRED, "viche.message.template": kind.name})
        self._bells[kind.lane].ring()

    def _message(self, message_id: UUID, kind: Kind, mail: Requested, site: Mapping[str, Any]) -> messages.NewMessage:
        params: dict[str, Any] = dict(site)
        if mail.petition is not None:
            params |= facts.about_asking(mail.petition)
        if mail.is_against:
            params["is_against"] = True
        return messages.NewMessage(
            id=message_id,
            template=kind.name,
            lane=kind.lane,
            language=language_for(mail.language, self._languages),
            sealed=self._contacts.seal(message_id, mail.contact),
            address_index=index_of(self._contacts, mail.contact.email),
            expires_at=mail.expires_at,
            params=params,
        )


def index_of(contacts: Contacts, email: str) -> bytes | None:
    """The index of an address; None for one that no mail can go to, which sending finds out again and says so."""
    try:
        return contacts.index(email)
    except InvalidFields:
        return None
