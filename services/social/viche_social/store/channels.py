"""Channels: what is known of them, their secrets, and who must wait."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import errors
from psycopg.rows import class_row

from viche_chassis.db import Connection
from viche_social.domain.errors import AccountTaken

STATES = ("good", "paused", "expired", "limited", "unreachable")
"""Of channels that are connected."""
_COLUMNS = (
    "id, authority_id, connector, platform, platform_id, server, handle, title, url, language, state, fault, granted,"
    " own_values, limits, asked_at, worked_at, not_before, expires_at, connected_at"
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One account of an authority that is connected."""

    id: UUID
    authority_id: UUID
    connector: str
    platform: str
    platform_id: str
    server: str
    handle: str
    title: str
    url: str
    language: str
    state: str
    fault: str
    granted: Sequence[str]
    own_values: Mapping[str, str]
    limits: Mapping[str, Any] | None
    asked_at: datetime
    worked_at: datetime | None
    not_before: datetime | None
    expires_at: datetime | None
    connected_at: datetime


async def insert(conn: Connection, channel: Channel, ask_in: timedelta) -> None:
    """Adds a channel.

    Raises:
        AccountTaken: the account is connected already, here or for another authority.
    """
    try:
        await conn.execute(
            f"INSERT INTO channels ({_COLUMNS}, ask_at) VALUES (%(id)s, %(authority_id)s, %(connector)s,"  # noqa: S608 (ours)
            " %(platform)s, %(platform_id)s, %(server)s, %(handle)s, %(title)s, %(url)s, %(language)s, %(state)s,"
            " %(fault)s, %(granted)s, %(own_values)s, %(limits)s, %(asked_at)s, %(worked_at)s, %(not_before)s,"
            " %(expires_at)s, %(connected_at)s, %(asked_at)s::timestamptz + %(ask_in)s)",
            {**_written(channel), "ask_in": ask_in},
        )
    except errors.UniqueViolation as error:
        raise AccountTaken() from error


async def count_by_state(conn: Connection) -> dict[str, int]:
    """How many channels are in each state; those that nobody is in are left out."""
    cursor = await conn.execute("SELECT state, count(*) FROM channels WHERE disconnected_at IS NULL GROUP BY state")
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def count_expiring(conn: Connection, within: timedelta) -> int:
    """How many channels have a consent that ends so soon and that nothing renews."""
    cursor = await conn.execute(
        "SELECT count(*) FROM channels c LEFT JOIN channel_secrets k ON k.channel_id = c.id"
        " WHERE c.disconnected_at IS NULL AND c.expires_at < clock_timestamp() + %(within)s"
        " AND (k.renew_at IS NULL OR k.refused_at IS NOT NULL)",
        {"within": within},
    )
    row = await cursor.fetchone()
    return row[0] if row else 0


async def get(conn: Connection, id: UUID) -> Channel | None:
    """One channel, connected or not."""
    return next(iter(await by_ids(conn, [id])), None)


async def by_ids(conn: Connection, ids: Sequence[UUID]) -> list[Channel]:
    """Those of the channels that there are, by id."""
    cursor = conn.cursor(row_factory=class_row(Channel))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM channels WHERE id = ANY(%(ids)s) ORDER BY id",  # noqa: S608 (ours)
        {"ids": list(ids)},
    )
    return await cursor.fetchall()


async def hold(conn: Connection, id: UUID) -> Channel | None:
    """One channel, which nobody else changes until the transaction ends."""
    cursor = conn.cursor(row_factory=class_row(Channel))
    await cursor.execute(f"SELECT {_COLUMNS} FROM channels WHERE id = %(id)s FOR UPDATE", {"id": id})  # noqa: S608 (ours)
    return await cursor.fetchone()


async def of(conn: Connection, authorities: Sequence[UUID], *, with_disconnected: bool) -> list[Channel]:
    """Channels of authorities: those that need somebody first."""
    cursor = conn.cursor(row_factory=class_row(Channel))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM channels WHERE authority_id = ANY(%(authorities)s)"  # noqa: S608 (ours)
        " AND (%(with_disconnected)s OR disconnected_at IS NULL)"
        " ORDER BY array_position(ARRAY['expired', 'limited', 'unreachable', 'good', 'paused', 'disconnected'], state),"
        " authority_id, platform, handle, id",
        {"authorities": list(authorities), "with_disconnected": with_disconnected},
    )
    return await cursor.fetchall()


