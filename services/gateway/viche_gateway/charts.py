"""Charts drawn on the server as SVG: the title is the finding, a table stands beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from flask_babel import gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.formats import format_number, full_date

WIDTH = 640
HEIGHT = 200
_TABLE_ROWS = 12
_DAY_S = 86_400
_NOON_S = _DAY_S // 2
"""Where only the day of a count is known, it stands at noon: that is the same day in the zone of every reader."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the chart's table."""

    date: datetime
    count: int


@dataclass(frozen=True, slots=True)
class CountChart:
    """The count over time: ``line`` and ``area`` are SVG paths in a box of WIDTH × HEIGHT; ``note`` may be empty."""

    title: str
    line: str
    area: str
    first: datetime
    last: datetime
    count: int
    rows: tuple[Row, ...]
    note: str = ""


def count_chart(points: Sequence[pb.CountPoint]) -> CountChart | None:
    """The chart of a count's history; None when there is too little for a line."""
    if len(points) < 2 or points[-1].signature_count <= 0:
        return None
    times = [point.minute.seconds for point in points]
    counts = [point.signature_count for point in points]
    span = max(1, times[-1] - times[0])
    top = max(counts)
    corners = [((t - times[0]) / span * WIDTH, HEIGHT - c / top * HEIGHT) for t, c in _thinned(times, counts)]
    line = _stairs(corners)
    return CountChart(
        title=_finding(times, counts),
        line=line,
        area=f"{line}V{HEIGHT}H0Z",
        first=_instant(times[0]),
        last=_instant(times[-1]),
        count=counts[-1],
        rows=tuple(Row(_instant(t), c) for t, c in _sampled(times, counts, _TABLE_ROWS)),
    )


def stated_chart(points: Sequence[pb.CountPoint]) -> CountChart | None:
    """The chart of counts by the day as a source states them: days without one stay blank, a fall is a fall.

    None when there is too little for a line.
    """
    top = max((point.signature_count for point in points), default=0)
    if len(points) < 2 or not top:
        return None
    runs = _runs([(point.minute.seconds + _NOON_S, point.signature_count) for point in points])
    first, last = runs[0][0], runs[-1][-1]
    span = last[0] - first[0]
    lines = [
        [((t - first[0]) / span * WIDTH, HEIGHT - c / top * HEIGHT) for t, c in _spread(run, WIDTH // 4)]
        for run in runs
    ]
    return CountChart(
        title=gettext(
            "From %(least)s signatures on %(first)s to %(most)s on %(last)s",
            least=format_number(first[1]), first=full_date(_instant(first[0])),
            most=format_number(last[1]), last=full_date(_instant(last[0])),
        ),
        line="".join(_stairs(corners) for corners in lines),
        area="".join(f"{_stairs(corners)}V{HEIGHT}H{corners[0][0]:.1f}Z" for corners in lines),
        first=_instant(first[0]),
        last=_instant(last[0]),
        count=last[1],
        rows=tuple(Row(_instant(t), c) for t, c in _spread([point for run in runs for point in run], _TABLE_ROWS)),
        note=gettext("The source has no count for the days that are left blank.") if len(runs) > 1 else "",
    )  # fmt: skip


def _runs(days: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """The days, parted where one is missing."""
    runs = [[days[0]]]
    for before, day in pairwise(days):
        if day[0] - before[0] > _DAY_S:
            runs.append([])
        runs[-1].append(day)
    return runs


def _spread(points: Sequence[tuple[int, int]], most: int) -> Sequence[tuple[int, int]]:
    """At most ``most`` of the points, evenly by their place, the first and the last among them."""
    if len(points) <= most:
        return points
    return [points[round(place * (len(points) - 1) / (most - 1))] for place in range(most)]


def _stairs(corners: Sequence[tuple[float, float]]) -> str:
    """A count holds until it changes, so the line goes in steps."""
    x, y = corners[0]
    parts = [f"M{x:.1f} {y:.1f}"]
    for x, y in corners[1:]:
        parts.append(f"H{x:.1f}V{y:.1f}")
    return "".join(parts) + ("h1" if len(parts) == 1 else "")


def _thinned(times: Sequence[int], counts: Sequence[int]) -> list[tuple[int, int]]:
    return _sampled(times, counts, WIDTH // 4)


def _sampled(times: Sequence[int], counts: Sequence[int], most: int) -> list[tuple[int, int]]:
    """At most ``most`` of the points, evenly by time, the first and the last among them."""
    if len(times) <= most:
        return list(zip(times, counts, strict=True))
    chosen: list[tuple[int, int]] = []
    step = (times[-1] - times[0]) / (most - 1)
    index = 0
    for slot in range(most):
        limit = times[0] + slot * step
        while index + 1 < len(times) and times[index + 1] <= limit:
            index += 1
        chosen.append((int(limit), counts[index]))
    chosen[-1] = (times[-1], counts[-1])
    return chosen


def _finding(times: Sequence[int], counts: Sequence[int]) -> str:
    half = counts[-1] / 2
    reached = next(t for t, c in zip(times, counts, strict=True) if c >= half)
    days = (reached - times[0]) // 86400
    if times[-1] - times[0] < 2 * 86400:
        hours = max(1, (reached - times[0]) // 3600)
        return ngettext(
            "Half of the signatures came in the first hour",
            "Half of the signatures came in the first %(num)s hours",
            hours,
        )
    if days < 1:
        return gettext("Half of the signatures came on the first day")
    return ngettext(
        "Half of the signatures came in the first day", "Half of the signatures came in the first %(num)s days", days
    )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
