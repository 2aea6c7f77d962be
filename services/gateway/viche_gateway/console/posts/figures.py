"""How a post does at one account: figures with what became of them over time, and counts of its poll."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext
from viche.social.v1 import metrics_pb2 as pb
from viche.social.v1 import posts_pb2

from viche_chassis.errors import DomainError
from viche_gateway.branding.current import address_of
from viche_gateway.console.posts.desk import Desk
from viche_gateway.context import services, settings
from viche_gateway.formats import format_number, full_date, instant_text
from viche_gateway.sentences import N_
from viche_gateway.sessions import signed_in

WIDTH, HEIGHT = 160, 40
"""Of the box that the line of a figure is drawn in."""
_ROWS = 12
NAMES: Mapping[str, str] = {
    "views": N_("Views"),
    "reach": N_("People reached"),
    "reactions": N_("Reactions"),
    "comments": N_("Comments"),
    "shares": N_("Shares"),
    "saves": N_("Kept by readers"),
}
"""In the order in which they are shown."""


_SURVEY = re.compile(r"(?:/[a-z]{2})?/surveys/([1-9]\d{0,17})(?:[/?#].*)?")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the latest value (None where the platform never gave it), a note, and its line over time."""

    name: str
    value: int | None
    note: str
    line: str
    points: Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class Option:
    """An answer of a poll, with its share of all votes in percent."""

    text: str
    votes: int
    share: int


@dataclass(frozen=True, slots=True)
class Doing:
    """How a post does at one account; `title` says in one sentence what stands out, and may be empty."""

    figures: Sequence[Figure]
    title: str
    answered_at: datetime | None
    is_told: bool
    fault: str
    options: Sequence[Option]
    voters: int | None
    is_closed: bool


def of(found: Desk) -> Mapping[str, Doing]:
    """How a post does, by delivery; nothing while the service does not answer, or before it is out."""
    if not any(each.published_at.seconds for each in found.post.deliveries):
        return {}
    try:
        metrics = services().metrics.of_post(signed_in().access_token, found.id)
    except DomainError:
        return {}
    return {id: doing(each) for id, each in metrics.items()}


def survey_number(post: posts_pb2.Post) -> int | None:
    """The survey of this portal that a post links to; None where it links to none."""
    link = post.content.link
    for home in (settings().public_url, address_of(post.authority_id)):
        found = _SURVEY.fullmatch(link.removeprefix(home.rstrip("/"))) if link.startswith(home) else None
        if found:
            return int(found[1])
    return None


def doing(metrics: pb.DeliveryMetrics) -> Doing:
    """What one platform has said, for its part of the page."""
    by_name = {each.metric: each for each in metrics.metrics}
    figures = [_figure(name, by_name[name]) for name in NAMES if name in by_name]
    return Doing(
        figures,
        _finding(figures),
        metrics.answered_at.ToDatetime(tzinfo=UTC) if metrics.HasField("answered_at") else None,
        metrics.is_told,
        metrics.fault,
        _options(metrics.poll),
        metrics.poll.voters if metrics.poll.HasField("voters") else None,
        metrics.poll.is_closed,
    )


def _figure(name: str, series: pb.MetricSeries) -> Figure:
    points = [(each.at.ToDatetime(tzinfo=UTC), each.value) for each in series.points]
    note = ""
    if series.HasField("missing_since"):
        since = full_date(series.missing_since.ToDatetime(tzinfo=UTC))
        note = (
            gettext("No longer given by the platform since %(date)s", date=since)
            if points
            else gettext("The platform does not give it")
        )
    return Figure(gettext(NAMES[name]), points[-1][1] if points else None, note, _line(points), _sampled(points))


def _line(points: Sequence[tuple[datetime, int]]) -> str:
    """A path in a box of WIDTH by HEIGHT, from zero to the highest value; empty where there is too little for one."""
    top = max((value for _, value in points), default=0)
    if len(points) < 2 or not top:
        return ""
    first, span = points[0][0], (points[-1][0] - points[0][0]).total_seconds() or 1.0
    corners = [
        f"{(at - first).total_seconds() / span * WIDTH:.1f} {HEIGHT - value / top * HEIGHT:.1f}" for at, value in points
    ]
    return "M" + "L".join(corners)


def _sampled(points: Sequence[tuple[datetime, int]]) -> Sequence[tuple[datetime, int]]:
    """At most as many as a table shows, the first and the last among them."""
    if len(points) <= _ROWS:
        return points
    return [points[round(place * (len(points) - 1) / (_ROWS - 1))] for place in range(_ROWS)]


def _finding(figures: Sequence[Figure]) -> str:
    """What became of the figure that grew most; empty where nothing has."""
    grown = [(each.points[-1][1] - each.points[0][1], each) for each in figures if len(each.points) > 1]
    most, figure = max(grown, key=lambda pair: pair[0], default=(0, None))
    if figure is None or most <= 0:
        return ""
    (first, was), (last, now) = figure.points[0], figure.points[-1]
    return gettext(
        "%(figure)s: from %(was)s on %(first)s to %(now)s on %(last)s",
        figure=figure.name, was=format_number(was), first=instant_text(first), now=format_number(now),
        last=instant_text(last),
    )  # fmt: skip


def _options(poll: pb.PollCounts) -> Sequence[Option]:
    total = sum(each.votes for each in poll.options)
    return [Option(each.text, each.votes, round(100 * each.votes / total) if total else 0) for each in poll.options]
