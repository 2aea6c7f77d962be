"""The presence report of a day, from the register and the figures.

Accounts, figures, answers and labels are those of the day. One thing is known better later, and holds for days before
it, too: that something which waited was no question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from viche_chassis.db import Connection
from viche_social.domain import presence
from viche_social.domain.dialogue import WINDOW, Dialogue, dialogue
from viche_social.domain.presence import Coverage, Followed, Interest, Pair, Ranked
from viche_social.domain.register import Body
from viche_social.domain.tones import TONE_MONTHS, Tones, months_before
from viche_social.store import accounts, bodies, figures, questions, tones

ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Talk:
    """How a body talks with people."""

    body: Body
    dialogue: Dialogue


@dataclass(frozen=True, slots=True)
class ToneOfMonth:
    """In which tone people wrote to a body in a month, which its first day stands for."""

    body: Body
    month: date
    tones: Tones


@dataclass(frozen=True, slots=True)
class Report:
    """The report; ``known_since`` is None where the register is empty."""

    on: date
    since: date
    known_since: date | None
    rows: Sequence[Coverage]
    ranking: Sequence[Ranked]
    persons: Sequence[Pair]
    subjects: Sequence[Interest]
    talks: Sequence[Talk]
    tones: Sequence[ToneOfMonth]


async def report(
    conn: Connection, on: date, since: date, ranking_size: int, zone: ZoneInfo, *, with_tones: bool = True
) -> Report:
    """The report of a day.

    Args:
        since: the day that growth is counted from.
        zone: in which days end.
        with_tones: without them it costs much less, where many ask.
    """
    known = await bodies.on_day(conn, on, None, None, ALL)
    there = await accounts.on_day(conn, on, (), "", None, ALL)
    followed = await _followed(conn, on, since)
    by_id = {each.id: each for each in known}
    dialogues = await _dialogues(conn, datetime.combine(on + timedelta(days=1), time(), zone))
    talks = [Talk(by_id[id], each) for id, each in dialogues.items() if id in by_id]
    return Report(
        on,
        since,
        await bodies.known_since(conn),
        presence.coverage(known, there),
        presence.ranking(followed, ranking_size),
        presence.persons_against_bodies(known, there, followed),
        presence.interest(followed),
        sorted(talks, key=lambda each: each.body.title),
        await _tones(conn, on, zone, by_id) if with_tones else [],
    )


async def _tones(conn: Connection, on: date, zone: ZoneInfo, known: Mapping[UUID, Body]) -> list[ToneOfMonth]:
    """What officers had said by the end of the day of the tone of conversations that began in the months before."""
    months = [months_before(on, back) for back in range(TONE_MONTHS - 1, -1, -1)]
    starts = [datetime.combine(month, time(), zone) for month in months]
    until = datetime.combine(on + timedelta(days=1), time(), zone)
    found = await tones.by_month(conn, starts, until)
    rows = [ToneOfMonth(known[id], months[place], each) for (id, place), each in found.items() if id in known]
    return sorted((row for row in rows if row.tones.labelled), key=lambda row: (row.body.title, row.month))


async def _dialogues(conn: Connection, until: datetime) -> dict[UUID, Dialogue]:
    """How authorities talked with people through connected accounts, in the window that ends then."""
    found = await questions.talked(conn, until - WINDOW, until)
    return {id: dialogue(each.questions, each.posts, each.asking_posts, until) for id, each in found.items()}


async def _followed(conn: Connection, on: date, since: date) -> list[Followed]:
    """Accounts with figures, also those of days that the register does not reach back to."""
    now = await figures.on_day(conn, figures.FOLLOWERS, on)
    before = await figures.on_day(conn, figures.FOLLOWERS, since) if since < on else {}
    found = await accounts.known_by(conn, list(now), on)
    known = await bodies.near(conn, [each.body_id for each in found], on)
    return [Followed(known[each.body_id], each, now[each.id], before.get(each.id)) for each in found]
