"""Figures of accounts over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from viche_chassis.db import Connection
from viche_social.domain.presence import FRESH, Figure

FOLLOWERS = "followers"


@dataclass(frozen=True, slots=True)
class Given:
    """A figure of an account on a day; ``value`` is None where it is not known, and ``reason`` says why."""

    account_id: UUID
    metric: str
    value: int | None
    reason: str = ""


async def put(conn: Connection, day: date, source: str, given: Sequence[Given]) -> None:
    """Keeps figures of a day in place of those that are there; no two of them of one account and metric.

    Args:
        source: empty for what the platform says itself.
    """
    await conn.execute(
        "INSERT INTO figures (account_id, metric, day, value, reason, source)"
        " SELECT account_id, metric, %(day)s, value, reason, %(source)s"
        " FROM unnest(%(accounts)s::uuid[], %(metrics)s::text[], %(values)s::bigint[], %(reasons)s::text[])"
        " AS g (account_id, metric, value, reason)"
        " ON CONFLICT (account_id, metric, day) DO UPDATE"
        " SET value = excluded.value, reason = excluded.reason, source = excluded.source",
        {
            "day": day, "source": source, "accounts": [each.account_id for each in given],
            "metrics": [each.metric for each in given], "values": [each.value for each in given],
            "reasons": [each.reason for each in given],
        },
    )  # fmt: skip


async def on_day(conn: Connection, metric: str, on: date) -> dict[UUID, Figure]:
    """By account the last figure of a day or of those before for which it still speaks."""
    cursor = await conn.execute(
        "SELECT DISTINCT ON (account_id) account_id, value, day FROM figures"
        " WHERE metric = %(metric)s AND day <= %(on)s AND day > %(after)s AND value IS NOT NULL"
        " ORDER BY account_id, day DESC",
        {"metric": metric, "on": on, "after": on - FRESH},
    )
    return {account_id: Figure(value, day) for account_id, value, day in await cursor.fetchall()}


async def counted(conn: Connection, day: date, ids: Sequence[UUID], passing: str) -> set[UUID]:
    """Those of some accounts that were counted on a day; a figure that is missing for a passing reason is none."""
    cursor = await conn.execute(
        "SELECT DISTINCT account_id FROM figures WHERE account_id = ANY(%(ids)s) AND metric = %(metric)s"
        " AND day = %(day)s AND reason <> %(passing)s",
        {"ids": list(ids), "metric": FOLLOWERS, "day": day, "passing": passing},
    )
    return {id for (id,) in await cursor.fetchall()}


async def account_ids(conn: Connection, wanted: Sequence[tuple[str, str, str]]) -> list[UUID | None]:
    """The account of each (platform, handle, external id); None where the register knows none.

    The platform's own id is looked for first. Of several accounts with one name it is that which is there now, else
    that which was there last.
    """
    cursor = await conn.execute(
        "SELECT found.id FROM unnest(%(platforms)s::text[], %(handles)s::text[], %(externals)s::text[])"
        " WITH ORDINALITY AS w (platform, handle, external_id, place) LEFT JOIN LATERAL ("
        " SELECT a.id, a.until_on, a.from_on, 0 AS rank FROM accounts AS a"
        " WHERE w.external_id <> '' AND a.platform = w.platform AND a.external_id = w.external_id"
        " UNION ALL SELECT a.id, a.until_on, a.from_on, 1 FROM accounts AS a"
        " WHERE w.handle <> '' AND a.platform = w.platform AND lower(a.handle) = lower(w.handle)"
        " ORDER BY rank, until_on DESC NULLS FIRST, from_on DESC, id LIMIT 1) AS found ON true ORDER BY w.place",
        {
            "platforms": [platform for platform, _, _ in wanted],
            "handles": [handle for _, handle, _ in wanted],
            "externals": [external for _, _, external in wanted],
        },
    )
    return [id for (id,) in await cursor.fetchall()]
