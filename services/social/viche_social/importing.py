"""Takes registers of bodies and accounts over, and figures of accounts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from viche_chassis.db import Connection
from viche_chassis.errors import FieldViolation, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_social.domain import platforms
from viche_social.domain.errors import RegisterIsNewer
from viche_social.domain.given import GivenAccount, GivenBody, faults_of_account, faults_of_body
from viche_social.domain.register import Account, Span, Standing
from viche_social.store import accounts, bodies, readings

SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
NOTHING = accounts.Taken(0, 0, 0)
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Register:
    """A register as it is on a day; None where it does not speak of bodies, or of accounts."""

    name: str
    on: date
    bodies: Sequence[GivenBody] | None
    accounts: Sequence[GivenAccount] | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a register; ``unknown`` are positions of accounts whose body nobody knows."""

    bodies_added: int = 0
    bodies_ended: int = 0
    taken: accounts.Taken = NOTHING
    unknown: Sequence[int] = ()


def check(register: Register) -> None:
    """Looks whether a register can be taken over.

    Raises:
        InvalidFields: naming what cannot, up to some of it.
    """
    faults = [] if SHORT_NAME.fullmatch(register.name) else [invalid("register", "BAD_SHORT_NAME")]
    for place, body in enumerate(register.bodies or ()):
        faults += _at(f"bodies[{place}]", faults_of_body(body))
    for place, account in enumerate(register.accounts or ()):
        faults += _at(f"accounts[{place}]", faults_of_account(account))
    if faults:
        raise InvalidFields(*faults[:_MOST_FAULTS])


async def take(conn: Connection, register: Register, own: Mapping[str, UUID]) -> Outcome:
    """Takes a register over that was checked; the register of bodies must be locked.

    Args:
        own: ids of the authorities of this instance by their short names.
    Raises:
        RegisterIsNewer: it was read for a later day already.
    """
    added = ended = 0
    if register.bodies is not None:
        await _note(conn, register, "bodies")
        added, ended = await _take_bodies(conn, register, register.bodies, own)
    if register.accounts is None:
        return Outcome(added, ended)
    await _note(conn, register, "accounts")
    taken, unknown = await _take_accounts(conn, register, register.accounts, own)
    return Outcome(added, ended, taken, unknown)


async def _note(conn: Connection, register: Register, part: str) -> None:
    before = await readings.last(conn, register.name, part)
    if before and before > register.on:
        raise RegisterIsNewer(register=register.name, read_on=before.isoformat())
    await readings.note(conn, register.name, part, register.on)


async def _take_bodies(
    conn: Connection, register: Register, given: Sequence[GivenBody], own: Mapping[str, UUID]
) -> tuple[int, int]:
    others = {each.key: each for each in given if each.key not in own}
    known = await bodies.ids(conn, [(register.name, key) for key in others])
    ids = {key: known.get((register.name, key)) or new_id() for key in others}
    await bodies.put(
        conn, [bodies.Given(ids[key], each.kind, register.name, key, each.title) for key, each in others.items()]
    )
    parents = {**ids, **own}
    standings = {
        ids[key]: Standing(each.authority_kind, each.field, parents.get(each.parent_key))
        for key, each in others.items()
    }
    added = await bodies.place(conn, standings, register.on)
    fields = {own[each.key]: each.field for each in given if each.key in own and each.field}
    await bodies.set_fields(conn, fields, register.on)
    return added, await bodies.end_others(conn, register.name, list(standings), register.on)


async def _take_accounts(
    conn: Connection, register: Register, given: Sequence[GivenAccount], own: Mapping[str, UUID]
) -> tuple[accounts.Taken, list[int]]:
    keys = {(each.body_register or register.name, each.body_key) for each in given}
    known = await bodies.ids(conn, sorted(keys))
    unknown: list[int] = []
    found: dict[tuple[UUID, str, str], Account] = {}
    for place, each in enumerate(given):
        body_id = known.get((each.body_register or register.name, each.body_key)) or own.get(each.body_key)
        if body_id is None:
            unknown.append(place)
            continue
        account = _account(body_id, each, register)
        found.setdefault((body_id, account.platform, account.handle.lower()), account)
    return await accounts.take(conn, register.name, list(found.values()), register.on), unknown


def _account(body_id: UUID, given: GivenAccount, register: Register) -> Account:
    platform, handle = platforms.platform_of(given.platform), platforms.handle_of(given.handle)
    url = given.url or platforms.address_of(platform, handle)
    return Account(
        new_id(), body_id, platform, handle, Span(register.on), url, given.external_id, given.purpose, register.name
    )


def _at(place: str, faults: Sequence[FieldViolation]) -> list[FieldViolation]:
    return [replace(each, field=f"{place}.{each.field}") for each in faults]
