"""Addresses for persons whom a provider has named without one (ADR 0015)."""

from collections.abc import Callable
from uuid import UUID

from viche.identity.v1 import providers_pb2

from viche_chassis.access import PersonClaims
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.mailboxes import canonical_mailbox
from viche_identity.crypto import session_token_hash
from viche_identity.domain.erasures import CONFIRMED_WITHIN_MINUTES, ConfirmFirst
from viche_identity.domain.providers import AddressHeld
from viche_identity.requests import Requests
from viche_identity.sign_in_links import SignInLinks
from viche_identity.store import providers, sessions

_ANSWER = providers_pb2.RequestMyAddressLinkResponse


class Addresses:
    """Has links sent that give an address to a person.

    Args:
        wake: tells the relay that an event waits.
    """

    def __init__(
        self,
        pool: Pool,
        requests: Requests,
        sign_in_links: SignInLinks,
        wake: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._requests = requests
        self._links = sign_in_links
        self._wake = wake

    async def ask(
        self, person: PersonClaims, request: providers_pb2.RequestMyAddressLinkRequest
    ) -> providers_pb2.RequestMyAddressLinkResponse:
        """Has a link sent. Whoever holds the address already is told nothing, and neither is the person.

        Whoever has signed in within the hour may ask: a session that was left open must not get an address by which
        it could confirm itself.

        Raises:
            InvalidFields, AddressHeld, ConfirmFirst, TooManyRequests: none is sent.
        """
        self._links.check(request.return_path, request.language)
        mailbox = canonical_mailbox(request.email)
        async with transaction(self._pool) as conn:
            if await self._requests.remembered(conn, request, _ANSWER) is not None:
                return _ANSWER()
            if await providers.lock_person(conn, UUID(person.id)):
                raise AddressHeld()
            if not await sessions.is_recent(conn, UUID(person.session_id), CONFIRMED_WITHIN_MINUTES):
                raise ConfirmFirst()
            await self._links.require_network(conn, request.network)
            if await self._links.may_send(conn, mailbox):
                await self._send(conn, UUID(person.id), request)
            await self._requests.remember(conn, request, _ANSWER())
        self._wake()
        return _ANSWER()

    async def _send(
        self, conn: Connection, person_id: UUID, request: providers_pb2.RequestMyAddressLinkRequest
    ) -> None:
        link_id = await self._links.add(conn, request.email, request.language, request.return_path)
        browser_hash = session_token_hash(request.browser)
        await providers.add_pending(conn, providers.Pending(link_id, browser_hash, person_id=person_id))
        await self._links.send(conn, link_id)
