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
    """Seconds after which each call may be made, in their order, and seconds until it is worth asking for more."""

    delays_s: Sequence[float]
    wait_s: float

    @property
    def number(self) -> int:
        """How many calls may be made."""
        return len(self.delays_s)


async def take(conn: Connection, meters: Sequence[Meter], wanted: int, *, ahead_s: float = 0.0) -> Granted:
    """Takes as many calls, `wanted` at most, as all of the rates let through now or within `ahead_s` seconds. Whoever
    takes ahead keeps to the rate without looking at the very moment of each call.

    Args:
        conn: in a transaction.
        meters: no two of one key.
        wanted: at least 1.
        ahead_s: how far ahead; what is taken and not used is lost to others for that long.
    """
    if not meters:
        return Granted([0.0] * wanted, 0.0)
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
    lags = [(by_key[row[0]], float(row[1])) for row in await cursor.fetchall()]
    number = max(0, min(wanted, *(_room(meter, lag_s, ahead_s) for meter, lag_s in lags)))
    if number > 0:
        await conn.execute(
            "UPDATE permits p SET next_at = greatest(p.next_at, clock_timestamp()) + m.every * %(number)s"
            " FROM unnest(%(keys)s::text[], %(every)s::interval[]) AS m(key, every) WHERE p.key = m.key",
            {"keys": keys, "every": [by_key[key].every for key in keys], "number": number},
        )
    delays_s = [max(_delay_s(meter, lag_s, place) for meter, lag_s in lags) for place in range(number)]
    # half of what was taken ahead is still to come when more is asked for
    wait_s = max(_delay_s(meter, lag_s, number) for meter, lag_s in lags) - ahead_s / 2
    return Granted(delays_s, max(0.0, wait_s))


def _room(meter: Meter, lag_s: float, ahead_s: float) -> int:
    """How many calls fit: the first may be as far ahead as the burst allows."""
    every_s = meter.every.total_seconds()
    return math.floor((every_s * (meter.burst - 1) + ahead_s - lag_s) / every_s + 1e-9) + 1


def _delay_s(meter: Meter, lag_s: float, place: int) -> float:
    """Seconds after which the call at this place, counted from 0, may be made."""
    every_s = meter.every.total_seconds()
    return max(0.0, lag_s + every_s * place - every_s * (meter.burst - 1))
