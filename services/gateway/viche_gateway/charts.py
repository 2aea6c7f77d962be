"""Charts drawn on the server as SVG: the title is the finding, a table stands beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext, ngettext
from viche.petitions.v1 import petitions_pb2 as pb

WIDTH = 640
HEIGHT = 200
_TABLE_ROWS = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the chart's table."""

    date: datetime
    count: int


@dataclass(frozen=True, slots=True)
class CountChart:
    """The count over time: ``line`` and ``area`` are SVG paths in a box of WIDTH × HEIGHT."""

    title: str
    line: str
    area: str
    first: datetime
    last: datetime
    count: int
    rows: tuple[Row, ...]


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


def _stairs(corners: Sequence[tuple[float, float]]) -> str:
    """A count holds until it changes, so the line goes in steps."""
    x, y = corners[0]
    parts = [f"M{x:.1f} {y:.1f}"]
    for x, y in corners[1:]:
        parts.append(f"H{x:.1f}V{y:.1f}")
    return "".join(parts)


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
