"""What officers change in the register, within a transaction."""

from datetime import date
from uuid import UUID

from viche_chassis import acts
from viche_chassis.access import current_caller
from viche_chassis.db import Connection
from viche_chassis.errors import NotYourAuthority
from viche_chassis.ids import new_id
from viche_social.domain import platforms
from viche_social.domain.errors import AccountNotFound
from viche_social.domain.register import Account, Span
from viche_social.store import accounts, bodies


def check_covered(authority_id: UUID) -> None:
    """Lets an officer act for an authority; the command line beside the services may act for all.

    Raises:
        NotYourAuthority: the officer's roles do not cover it.
    """
    caller = current_caller()
    if caller.person is not None and str(authority_id) not in caller.person.authorities(caller.roles):
        raise NotYourAuthority()


def entered(authority_id: UUID, platform: str, handle: str, url: str, on: date) -> Account:
    """An account as an officer writes it.

    Raises:
        InvalidFields: something cannot be one.
    """
    platforms.check_address(url)
    platform, handle = platforms.platform_of(platform), platforms.handle_of(handle)
    return Account(new_id(), authority_id, platform, handle, Span(on), url or platforms.address_of(platform, handle))


async def put(conn: Connection, account: Account) -> Account:
    """Enters an account of an authority that is in the register."""
    await bodies.lock(conn)
    kept = await accounts.put(conn, account)
    acts.about(object=f"account:{kept.id}", authority_id=kept.body_id)
    return kept


async def end(conn: Connection, id: UUID, on: date) -> Account:
    """Ends an account.

    Raises:
        AccountNotFound: there is none.
        NotYourAuthority: it is of somebody else.
    """
    found = await accounts.get(conn, id)
    if found is None:
        raise AccountNotFound()
    check_covered(found.body_id)
    ended = await accounts.end(conn, id, on)
    assert ended is not None
    acts.about(object=f"account:{id}", authority_id=found.body_id)
    return ended
