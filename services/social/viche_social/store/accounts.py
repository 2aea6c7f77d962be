"""Accounts of bodies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import sql

from viche_chassis.db import Connection
from viche_social.domain.register import Account, Purpose, Span

_COLUMNS = sql.SQL(
    "a.id, a.body_id, a.platform, a.handle, a.url, a.external_id, a.purpose, a.register, a.from_on, a.until_on"
)

_GIVEN = sql.SQL(
    "unnest(%(ids)s::uuid[], %(bodies)s::uuid[], %(platforms)s::text[], %(handles)s::text[], %(urls)s::text[],"
    " %(externals)s::text[], %(purposes)s::text[])"
    " AS g (id, body_id, platform, handle, url, external_id, purpose)"
)
_RENAME = sql.SQL(
    "UPDATE accounts AS a SET handle = g.handle FROM {}"
    " WHERE a.register = %(register)s AND a.until_on IS NULL AND a.body_id = g.body_id AND a.platform = g.platform"
    " AND g.external_id <> '' AND a.external_id = g.external_id AND lower(a.handle) <> lower(g.handle)"
    " AND NOT EXISTS (SELECT FROM accounts AS o WHERE o.until_on IS NULL AND o.body_id = g.body_id"
    " AND o.platform = g.platform AND lower(o.handle) = lower(g.handle))"
).format(_GIVEN)
_CORRECT = sql.SQL(
    "UPDATE accounts AS a SET handle = g.handle, url = g.url, external_id = g.external_id, purpose = g.purpose FROM {}"
    " WHERE a.register = %(register)s AND a.until_on IS NULL AND a.body_id = g.body_id AND a.platform = g.platform"
    " AND lower(a.handle) = lower(g.handle) AND (a.handle, a.url, a.external_id, a.purpose)"
    " IS DISTINCT FROM (g.handle, g.url, g.external_id, g.purpose)"
).format(_GIVEN)
_ADD = sql.SQL(
    "INSERT INTO accounts (id, body_id, platform, handle, url, external_id, purpose, register, from_on)"
    " SELECT g.*, %(register)s, %(on)s FROM {}"
    " ON CONFLICT (body_id, platform, lower(handle)) WHERE until_on IS NULL"
    " DO UPDATE SET purpose = excluded.purpose, register = excluded.register"
    " WHERE (accounts.purpose, excluded.purpose) = ('campaign', 'office')"
).format(_GIVEN)
_END = sql.SQL(
    "UPDATE accounts AS a SET until_on = greatest(a.from_on, %(on)s)"
    " WHERE a.register = %(register)s AND a.until_on IS NULL AND NOT EXISTS (SELECT FROM {}"
    " WHERE g.body_id = a.body_id AND g.platform = a.platform AND lower(g.handle) = lower(a.handle))"
).format(_GIVEN)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many accounts of a register are new, gone and as before."""

    added: int
    ended: int
    kept: int


@dataclass(frozen=True, slots=True)
class After:
    """The last account of the page before."""

    body_id: UUID
    platform: str
    handle: str
    id: UUID


async def put(conn: Connection, account: Account) -> Account:
    """Enters an account, or corrects the address of the same one that is there; the register must be locked."""
    cursor = await conn.execute(
        sql.SQL(
            "INSERT INTO accounts AS a (id, body_id, platform, handle, url, external_id, purpose, register, from_on)"
        " VALUES (%(id)s, %(body_id)s, %(platform)s, %(handle)s, %(url)s, %(external_id)s, %(purpose)s, %(register)s,"
        " %(from_on)s) ON CONFLICT (body_id, platform, lower(handle)) WHERE until_on IS NULL"
        " DO UPDATE SET handle = excluded.handle, url = excluded.url"
            " RETURNING {}"
        ).format(_COLUMNS),
        {
            "id": account.id, "body_id": account.body_id, "platform": account.platform, "handle": account.handle,
            "url": account.url, "external_id": account.external_id, "purpose": str(account.purpose),
            "register": account.register, "from_on": account.span.from_on,
        },
    )  # fmt: skip
    (row,) = await cursor.fetchall()
    return _account(*row)