async def known(conn: Connection, channel: Channel, ask_in: timedelta) -> None:
    """Keeps what the platform says of the account now: it works, or what it lacks. A pause stays a pause."""
    await conn.execute(
        "UPDATE channels SET handle = %(handle)s, title = %(title)s, url = %(url)s,"
        " state = CASE WHEN state = 'paused' THEN state ELSE %(state)s END, fault = %(fault)s,"
        " granted = %(granted)s, limits = %(limits)s, expires_at = %(expires_at)s, asked_at = %(asked_at)s,"
        " worked_at = coalesce(%(worked_at)s, worked_at), ask_at = %(asked_at)s::timestamptz + %(ask_in)s"
        " WHERE id = %(id)s AND disconnected_at IS NULL",
        {**_written(channel), "ask_in": ask_in},
    )


async def set_state(conn: Connection, id: UUID, state: str, fault: str = "") -> bool:
    """Says how a connected channel is.

    Returns:
        whether that is something new.
    """
    cursor = await conn.execute(
        "UPDATE channels SET state = %(state)s, fault = %(fault)s"
        " WHERE id = %(id)s AND disconnected_at IS NULL AND state <> %(state)s",
        {"id": id, "state": state, "fault": fault},
    )
    return cursor.rowcount == 1


async def worked(conn: Connection, id: UUID) -> None:
    """Notes that a call has worked just now; one that could not be reached is good again."""
    await conn.execute(
        "UPDATE channels SET worked_at = clock_timestamp(),"
        " state = CASE WHEN state = 'unreachable' THEN 'good' ELSE state END,"
        " fault = CASE WHEN state = 'unreachable' THEN '' ELSE fault END"
        " WHERE id = %(id)s AND (worked_at IS NULL OR worked_at < clock_timestamp() - interval '1 minute'"
        " OR state = 'unreachable')",
        {"id": id},
    )


async def be_quiet(conn: Connection, id: UUID, pause: timedelta) -> None:
    """Nothing is asked of a channel before the pause is over."""
    await conn.execute(
        "UPDATE channels SET not_before = greatest(not_before, clock_timestamp() + %(pause)s) WHERE id = %(id)s",
        {"id": id, "pause": pause},
    )


async def be_quiet_all(conn: Connection, connector: str, pause: timedelta) -> None:
    """Nothing is asked of a connector's platform before the pause is over."""
    await conn.execute(
        "INSERT INTO connector_holds (connector, not_before) VALUES (%(connector)s, clock_timestamp() + %(pause)s)"
        " ON CONFLICT (connector) DO UPDATE"
        " SET not_before = greatest(connector_holds.not_before, excluded.not_before)",
        {"connector": connector, "pause": pause},
    )


async def disconnect(conn: Connection, id: UUID) -> None:
    """Ends a channel, and destroys its secrets."""
    await conn.execute("DELETE FROM channel_secrets WHERE channel_id = %(id)s", {"id": id})
    await conn.execute(
        "UPDATE channels SET state = 'disconnected', fault = '', disconnected_at = clock_timestamp()"
        " WHERE id = %(id)s AND disconnected_at IS NULL",
        {"id": id},
    )


async def connected(conn: Connection) -> list[Channel]:
    """All that are connected, of authorities that the register knows."""
    cursor = conn.cursor(row_factory=class_row(Channel))
    await cursor.execute(
        f"SELECT {_COLUMNS} FROM channels WHERE disconnected_at IS NULL"  # noqa: S608 (ours)
        " AND authority_id IN (SELECT id FROM bodies) ORDER BY id"
    )
    return await cursor.fetchall()


async def due(conn: Connection, limit: int) -> list[UUID]:
    """Channels that are to be asked how they are; each is put off, so that others do not ask it, too."""
    cursor = await conn.execute(
        "UPDATE channels SET ask_at = clock_timestamp() + interval '10 minutes' WHERE id IN ("
        " SELECT id FROM channels WHERE disconnected_at IS NULL AND ask_at <= clock_timestamp()"
        " ORDER BY ask_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED) RETURNING id",
        {"limit": limit},
    )
    return [row[0] for row in await cursor.fetchall()]


def _written(channel: Channel) -> dict[str, Any]:
    values = {name: getattr(channel, name) for name in Channel.__dataclass_fields__}
    return {
        **values,
        "granted": list(channel.granted),
        "own_values": json.dumps(dict(channel.own_values)),
        "limits": json.dumps(channel.limits) if channel.limits else None,
    }
