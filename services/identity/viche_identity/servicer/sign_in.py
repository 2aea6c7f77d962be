"""SignInService: single-use links by e-mail."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from viche.identity.v1 import identity_pb2, identity_pb2_grpc

from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import DomainError, LinkUnknown, NotFound
from viche_chassis.mailboxes import canonical_mailbox, sending_address
from viche_chassis.sealing import LinkTokens
from viche_identity.connections import Browser, Connections, open_session
from viche_identity.domain import links as link_rules
from viche_identity.records import Records
from viche_identity.requests import Requests
from viche_identity.sign_in_links import SignInLinks
from viche_identity.store import links


class SignInServicer(identity_pb2_grpc.SignInServiceServicer):
    """Asks nowhere whether an address is known before its link is used, so nothing can tell.

    Args:
        wake: tells the relay that an event waits.
    """

    def __init__(
        self,
        pool: Pool,
        records: Records,
        requests: Requests,
        tokens: LinkTokens,
        sign_in_links: SignInLinks,
        connections: Connections,
        wake: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._records = records
        self._requests = requests
        self._tokens = tokens
        self._links = sign_in_links
        self._connections = connections
        self._wake = wake

    async def RequestSignInLink(
        self, request: identity_pb2.RequestSignInLinkRequest, context: Any
    ) -> identity_pb2.RequestSignInLinkResponse:
        self._links.check(request.return_path, request.language)
        mailbox = canonical_mailbox(request.email)
        async with transaction(self._pool) as conn:
            answer = identity_pb2.RequestSignInLinkResponse
            if await self._requests.remembered(conn, request, answer) is not None:
                return answer()
            await self._links.require_network(conn, request.network)
            if await self._links.may_send(conn, mailbox):
                link_id = await self._links.add(conn, request.email, request.language, request.return_path)
                await self._links.send(conn, link_id, request.site)
            await self._requests.remember(conn, request, answer())
        self._wake()
        return answer()

    async def ConsumeSignInLink(
        self, request: identity_pb2.ConsumeSignInLinkRequest, context: Any
    ) -> identity_pb2.ConsumeSignInLinkResponse:
        link_id = self._tokens.read(request.token)
        if link_id is None:
            raise LinkUnknown()
        async with transaction(self._pool) as conn:
            used = await links.use(conn, link_id)
            if used is None:
                raise await _refusal(conn, link_id)
            await links.forget_details(conn, link_id)
            email = self._records.open_link_email(used.email, link_id)
            person_id, proof = await self._connections.settle(conn, link_id, request.browser, email, used.language)
            browser = Browser(request.device, request.replaced_session_token)
            opened = await open_session(conn, person_id, proof, browser)
        response = identity_pb2.ConsumeSignInLinkResponse(session_token=opened.token, return_path=used.return_path)
        response.expires_at.FromDatetime(opened.expires_at)
        return response

    async def GetSignInMail(
        self, request: identity_pb2.GetSignInMailRequest, context: Any
    ) -> identity_pb2.GetSignInMailResponse:
        link_id = UUID(request.link_id)
        async with transaction(self._pool) as conn:
            mail = await links.find_mail(conn, link_id)
        if mail is None:
            raise NotFound(what="link")
        expires_at = Timestamp()
        expires_at.FromDatetime(mail.expires_at)
        return identity_pb2.GetSignInMailResponse(
            email=sending_address(self._records.open_link_email(mail.email, link_id)),
            token=self._tokens.make(link_id),
            language=mail.language,
            expires_at=expires_at,
        )


async def _refusal(conn: Connection, link_id: UUID) -> DomainError:
    used = await links.was_used(conn, link_id)
    return LinkUnknown() if used is None else link_rules.refusal(used=used)
