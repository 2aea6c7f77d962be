"""Campaigns: an audience, page by page, into the queue.

A page's messages and the token of the next page are written in one statement, and of one campaign and pseudonym there
is one message at most: whatever dies, the campaign goes on where it was, and nobody is written to twice or left out.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from viche.identity.v1 import identity_pb2
from viche.notifications.v1 import events_pb2

from viche_chassis import outbox
from viche_chassis.db import Pool, transaction
from viche_chassis.errors import DomainError, Unavailable
from viche_chassis.ids import new_id
from viche_notifications import sources
from viche_notifications.consumer import index_of
from viche_notifications.domain.messages import DRAFT_WRITTEN, KINDS, Audience, language_for
from viche_notifications.facts import facts_of, with_authority
from viche_notifications.sealing import Contact, Contacts
from viche_notifications.sources import Sources
from viche_notifications.store import campaigns
from viche_notifications.store.campaigns import Campaign, Member, Page
from viche_notifications.waking import Bell

log = logging.getLogger("viche.campaigns")

LEASE = timedelta(seconds=120)  # longer than both calls of a page and its statement may take
POLL_S = 2.0
LONGEST_WAIT_S = 600


class Campaigner:
    """Works campaigns off; :meth:`run` is a background task. Several at once, in several processes, do no harm.

    Args:
        bell: says that a campaign has begun.
        queued: told that messages went into the queue.
    """

    def __init__(
        self,
        pool: Pool,
        sources: Sources,
        contacts: Contacts,
        languages: Sequence[str],
        bell: Bell,
        queued: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._sources = sources
        self._contacts = contacts
        self._languages = languages
        self._bell = bell
        self._queued = queued

    async def run(self) -> None:
        """Runs until cancelled; whatever is down is tried again."""
        while True:
            try:
                if not await self.step():
                    await self._bell.wait(POLL_S)
            except Unavailable as error:
                log.warning("campaigns wait", extra={"what": error.values.get("what", "")})
                await asyncio.sleep(POLL_S)

    async def step(self) -> bool:
        """Puts one page of one campaign into the queue; says whether there was one.

        Raises:
            Unavailable: the database is down.
        """
        async with transaction(self._pool) as conn:
            campaign = await campaigns.claim(conn, LEASE)
        if campaign is None:
            return False
        try:
            page = await self._page(campaign)
        except DomainError as error:
            log.warning("campaign waits", extra={"campaign": str(campaign.id), "reason": error.reason})
            await self._postpone(campaign)
            return True
        await self._store(campaign, page)
        return True

    async def _page(self, campaign: Campaign) -> Page:
        petition_id = UUID(campaign.subject.removeprefix("petition:"))
        params = campaign.params
        if "title" not in params:
            petition = await self._sources.petition(petition_id)
            facts = facts_of(campaign.template, petition, params) if petition else None
            if petition is None or facts is None:
                log.warning("campaign has nothing to say", extra={"campaign": str(campaign.id)})
                return Page((), "", params)
            if campaign.template == DRAFT_WRITTEN.name:
                facts = with_authority(facts, await self._sources.sites.names(petition.authority_id))
            params = {**facts, **await self._sources.sites.of_authority(petition.authority_id)}
        author = await self._sources.author(petition_id)
        if KINDS[campaign.template].audience is Audience.AUTHOR:
            return Page(self._author(author), "", params)
        page = await self._sources.audience(petition_id, campaign.page_token)
        members = await asyncio.to_thread(self._members, page, author, is_first=not campaign.page_token)
        return Page(members, page.next_token, params)

    def _members(self, page: sources.Page, author: identity_pb2.Recipient | None, *, is_first: bool) -> list[Member]:
        """The messages of a page, the author's on the first one; an author who signs or follows gets no second."""
        of_author = self._author(author)
        known = {member.address_index for member in of_author} - {None}
        others = (
            self._member(each, each.pseudonym, "signer" if each.pseudonym in page.signers else "follower")
            for each in page.recipients
        )
        return [*(of_author if is_first else ()), *(each for each in others if each.address_index not in known)]

    def _author(self, author: identity_pb2.Recipient | None) -> list[Member]:
        return [self._member(author, b"", "author")] if author else []

    def _member(self, recipient: identity_pb2.Recipient, pseudonym: bytes, role: str) -> Member:
        message_id = new_id()
        return Member(
            message_id=message_id,
            pseudonym=pseudonym,
            role=role,
            language=language_for(recipient.language, self._languages),
            address_index=index_of(self._contacts, recipient.email),
            sealed=self._contacts.seal(message_id, Contact(recipient.email, recipient.name)),
        )

    async def _store(self, campaign: Campaign, page: Page) -> None:
        async with transaction(self._pool) as conn:
            moved = await campaigns.add_page(conn, campaign, KINDS[campaign.template].lane, page)
            if moved and not page.next_token:
                count = await campaigns.count_messages(conn, campaign.id)
                event = events_pb2.AudienceQueued(subject=campaign.subject, template=campaign.template, messages=count)
                await outbox.add(conn, event)
        self._queued()

    async def _postpone(self, campaign: Campaign) -> None:
        wait = timedelta(seconds=min(2**campaign.attempts, LONGEST_WAIT_S))
        async with transaction(self._pool) as conn:
            await campaigns.postpone(conn, campaign, wait)
