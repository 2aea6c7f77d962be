"""Figures of posts over time, those that are not given, and counts of polls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from viche_chassis.db import Connection


class Point(NamedTuple):
    """A figure at one instant."""

    delivery_id: UUID
    metric: str
    at: datetime
    value: int


class Gap(NamedTuple):
    """A figure that is not given, since when, and why."""

    delivery_id: UUID
    metric: str
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PollCounts:
    """Counts of a poll, by its answers in the platform's order."""

    options: Sequence[tuple[str, int]]
    voters: int | None
    is_closed: bool
    counted_at: datetime | None = None


async def put(conn: Connection, delivery_id: UUID, values: Mapping[str, int]) -> None:
    """Adds what a platform says now; what was not given is, again."""
    await conn.execute(
        "INSERT INTO post_figures (delivery_id, metric, at, value)"
        " SELECT %(id)s, v.metric, now(), v.value FROM unnest(%(metrics)s::text[], %(values)s::bigint[])"
        " AS v(metric, value) ON CONFLICT DO NOTHING",
        {"id": delivery_id, "metrics": list(values), "values": list(values.values())},
    )
    await conn.execute(
        "DELETE FROM post_figure_gaps WHERE delivery_id = %(id)s AND metric = ANY(%(metrics)s)",
        {"id": delivery_id, "metrics": list(values)},
    )


async def names(conn: Connection, delivery_id: UUID) -> set[str]:
    """Figures that were given at any time."""
    cursor = await conn.execute(
        "SELECT DISTINCT metric FROM post_figures WHERE delivery_id = %(id)s", {"id": delivery_id}
    )
    return {row[0] for row in await cursor.fetchall()}


async def put_gaps(conn: Connection, delivery_id: UUID, reasons: Mapping[str, str]) -> None:
    """Notes what a platform does not give; since when stays."""
    await conn.execute(
        "INSERT INTO post_figure_gaps (delivery_id, metric, reason)"
        " SELECT %(id)s, g.metric, g.reason FROM unnest(%(metrics)s::text[], %(reasons)s::text[]) AS g(metric, reason)"
        " ON CONFLICT (delivery_id, metric) DO UPDATE SET reason = excluded.reason",
        {"id": delivery_id, "metrics": list(reasons), "reasons": list(reasons.values())},
    )


async def points(conn: Connection, delivery_ids: Sequence[UUID]) -> list[Point]:
    """Figures of deliveries in the order of time."""
    cursor = await conn.execute(
        "SELECT delivery_id, metric, at, value FROM post_figures WHERE delivery_id = ANY(%(ids)s)"
        " ORDER BY delivery_id, metric, at",
        {"ids": list(delivery_ids)},
    )
    return [Point(*row) for row in await cursor.fetchall()]


async def gaps(conn: Connection, delivery_ids: Sequence[UUID]) -> list[Gap]:
    """What is not given."""
    cursor = await conn.execute(
        "SELECT delivery_id, metric, since, reason FROM post_figure_gaps WHERE delivery_id = ANY(%(ids)s)"
        " ORDER BY delivery_id, metric",
        {"ids": list(delivery_ids)},
    )
    return [Gap(*row) for row in await cursor.fetchall()]


async def put_poll(conn: Connection, delivery_id: UUID, counts: PollCounts) -> None:
    """Puts the latest counts of a poll in the place of those before."""
    await conn.execute(
        "INSERT INTO poll_counts (delivery_id, options, voters, is_closed)"
        " VALUES (%(id)s, %(options)s, %(voters)s, %(is_closed)s) ON CONFLICT (delivery_id) DO UPDATE"
        " SET options = excluded.options, voters = excluded.voters, is_closed = excluded.is_closed,"
        " counted_at = clock_timestamp()",
        {
            "id": delivery_id,
            "options": json.dumps([{"text": text, "votes": votes} for text, votes in counts.options]),
            "voters": counts.voters,
            "is_closed": counts.is_closed,
        },
    )


async def polls(conn: Connection, delivery_ids: Sequence[UUID]) -> dict[UUID, PollCounts]:
    """The latest counts of polls, by delivery."""
    cursor = await conn.execute(
        "SELECT delivery_id, options, voters, is_closed, counted_at FROM poll_counts WHERE delivery_id = ANY(%(ids)s)",
        {"ids": list(delivery_ids)},
    )
    return {row[0]: PollCounts(_options(row[1]), row[2], row[3], row[4]) for row in await cursor.fetchall()}


def _options(stored: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return [(each["text"], each["votes"]) for each in stored]
