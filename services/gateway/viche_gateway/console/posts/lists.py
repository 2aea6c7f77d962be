"""The queue of posts, and the calendar of what went out and what will."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from viche.social.v1 import posts_pb2 as pb

from viche_chassis.errors import DomainError
from viche_gateway import access
from viche_gateway.clients.social_posts import Asked
from viche_gateway.console.channels import office
from viche_gateway.console.posts import desk, saying
from viche_gateway.context import services, settings
from viche_gateway.formats import now
from viche_gateway.sessions import signed_in

STATES: Mapping[str, "pb.PostState.ValueType"] = {
    "draft": pb.POST_STATE_DRAFT, "submitted": pb.POST_STATE_SUBMITTED, "returned": pb.POST_STATE_RETURNED,
    "scheduled": pb.POST_STATE_SCHEDULED, "out": pb.POST_STATE_OUT, "withdrawn": pb.POST_STATE_WITHDRAWN,
}  # fmt: skip
NEEDS = "needs"
VIEWS = ("month", "week")
_DONE = ("deleted",)
_MOST_TOKEN = 200
_MOST_IN_PAGE = 200
_MOST_PAGES = 10
_MOST_TROUBLES = 10
"""As many deliveries stand on the page of today; the list has all."""
_TROUBLED = (pb.DELIVERY_STATE_REFUSED, pb.DELIVERY_STATE_UNKNOWN, pb.DELIVERY_STATE_BLOCKED)


@dataclass(frozen=True, slots=True)
class Item:
    """A post in the calendar, and its hour."""

    at: datetime
    post: pb.Post
    title: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the calendar: those shown, and the first days of the spans before and after."""

    days: Sequence[date]
    before: date
    after: date


@access.officer
def post_list() -> str:
    """The posts of the officer's authorities, those that wait for somebody first."""
    chosen = request.args.get("state", "")
    chosen = chosen if chosen in (NEEDS, *STATES) else ""
    after = request.args.get("after", "")[:_MOST_TOKEN]
    found = _listed(Asked(
        STATES.get(chosen, pb.POST_STATE_UNSPECIFIED), needs_somebody=chosen == NEEDS, page_token=after,
    ))  # fmt: skip
    posts = found.posts if chosen or after else _urgent_first(found.posts)
    return render_template(
        "console/posts/list.html", posts=posts, next=found.next_page_token, chosen=chosen,
        states=[(name, saying.state_words(state)) for name, state in STATES.items()], say=saying,
        may_write=bool(office.covered(desk.WRITE)), title_of=desk.title_of, is_done=request.args.get("done") in _DONE,
        troubles=troubles,
    )  # fmt: skip


def _listed(asked: Asked) -> pb.ListPostsResponse:
    return services().posts.listed(signed_in().access_token, asked)


def _urgent_first(latest: Sequence[pb.Post]) -> Sequence[pb.Post]:
    """Posts of the first page, below all that wait for somebody now."""
    return list({each.id: each for each in (*_urgent(), *latest)}.values())


def _urgent() -> Sequence[pb.Post]:
    found = (*_listed(Asked(needs_somebody=True)).posts, *_listed(Asked(pb.POST_STATE_SUBMITTED)).posts)
    return list({each.id: each for each in found}.values())


@dataclass(frozen=True, slots=True)
class Named:
    """A post as the page of today names it."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Waits:
    """How many posts wait for somebody; and of them the deliveries that a person must look after, with why."""

    count: int = 0
    troubles: Sequence[tuple[Named, pb.Delivery, str]] = ()


def waiting_posts() -> Waits:
    """What waits for the officer; nothing while the service does not answer."""
    try:
        found = _urgent()
    except DomainError:
        return Waits()
    troubled = [
        (Named(post.id, desk.title_of(post.content)), each, saying.trouble_words(each))
        for post in found for each in troubles(post)
    ]  # fmt: skip
    return Waits(len(found), troubled[:_MOST_TROUBLES])


@access.officer
def post_calendar() -> str:
    """What went out and what will, day by day, in a week or a month."""
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    span = span_of(view, _day(request.args.get("on", "")))
    return render_template(
        "console/posts/calendar.html", view=view, span=span, by_day=_by_day(span), say=saying, today=_today(),
        may_write=bool(office.covered(desk.WRITE)), troubles=troubles,
    )  # fmt: skip


def troubles(post: pb.Post) -> Sequence[pb.Delivery]:
    """Deliveries of a post that need a person."""
    return [
        each for each in post.deliveries
        if each.state in (*_TROUBLED, pb.DELIVERY_STATE_BY_HAND) or each.correction == pb.CORRECTION_STATE_REFUSED
    ]  # fmt: skip


def span_of(view: str, day: date) -> Span:
    """The week (from Monday) or the month that a day lies in."""
    if view == "week":
        first = day - timedelta(days=day.weekday())
        return Span([first + timedelta(days=each) for each in range(7)], first - timedelta(7), first + timedelta(7))
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    days = [first + timedelta(days=each) for each in range((after - first).days)]
    return Span(days, (first - timedelta(days=1)).replace(day=1), after)


def _by_day(span: Span) -> Mapping[date, Sequence[Item]]:
    zone = ZoneInfo(settings().timezone)
    since, until = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (span.days[0], span.after))
    by_day: dict[date, list[Item]] = {}
    for post in _between(since, until):
        at = _at(post)
        if at is not None and since <= at < until:
            by_day.setdefault(at.astimezone(zone).date(), []).append(Item(at, post, desk.title_of(post.content)))
    return {day: sorted(items, key=lambda each: (each.at, each.post.number)) for day, items in by_day.items()}


def _between(since: datetime, until: datetime) -> Iterator[pb.Post]:
    token = ""
    for _ in range(_MOST_PAGES):
        asked = Asked(since=since, until=until, page_size=_MOST_IN_PAGE, page_token=token)
        found = _listed(asked)
        yield from found.posts
        token = found.next_page_token
        if not token:
            return


def _at(post: pb.Post) -> datetime | None:
    """When a post went out, or will; None for one that has no time yet."""
    if post.HasField("out_at"):
        return post.out_at.ToDatetime(tzinfo=UTC)
    return post.content.publish_at.ToDatetime(tzinfo=UTC) if post.content.HasField("publish_at") else None


def _day(text: str) -> date:
    """A day of the address; today for none, and for those that no calendar can go on from."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return _today()
    return day if 2000 <= day.year <= 2200 else _today()


def _today() -> date:
    return now().astimezone(ZoneInfo(settings().timezone)).date()


def add_routes(blueprint: Blueprint) -> None:
    """Adds the pages."""
    blueprint.add_url_rule("/posts", view_func=post_list)
    blueprint.add_url_rule("/posts/calendar", view_func=post_calendar)
