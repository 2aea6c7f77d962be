"""Visits to providers: begun in a browser, finished in the same one, with nothing of ours locked in between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from viche_chassis.access import PersonClaims
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.ids import new_id
from viche_chassis.mailboxes import canonical_mailbox
from viche_chassis.rates import Rates
from viche_chassis.sealing import LinkTokens
from viche_identity import connections
from viche_identity.connections import NEVER, Browser, Connections, Opened, Proof
from viche_identity.crypto import session_token_hash
from viche_identity.domain import links as link_rules
from viche_identity.domain import providers as rules
from viche_identity.domain.erasures import CONFIRMED_WITHIN_MINUTES, ConfirmFirst
from viche_identity.providers.client import Identified, ProviderClient
from viche_identity.providers.visit import Begin, Finished, Return, VisitKeys
from viche_identity.rates import PROVIDERS_PER_NETWORK
from viche_identity.sign_in_links import SignInLinks
from viche_identity.store import providers, sessions

OVERLOADED = ("server_error", "temporarily_unavailable")  # RFC 6749, section 4.1.2.1


class Visits:
    """Begins and finishes visits.

    Args:
        clients: by the names of the providers, in the operator's order.
        pending_tokens: of links that somebody may go on without.
        wake: tells the relay that an event waits.
    """

    def __init__(
        self,
        pool: Pool,
        rates: Rates,
        clients: Mapping[str, ProviderClient],
        keys: VisitKeys,
        joined: Connections,
        pending_tokens: LinkTokens,
        sign_in_links: SignInLinks,
        wake: Callable[[], None],
    ) -> None:
        self._pool = pool
        self._rates = rates
        self._clients = clients
        self._keys = keys
        self._joined = joined
        self._pending_tokens = pending_tokens
        self._links = sign_in_links
        self._wake = wake

    @property
    def listed(self) -> list[rules.Provider]:
        """The operator's list."""
        return [client.provider for client in self._clients.values()]

    async def begin(self, begin: Begin) -> str:
        """Where somebody goes to sign in.

        Raises:
            InvalidFields, ProviderUnknown, ProviderUnavailable, ProviderRefused, TooManyRequests: nowhere.
        """
        async with transaction(self._pool) as conn:
            await self._rates.require(conn, PROVIDERS_PER_NETWORK, begin.network)
        return await self._begin(begin, rules.Purpose.SIGN_IN, None)

    async def begin_for(self, person: PersonClaims, purpose: rules.Purpose, begin: Begin) -> str:
        """Where who is signed in goes, to connect a provider or to confirm.

        Raises:
            ConfirmFirst, NotAskedAnew: and like :meth:`begin`.
        """
        if purpose == rules.Purpose.CONFIRM and not self._client(begin.provider).provider.can_confirm:
            raise rules.NotAskedAnew()
        if purpose == rules.Purpose.CONNECT:
            async with transaction(self._pool) as conn:
                if not await sessions.is_fresh(conn, UUID(person.session_id), CONFIRMED_WITHIN_MINUTES):
                    raise ConfirmFirst()
        return await self._begin(begin, purpose, UUID(person.id))

    async def finish(self, came: Return) -> Finished:
        """Opens a session, or has a link sent.

        Raises:
            ProviderUnknown, AttemptOver, TurnedBack, ProviderUnavailable, ProviderRefused: nobody is named.
            AlreadyConnected, OtherPerson, NotAskedAnew: somebody is, who does not fit.
        """
        client = self._client(came.provider)
        visit = await self._take(came)
        if came.error or not came.back.code:
            raise _refusal(came)
        identified = await client.identify(came.back, self._keys.of(visit.id))
        who = rules.claimed(client.provider.mapping, identified.claims)
        named = _Named(client.provider, who, identified, self._joined.subject(client.provider.issuer, who.subject))
        try:
            return await self._settle(visit, named, came)
        except rules.AlreadyConnected:
            if visit.purpose != rules.Purpose.SIGN_IN:
                raise
            return await self._settle(visit, named, came)  # another visit of the same person was a moment quicker

    async def continue_without_address(self, pending_token: str, browser: str, device: str) -> tuple[Opened, str]:
        """Opens a session for a new person without an address; gives the way back, too.

        Raises:
            AttemptOver: nothing waits in this browser.
        """
        link_id = self._pending_tokens.read(pending_token)
        if link_id is None:
            raise rules.AttemptOver()
        async with transaction(self._pool) as conn:
            settled = await self._joined.settle_without_address(conn, link_id, browser)
            if settled is None:
                raise rules.AttemptOver()
            person_id, proof, return_path = settled
            opened = await connections.open_session(conn, person_id, proof, Browser(device))
        return opened, return_path

    async def _begin(self, begin: Begin, purpose: rules.Purpose, person_id: UUID | None) -> str:
        client = self._client(begin.provider)
        self._links.check(begin.return_path, begin.language)
        visit_id = new_id()
        asks_anew = purpose == rules.Purpose.CONFIRM
        url = await client.address(self._keys.of(visit_id), language=begin.language, asks_anew=asks_anew)
        visit = providers.NewVisit(
            id=visit_id,
            provider=begin.provider,
            purpose=purpose,
            browser_hash=session_token_hash(begin.browser),
            person_id=person_id,
            language=begin.language,
            return_path=begin.return_path or link_rules.HOME,
        )
        async with transaction(self._pool) as conn:
            await providers.add_visit(conn, visit, rules.ATTEMPT_LIFE_MINUTES)
        return url

    async def _take(self, came: Return) -> providers.Visit:
        visit_id = self._keys.read(came.state)
        visit = None
        if visit_id is not None and came.browser:
            async with transaction(self._pool) as conn:
                visit = await providers.take_visit(conn, visit_id, came.provider, session_token_hash(came.browser))
        if visit is None:
            raise rules.AttemptOver()
        return visit

    async def _settle(self, visit: providers.Visit, named: "_Named", came: Return) -> Finished:
        async with transaction(self._pool) as conn:
            if visit.person_id is not None:
                opened = await self._settle_for(conn, visit, visit.person_id, named, came)
                return Finished(visit.return_path, opened)
            person_id = await providers.use(conn, named.subject) or await self._newcomer(conn, visit, named)
            if person_id is not None:
                await self._joined.fill(conn, person_id, named.who)
                opened = await connections.open_session(conn, person_id, named.proof(visit.began_at), came.into)
                return Finished(visit.return_path, opened)
            link_id = await self._ask_mailbox(conn, visit, named, came.browser)
        self._wake()
        return Finished(visit.return_path, email=named.who.email, pending_token=self._pending_tokens.make(link_id))

    async def _settle_for(
        self, conn: Connection, visit: providers.Visit, person_id: UUID, named: "_Named", came: Return
    ) -> Opened:
        """Connects for who is signed in, in their session; or confirms that they are there, in a new one."""
        hash, name, level = session_token_hash(came.into.replaced), named.provider.name, named.who.assurance.word
        expires_at = await providers.raise_session(conn, hash, person_id, name, level)
        if expires_at is None:
            raise rules.AttemptOver()
        if visit.purpose == rules.Purpose.CONNECT:
            await self._joined.join(conn, person_id, named.subject, name)
            await self._joined.fill(conn, person_id, named.who)
            return Opened(came.into.replaced, expires_at)
        if await providers.use(conn, named.subject) != person_id:
            raise rules.OtherPerson()
        if not rules.is_asked_anew(named.provider, named.identified.asked_at, visit.began_at):
            raise rules.NotAskedAnew()
        return await connections.open_session(conn, person_id, named.proof(visit.began_at), came.into)

    async def _newcomer(self, conn: Connection, visit: providers.Visit, named: "_Named") -> UUID | None:
        """A new person, unless there is an address that somebody holds or that the provider does not vouch for.

        Both are answered alike, so that nobody learns here who has an account.

        Raises:
            AlreadyConnected: whoever was connected with the subject has ended that; it makes no second person.
        """
        if await providers.is_ended(conn, named.subject):
            raise rules.AlreadyConnected()
        if not connections.is_address(named.who.email):
            person_id = await self._joined.add(conn, named.who, visit.language)
        elif named.who.is_email_verified:
            person_id = await self._joined.claim(conn, named.who, visit.language)
        else:
            person_id = None
        if person_id is None:  # unless another visit of the same person was a moment quicker to claim the mailbox
            return await providers.use(conn, named.subject)
        await self._joined.join(conn, person_id, named.subject, named.provider.name)
        return person_id

    async def _ask_mailbox(self, conn: Connection, visit: providers.Visit, named: "_Named", browser: str) -> UUID:
        """Has a sign-in link sent that joins the mailbox and the provider; an address over its limit gets none."""
        email = named.who.email
        link_id = await self._links.add(conn, email, visit.language, visit.return_path)
        pending = self._joined.pending(link_id, browser, named.subject, named.who, named.proof(visit.began_at))
        await providers.add_pending(conn, pending)
        if await self._links.may_send(conn, canonical_mailbox(email)):
            await self._links.send(conn, link_id)
        return link_id

    def _client(self, name: str) -> ProviderClient:
        client = self._clients.get(name)
        if client is None:
            raise rules.ProviderUnknown()
        return client


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom a provider has named; ``subject`` is the index under which a person is found."""

    provider: rules.Provider
    who: rules.Claimed
    identified: Identified
    subject: bytes

    def proof(self, began_at: datetime) -> Proof:
        """What that proves; a provider that does not say when it asked the person may have done so long ago."""
        proof = Proof(self.provider.name, self.who.assurance)
        if rules.is_asked_anew(self.provider, self.identified.asked_at, began_at):
            return proof
        return replace(proof, asked_at=self.identified.asked_at or NEVER)


def _refusal(came: Return) -> Exception:
    if came.error == "access_denied":
        return rules.TurnedBack()
    if came.error in OVERLOADED:
        return rules.ProviderUnavailable(provider=came.provider)
    return rules.ProviderRefused(provider=came.provider)
