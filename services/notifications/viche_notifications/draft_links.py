"""DraftLinksService: mails with links back to answers that were begun, to whoever asks for them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from viche.notifications.v1 import draft_links_pb2 as pb
from viche.notifications.v1 import draft_links_pb2_grpc

from viche_chassis.db import Pool, transaction
from viche_chassis.ids import new_id
from viche_chassis.messages import aware
from viche_chassis.outbox import seen
from viche_notifications.domain.messages import DRAFT_LINK, language_for, text_in
from viche_notifications.sealing import Contact, Contacts
from viche_notifications.sites import Sites
from viche_notifications.store import messages
from viche_notifications.waking import Bell

REPEATS = "draft_links"
"""Under this name the inbox keeps the ids of requests."""


class DraftLinksServicer(draft_links_pb2_grpc.DraftLinksServiceServicer):
    """Puts one mail into the queue for each request.

    Args:
        sites: says at which host a survey of an authority is.
        bell: rung when there is a mail.
    """

    def __init__(self, pool: Pool, contacts: Contacts, sites: Sites, languages: Sequence[str], bell: Bell) -> None:
        self._pool = pool
        self._contacts = contacts
        self._sites = sites
        self._languages = languages
        self._bell = bell

    async def SendDraftLink(self, request: pb.SendDraftLinkRequest, context: Any) -> pb.SendDraftLinkResponse:
        message = self._message(request, self._contacts.index(request.email))
        site = await self._sites.of_authority(request.authority_id)
        async with transaction(self._pool) as conn:
            if not await seen(conn, REPEATS, UUID(request.request_id)):
                await messages.add(conn, replace(message, params={**message.params, **site}))
        self._bell.ring()
        return pb.SendDraftLinkResponse()

    def _message(self, request: pb.SendDraftLinkRequest, address_index: bytes) -> messages.NewMessage:
        message_id, language = new_id(), language_for(request.language, self._languages)
        title, title_language = text_in(request.title, language)
        return messages.NewMessage(
            id=message_id,
            template=DRAFT_LINK.name,
            lane=DRAFT_LINK.lane,
            language=language,
            sealed=self._contacts.seal(message_id, Contact(request.email, token=request.token)),
            address_index=address_index,
            expires_at=aware(request.expires_at),
            params={"number": request.number, "title": title, "title_language": title_language},
        )
