"""Keeps the authorities of this instance in the register, as identity has them."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.access import current_caller, require_operator
from viche_chassis.db import Connection, Pool, transaction
from viche_chassis.periodic import every
from viche_social.domain.register import BodyKind, Standing
from viche_social.identity import Authority, Region
from viche_social.store import bodies, days

EVERY_S = 60.0
UNKNOWN_LEVEL = "authority"
"""Whom an authority is counted with whose level is not known."""


class OwnBodies:
    """The authorities of this instance as bodies: their ids are identity's."""

    def __init__(self, pool: Pool, region: Region, zone: ZoneInfo) -> None:
        self._pool = pool
        self._region = region
        self._zone = zone
        self._kept: frozenset[Authority] | None = None

    async def run(self) -> None:
        """Runs until cancelled."""
        await every(EVERY_S, self.keep, "own bodies")

    async def keep(self) -> None:
        """Brings the register up to what identity says; nothing is written where nothing has changed.

        An identity that knows no authority yet says nothing: it ends none.

        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        known = await self.known()
        if not known or frozenset(known) == self._kept:
            return
        async with transaction(self._pool) as conn:
            await self.write(conn, known)
        self._kept = frozenset(known)

    async def known(self, *, is_fresh: bool = False) -> list[Authority]:
        """The authorities as identity has them, parents before children.

        Args:
            is_fresh: whether identity is asked now, however lately it was asked.
        Raises:
            DomainError: identity does not answer and has not answered before.
        """
        return list((await self._region.authorities(is_fresh=is_fresh)).values())

    async def check(self, authority_id: UUID) -> None:
        """Looks whether there is an authority.

        Raises:
            UnknownAuthority: there is none.
            DomainError: identity does not answer, and has not told of this one before.
        """
        await self._region.get(authority_id)

    async def check_operates_all(self) -> None:
        """Lets only those pass who operate every authority; the command line beside the services may, too.

        Raises:
            NotYourAuthority: the person does not.
            DomainError: identity does not answer and has not answered before.
        """
        if current_caller().person is not None:
            require_operator(str(each.id) for each in await self.known())

    async def write(self, conn: Connection, known: Sequence[Authority]) -> None:
        """Keeps authorities as they are now, within a transaction that holds the register from now on."""
        on = await days.today(conn, self._zone)
        await bodies.lock(conn)
        await bodies.put(conn, [bodies.Given(each.id, BodyKind.AUTHORITY, "", "", each.title) for each in known])
        standings = {each.id: Standing(each.level or UNKNOWN_LEVEL, None, each.parent_id) for each in known}
        await bodies.place(conn, standings, on)
        await bodies.end_others(conn, "", list(standings), on)
