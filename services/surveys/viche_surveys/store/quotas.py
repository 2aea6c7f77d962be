"""Places of quotas. Whoever takes places holds the rows, so that no quota ever overshoots."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from viche_chassis.db import Connection

Key = tuple[UUID, str]
"""Survey and name of the quota."""


async def hold(conn: Connection, keys: Collection[Key]) -> dict[Key, int]:
    """Holds quotas until the transaction has ended, and tells how many places each has left.

    Reservations that ran out give their places back first.
    """
    await conn.execute(
        # in the order of the key, so that two that need several wait for each other and never both
        "SELECT 1 FROM quotas WHERE (survey_id, quota) IN"
        " (SELECT * FROM unnest(%(surveys)s::uuid[], %(quotas)s::text[]))"
        " ORDER BY survey_id, quota FOR UPDATE",
        _arrays(keys),
    )
    cursor = await conn.execute(
        "WITH ended AS (DELETE FROM quota_reservations WHERE (survey_id, quota) IN"
        " (SELECT * FROM unnest(%(surveys)s::uuid[], %(quotas)s::text[])) AND expires_at <= clock_timestamp()"
        " RETURNING survey_id, quota), freed AS (SELECT survey_id, quota, count(*) AS places FROM ended GROUP BY 1, 2),"
        " given AS (UPDATE quotas q SET taken = taken - freed.places FROM freed"
        " WHERE q.survey_id = freed.survey_id AND q.quota = freed.quota)"
        " SELECT q.survey_id, q.quota, q.most - q.taken + coalesce(freed.places, 0) FROM quotas q"
        " LEFT JOIN freed USING (survey_id, quota) WHERE (q.survey_id, q.quota) IN"
        " (SELECT * FROM unnest(%(surveys)s::uuid[], %(quotas)s::text[]))",
        _arrays(keys),
    )
    return {(row[0], row[1]): row[2] for row in await cursor.fetchall()}


async def take(conn: Connection, places: Mapping[Key, int]) -> None:
    """Takes places of quotas that are held; negative numbers give places back."""
    await conn.execute(
        "UPDATE quotas q SET taken = taken + item.places"
        " FROM unnest(%(surveys)s::uuid[], %(quotas)s::text[], %(places)s::bigint[]) AS item (survey_id, quota, places)"
        " WHERE q.survey_id = item.survey_id AND q.quota = item.quota",
        {**_arrays(places), "places": list(places.values())},
    )


async def reserved(conn: Connection, holders: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Quotas in which drafts have a place."""
    cursor = await conn.execute(
        "SELECT holder, quota FROM quota_reservations WHERE holder = ANY(%(holders)s)", {"holders": list(holders)}
    )
    found: dict[UUID, set[str]] = {}
    for holder, quota in await cursor.fetchall():
        found.setdefault(holder, set()).add(quota)
    return found


async def reserve(conn: Connection, survey_id: UUID, holder: UUID, quotas: Collection[str], minutes: int) -> None:
    """Notes the places that a draft has, for so many minutes from now; those that it had longer, too."""
    await conn.execute(
        "INSERT INTO quota_reservations AS known (survey_id, quota, holder, expires_at)"
        " SELECT %(survey_id)s, quota, %(holder)s, clock_timestamp() + make_interval(mins => %(minutes)s)"
        " FROM unnest(%(quotas)s::text[]) AS quota"
        " ON CONFLICT (survey_id, quota, holder) DO UPDATE SET expires_at = excluded.expires_at",
        {"survey_id": survey_id, "holder": holder, "quotas": list(quotas), "minutes": minutes},
    )


async def release(conn: Connection, holders: Sequence[UUID], quotas: Collection[str] | None = None) -> None:
    """Forgets reservations of drafts, of some quotas or of all; who gives the places back does that apart."""
    await conn.execute(
        "DELETE FROM quota_reservations WHERE holder = ANY(%(holders)s)"
        " AND (%(quotas)s::text[] IS NULL OR quota = ANY(%(quotas)s))",
        {"holders": list(holders), "quotas": None if quotas is None else list(quotas)},
    )


async def ended(conn: Connection, limit: int) -> list[Key]:
    """Quotas with reservations that ran out."""
    cursor = await conn.execute(
        "SELECT DISTINCT survey_id, quota FROM quota_reservations WHERE expires_at <= clock_timestamp()"
        " ORDER BY 1, 2 LIMIT %(limit)s",
        {"limit": limit},
    )
    return [(row[0], row[1]) for row in await cursor.fetchall()]


def _arrays(keys: Collection[Key]) -> dict[str, list[object]]:
    return {"surveys": [survey for survey, _ in keys], "quotas": [quota for _, quota in keys]}