async def take(conn: Connection, register: str, given: Sequence[Account], on: date) -> Taken:
    """Takes over what a register says on a day; the register must be locked.

    An account that is there by another way stays as it is, unless a campaign's is the office's, too. One with a new
    name and the same id of the platform goes on.
    """
    values = {
        "register": register, "on": on, "ids": [each.id for each in given],
        "bodies": [each.body_id for each in given], "platforms": [each.platform for each in given],
        "handles": [each.handle for each in given], "urls": [each.url for each in given],
        "externals": [each.external_id for each in given], "purposes": [str(each.purpose) for each in given],
    }  # fmt: skip
    await conn.execute(_RENAME, values)
    await conn.execute(_CORRECT, values)
    added = (await conn.execute(_ADD, values)).rowcount
    ended = (await conn.execute(_END, values)).rowcount
    return Taken(added, ended, len(given) - added)


async def end(conn: Connection, id: UUID, on: date) -> Account | None:
    """Ends an account on a day, unless it has ended before; None where there is none."""
    cursor = await conn.execute(
        sql.SQL(
            "UPDATE accounts AS a SET until_on = coalesce(until_on, greatest(from_on, %(on)s)) WHERE id = %(id)s"
            " RETURNING {}"
        ).format(_COLUMNS),
        {"id": id, "on": on},
    )
    row = await cursor.fetchone()
    return _account(*row) if row else None


async def get(conn: Connection, id: UUID) -> Account | None:
    """An account; None where there is none."""
    query = sql.SQL("SELECT {} FROM accounts AS a WHERE id = %(id)s").format(_COLUMNS)
    cursor = await conn.execute(query, {"id": id})
    row = await cursor.fetchone()
    return _account(*row) if row else None


async def known_by(conn: Connection, ids: Sequence[UUID], on: date) -> list[Account]:
    """Those of some accounts that had not ended by a day, also where the register did not know them yet."""
    cursor = await conn.execute(
        sql.SQL(
            "SELECT {} FROM accounts AS a WHERE id = ANY(%(ids)s) AND (until_on IS NULL OR until_on > %(on)s)"
            " ORDER BY id"
        ).format(_COLUMNS),
        {"ids": list(ids), "on": on},
    )
    return [_account(*row) for row in await cursor.fetchall()]


async def on_day(
    conn: Connection, on: date, bodies: Sequence[UUID], platform: str, after: After | None, limit: int
) -> list[Account]:
    """Accounts of a day, by body, platform, handle and id; of all bodies and platforms where none are named."""
    cursor = await conn.execute(
        sql.SQL(
            "SELECT {} FROM accounts AS a WHERE from_on <= %(on)s AND (until_on IS NULL OR until_on > %(on)s)"
        " AND (%(bodies)s::uuid[] = '{{}}' OR body_id = ANY(%(bodies)s)) AND %(platform)s IN ('', platform)"
        " AND (%(id)s::uuid IS NULL"
        " OR (body_id, platform, handle, id) > (%(body_id)s, %(after_platform)s, %(handle)s, %(id)s))"
        " ORDER BY body_id, platform, handle, id LIMIT %(limit)s"
        ).format(_COLUMNS),
        {
            "on": on, "bodies": list(bodies), "platform": platform, "limit": limit,
            "id": after.id if after else None, "body_id": after.body_id if after else None,
            "after_platform": after.platform if after else "", "handle": after.handle if after else "",
        },
    )  # fmt: skip
    return [_account(*row) for row in await cursor.fetchall()]


def _account(*row: Any) -> Account:
    id, body_id, platform, handle, url, external_id, purpose, register, from_on, until_on = row
    span = Span(from_on, until_on)
    return Account(id, body_id, platform, handle, span, url, external_id, Purpose(purpose), register)
