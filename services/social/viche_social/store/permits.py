"""Rates of platforms, kept for all processes together by the generic cell rate algorithm (ITU-T I.371, annex A)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from viche_chassis.db import Connection


@dataclass(frozen=True, slots=True)
class Meter:
    """One rate: calls come `every` so often, and `burst` of them may come at once."""

    key: str
    every: timedelta
    burst: int


class Granted(NamedTuple):
    """How many calls may be made now, and how long until one more may, in seconds."""

    number: int
    wait_s: float


async def take(conn: Connection, meters: Sequence[Meter], wanted: int) -> Granted:
    """Takes as many calls, `wanted` at most, as all of the rates let through now.

    Args:
        conn: in a transaction.
        meters: no two of one key.
        wanted: at least 1.
    """
    if not meters:
        return Granted(wanted, 0.0)
    by_key = {meter.key: meter for meter in meters}
    keys = sorted(by_key)
    await conn.execute(
        "INSERT INTO permits (key, next_at) SELECT key, clock_timestamp() FROM unnest(%(keys)s::text[]) AS key"
        " ON CONFLICT (key) DO NOTHING",
        {"keys": keys},
    )
    cursor = await conn.execute(
        "SELECT key, greatest(0, extract(epoch FROM next_at - clock_timestamp()))::float8 FROM permits"
        " WHERE key = ANY(%(keys)s) ORDER BY key FOR UPDATE",
        {"keys": keys},
    )
    ahead_s = {row[0]: float(row[1]) for row in await cursor.fetchall()}
    number = min(wanted, *(_room(by_key[key], ahead_s[key]) for key in keys))
    if number > 0:
        await conn.execute(
            "UPDATE permits p SET next_at = greatest(p.next_at, clock_timestamp()) + m.every * %(number)s"
            " FROM unnest(%(keys)s::text[], %(every)s::interval[]) AS m(key, every) WHERE p.key = m.key",
            {"keys": keys, "every": [by_key[key].every for key in keys], "number": number},
        )
    waits = [_wait_s(by_key[key], ahead_s[key], max(0, number)) for key in keys]
    return Granted(max(0, number), max(waits))


def _room(meter: Meter, ahead_s: float) -> int:
    """How many calls fit: the first may be as far ahead as the burst allows."""
    every_s = meter.every.total_seconds()
    return math.floor((every_s * (meter.burst - 1) - ahead_s) / every_s + 1e-9) + 1


def _wait_s(meter: Meter, ahead_s: float, taken: int) -> float:
    every_s = meter.every.total_seconds()
    return max(0.0, ahead_s + every_s * taken - every_s * (meter.burst - 1))
