"""Whether signatures come from where they usually come from.

Hours are held against the other hours of the petition. Every other group (an address block, a domain, a territory) is
held against what it would have if it kept its usual part of all signatures of the hour: its part before the last day,
or, where a petition is too young to have one, its part at the other petitions. So a day on which everybody talks of a
petition makes no group stand out.

The score is the modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993): how many deviations
the most unusual hour of the last day lies above the median hour, the deviation being 1.4826 × MAD, the median of the
distances from the median. Hours without a signature count as zero. Where a group is nearly always silent, MAD is zero
and says nothing; so a deviation is at least that of a Poisson count, the square root of what was to be expected, and at
least one signature.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

NOW = timedelta(hours=24)
PAST = timedelta(days=28)
HIGH = 3.5
EXTREME = 10.0
LEAST_NAMED = 5
MOST_NAMED = 50
LEAST_PAST = 50
"""Signatures before the last day without which a petition has no usual parts of its own."""
_HOUR = timedelta(hours=1)
_DAY = 24
_NORMAL = 1.4826


class Group(StrEnum):
    """By what signatures are grouped."""

    HOUR = "hour"
    NETWORK = "network"
    MAIL_DOMAIN = "mail_domain"
    TERRITORY = "territory"


class Mark(StrEnum):
    """How unusual a row is."""

    USUAL = "usual"
    HIGH = "high"
    EXTREME = "extreme"


@dataclass(frozen=True, slots=True)
class Window:
    """The hours that are looked at; ``now`` is the start of the last day among them. All are starts of hours."""

    since: datetime
    now: datetime
    until: datetime

    @classmethod
    def at(cls, at: datetime, opened_at: datetime) -> "Window":
        """The window that ends with the hour of ``at``."""
        until = _hour(at) + _HOUR
        return cls(max(_hour(opened_at), until - PAST), until - NOW, until)

    @property
    def hours(self) -> int:
        """How many."""
        return max(1, (self.until - self.since) // _HOUR)


@dataclass(frozen=True, slots=True)
class Trend:
    """One row: signatures now, shares from 0 to 1, and the score. ``other_share`` is None by hour."""

    group: Group
    key: str
    signatures: int
    share: float
    usual_share: float
    other_share: float | None
    score: float
    is_rest: bool = False

    @property
    def mark(self) -> Mark:
        """What the score means."""
        if self.score >= EXTREME:
            return Mark.EXTREME
        return Mark.HIGH if self.score >= HIGH else Mark.USUAL


def of_hours(counted: Sequence[tuple[datetime, int]], window: Window) -> list[Trend]:
    """The hours of the last day, the most unusual first; without a day before it nothing is unusual."""
    recent = {at: count for at, count in counted if at >= window.now}
    past = [(at, count) for at, count in counted if at < window.now]
    total, past_total = sum(recent.values()), sum(count for _, count in past)
    middle, deviation = _spread([count for _, count in counted], window.hours)
    deviation = max(deviation, middle**0.5, 1.0)
    has_past = window.hours >= 2 * _DAY
    rows = [
        Trend(
            group=Group.HOUR, key=at.isoformat(), signatures=count, share=_part(count, total),
            usual_share=_part(sum(n for then, n in past if then.hour == at.hour), past_total), other_share=None,
            score=(count - middle) / deviation if has_past else 0.0,
        )
        for at, count in recent.items()
    ]  # fmt: skip
    return _ordered(rows)


def of_groups(
    group: Group,
    counted: Iterable[tuple[str, datetime, int]],
    others: tuple[Mapping[str, int], int],
    window: Window,
) -> list[Trend]:
    """The groups of the last day, the most unusual first; those too small or too many to be named are one row.

    Args:
        counted: by key and hour; an empty key is left out where it means that nothing is known.
        others: counts of the same groups at other petitions now, and of all of their signatures.
    """
    series: dict[str, list[tuple[datetime, int]]] = {}
    for key, at, count in counted:
        if key or group is Group.TERRITORY:
            series.setdefault(key, []).append((at, count))
    now = {key: sum(n for at, n in hours if at >= window.now) for key, hours in series.items()}
    past = {key: sum(n for at, n in hours if at < window.now) for key, hours in series.items()}
    by_hour = _by_hour(series)
    totals = sum(now.values()), sum(past.values()), others[1]
    rows: list[Trend] = []
    for key in filter(now.get, series):
        usual, other = _part(past[key], totals[1]), _part(others[0].get(key, 0), totals[2])
        expected = usual if totals[1] >= LEAST_PAST else other
        rows.append(
            Trend(
                group=group, key=key, signatures=now[key], share=_part(now[key], totals[0]), usual_share=usual,
                other_share=other, score=_score(dict(series[key]), by_hour, expected, window),
            )
        )  # fmt: skip
    named = _ordered(row for row in rows if row.signatures >= LEAST_NAMED)[:MOST_NAMED]
    rest = _rest(group, [row for row in rows if row not in named])
    return [*named, *rest]


def _score(counts: Mapping[datetime, int], totals: Mapping[datetime, int], expected: float, window: Window) -> float:
    """How far the most unusual hour of the last day lies above the median hour, in deviations.

    Args:
        counts, totals: of the group and of all groups, by hour.
        expected: part of the total that the group would have.
    """
    excess = {at: counts.get(at, 0) - total * expected for at, total in totals.items()}
    middle, deviation = _spread(list(excess.values()), max(window.hours, 2 * _DAY))
    return max(
        (excess[at] - middle) / max(deviation, (totals[at] * expected) ** 0.5, 1.0) for at in counts if at >= window.now
    )


def _spread(values: Sequence[float], hours: int) -> tuple[float, float]:
    """Median and deviation over so many hours, of which those without a value are zero."""
    padded = [*values, *[0.0] * (hours - len(values))]
    middle = median(padded)
    return middle, _NORMAL * median(abs(value - middle) for value in padded)


def _by_hour(series: Mapping[str, Sequence[tuple[datetime, int]]]) -> dict[datetime, int]:
    totals: dict[datetime, int] = {}
    for hours in series.values():
        for at, count in hours:
            totals[at] = totals.get(at, 0) + count
    return totals


def _rest(group: Group, rows: Sequence[Trend]) -> list[Trend]:
    if not rows:
        return []
    return [
        Trend(
            group=group, key="", signatures=sum(row.signatures for row in rows), share=sum(row.share for row in rows),
            usual_share=sum(row.usual_share for row in rows), other_share=sum(row.other_share or 0 for row in rows),
            score=0.0, is_rest=True,
        )
    ]  # fmt: skip


def _ordered(rows: Iterable[Trend]) -> list[Trend]:
    return sorted(rows, key=lambda row: (-row.score, -row.signatures, row.key))


def _part(count: int, total: int) -> float:
    return count / total if total > 0 else 0.0


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
