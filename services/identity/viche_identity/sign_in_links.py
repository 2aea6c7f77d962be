"""Sign-in links, for whoever has one sent: by mail alone, with a provider, or for an address to be added."""

from collections.abc import Sequence
from uuid import UUID

from viche.identity.v1 import events_pb2

from viche_chassis import outbox
from viche_chassis.db import Connection
from viche_chassis.errors import InvalidFields
from viche_chassis.ids import new_id
from viche_chassis.rates import Rates
from viche_identity.domain import links as rules
from viche_identity.domain.people import language_violations
from viche_identity.rates import PER_ADDRESS, PER_NETWORK
from viche_identity.records import Records
from viche_identity.store import links


class SignInLinks:
    """Makes links and has them sent."""

    def __init__(self, records: Records, rates: Rates, languages: Sequence[str]) -> None:
        self._records = records
        self._rates = rates
        self._languages = languages

    def check(self, return_path: str, language: str) -> None:
        """Raises InvalidFields where no link can be made of these."""
        found = [*rules.return_path_violations(return_path), *language_violations(language, self._languages)]
        if found:
            raise InvalidFields(*found)

    async def require_network(self, conn: Connection, network: str) -> None:
        """Raises TooManyRequests where the network has asked too often."""
        await self._rates.require(conn, PER_NETWORK, network)

    async def may_send(self, conn: Connection, mailbox: str) -> bool:
        """Whether a mailbox may get one more mail; see :mod:`viche_identity.rates` for why the asker is not told."""
        return await self._rates.use(conn, PER_ADDRESS, mailbox) == 0

    async def add(self, conn: Connection, email: str, language: str, return_path: str) -> UUID:
        """Makes a link for an address; gives its id."""
        link = links.NewLink(new_id(), language, return_path or rules.HOME, rules.LINK_LIFE_MINUTES)
        await links.add(conn, link)
        await links.add_details(conn, link.id, self._records.close_link_email(email, link.id))
        return link.id

    async def send(self, conn: Connection, link_id: UUID, site: str = "") -> None:
        """Has the mail with a link sent; ``site`` names the host that it leads to."""
        await outbox.add(conn, events_pb2.SignInLinkRequested(link_id=str(link_id), site=site))
