"""Addresses for persons whom a provider has named without one (ADR 0015)."""

from collections.abc import Callable, Sequence
from uuid import UUID

from viche.identity.v1 import events_pb2, providers_pb2

from viche_chassis import outbox
from viche_chassis.access import PersonClaims
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.errors import InvalidFields
from viche_chassis.ids import new_id
from viche_chassis.mailboxes import canonical_mailbox
from viche_chassis.rates import Rates
from viche_identity.crypto import session_token_hash
from viche_identity.domain import links as link_rules
from viche_identity.domain.erasures import CONFIRMED_WITHIN_MINUTES, ConfirmFirst
from viche_identity.domain.people import language_violations
from viche_identity.domain.providers import AddressHeld
from viche_identity.rates import PER_ADDRESS, PER_NETWORK
from viche_identity.records import Records
from viche_identity.requests import Requests
from viche_identity.store import links, providers, sessions

_ANSWER = providers_pb2.RequestMyAddressLinkResponse


class Addresses:
    """Has links sent that give an address to a person.

    Args:
        wake: tells the relay that an event waits.
    """

    def __init__(
        self,
        pool: Pool,
        records: Records,
        requests: Requests,
        rates: Rates,
        languages: Sequence[str],
        wake: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._records = records
        self._requests = requests
        self._rates = rates
        self._languages = languages
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
        mailbox = self._check(request)
        async with transaction(self._pool) as conn:
            if await self._requests.remembered(conn, request, _ANSWER) is not None:
                return _ANSWER()
            if await providers.lock_person(conn, UUID(person.id)):
                raise AddressHeld()
            if not await sessions.is_recent(conn, UUID(person.session_id), CONFIRMED_WITHIN_MINUTES):
                raise ConfirmFirst()
            await self._rates.require(conn, PER_NETWORK, request.network)
            if await self._rates.use(conn, PER_ADDRESS, mailbox) == 0:
                await self._send(conn, UUID(person.id), request)
            await self._requests.remember(conn, request, _ANSWER())
        self._wake()
        return _ANSWER()

    def _check(self, request: providers_pb2.RequestMyAddressLinkRequest) -> str:
        found = link_rules.return_path_violations(request.return_path)
        found += language_violations(request.language, self._languages)
        if found:
            raise InvalidFields(*found)
        return canonical_mailbox(request.email)

    async def _send(
        self, conn: Connection, person_id: UUID, request: providers_pb2.RequestMyAddressLinkRequest
    ) -> None:
        path = request.return_path or link_rules.HOME
        link = links.NewLink(new_id(), request.language, path, link_rules.LINK_LIFE_MINUTES)
        await links.add(conn, link)
        await links.add_details(conn, link.id, self._records.close_link_email(request.email, link.id))
        browser_hash = session_token_hash(request.browser)
        await providers.add_pending(conn, providers.Pending(link.id, browser_hash, person_id=person_id))
        await outbox.add(conn, events_pb2.SignInLinkRequested(link_id=str(link.id)))
