"""PresenceService: figures, and the report of a day."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from viche.social.v1 import presence_pb2 as pb
from viche.social.v1 import presence_pb2_grpc

from viche_chassis import acts, pages
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.once import once
from viche_social import figures, reporting
from viche_social.domain import dialogue, presence
from viche_social.own_bodies import OwnBodies
from viche_social.servicer.convert import body_message, read_day, written_day
from viche_social.store import days

RANKED, MOST_RANKED = 20, 1_000
_RUNGS = {
    dialogue.Rung.INFORMING: pb.RUNG_INFORMING,
    dialogue.Rung.SERVICING: pb.RUNG_SERVICING,
    dialogue.Rung.INTERACTION: pb.RUNG_INTERACTION,
}
Context = Any


class PresenceServicer(presence_pb2_grpc.PresenceServiceServicer):
    """How authorities stand on networks."""

    def __init__(self, pool: Pool, own_bodies: OwnBodies, zone: ZoneInfo) -> None:
        self._pool = pool
        self._own_bodies = own_bodies
        self._zone = zone

    async def GetReport(self, request: pb.GetReportRequest, context: Context) -> pb.GetReportResponse:
        size = pages.page_size(request.ranking_size, RANKED, MOST_RANKED)
        on, since = read_day("on", request.on), read_day("since", request.since)
        async with reading(self._pool) as conn:
            on = await self._past(conn, "on", on)
            since = since or max(date.min + presence.GROWTH, on) - presence.GROWTH
            if since > on:
                raise InvalidFields(invalid("since", "IN_THE_FUTURE"))
            return _report_message(await reporting.report(conn, on, since, size, self._zone))

    async def GetPublicReport(self, request: pb.GetPublicReportRequest, context: Context) -> pb.GetPublicReportResponse:
        on = read_day("on", request.on)
        async with reading(self._pool) as conn:
            on = await self._past(conn, "on", on)
            since = max(date.min + presence.GROWTH, on) - presence.GROWTH
            found = await reporting.report(conn, on, since, RANKED, self._zone, with_tones=False)
        whole = _report_message(found)
        for each in ("ranking", "persons", "subjects"):
            whole.ClearField(each)
        return pb.GetPublicReportResponse(report=whole)

    async def ImportFigures(self, request: pb.ImportFiguresRequest, context: Context) -> pb.ImportFiguresResponse:
        await self._own_bodies.check_operates_all()
        on = read_day("on", request.on)
        given = [_given(each) for each in request.figures]
        figures.check(given)

        async def act(conn: Connection) -> pb.ImportFiguresResponse:
            day = await self._past(conn, "on", on)
            taken, unknown = await figures.take(conn, day, request.source, given)
            acts.about(object=f"figures:{day}")
            return pb.ImportFiguresResponse(taken=taken, unknown=unknown)

        return await once(self._pool, current_caller().person, request, pb.ImportFiguresResponse, act)

    async def _past(self, conn: Connection, field: str, day: date | None) -> date:
        """The day, or today where none is named.

        Raises:
            InvalidFields: it has not come yet.
        """
        today = await days.today(conn, self._zone)
        if day is not None and day > today:
            raise InvalidFields(invalid(field, "IN_THE_FUTURE"))
        return day or today


def _given(message: pb.Figure) -> figures.GivenFigure:
    value = message.value if message.HasField("value") else None
    return figures.GivenFigure(
        message.platform, message.handle, message.external_id, message.metric, value, message.reason
    )


def _report_message(report: reporting.Report) -> pb.GetReportResponse:
    return pb.GetReportResponse(
        on=written_day(report.on),
        since=written_day(report.since),
        known_since=written_day(report.known_since),
        rows=[
            pb.CoverageRow(
                authority_kind=row.authority_kind, platform=row.platform, accounts=row.accounts, of=row.of,
                percent=row.percent,
            )
            for row in report.rows
        ],
        ranking=map(_ranked_message, report.ranking),
        persons=map(_pair_message, report.persons),
        subjects=[
            pb.SubjectInterest(field=row.field, bodies=row.bodies, followers=row.followers) for row in report.subjects
        ],
        dialogues=map(_dialogue_message, report.talks),
        tones=map(_tone_message, report.tones),
    )  # fmt: skip


def _ranked_message(row: presence.Ranked) -> pb.RankedAccount:
    followed = row.followed
    return pb.RankedAccount(
        platform=followed.account.platform,
        rank=row.rank,
        body=body_message(followed.body),
        handle=followed.account.handle,
        url=followed.account.url,
        followers=followed.now.value,
        day=written_day(followed.now.day),
        followers_before=followed.before.value if followed.before else None,
        before_day=written_day(followed.before.day) if followed.before else "",
    )


def _pair_message(pair: presence.Pair) -> pb.PersonAgainstBody:
    return pb.PersonAgainstBody(
        platform=pair.platform,
        person=body_message(pair.person),
        body=body_message(pair.body),
        person_followers=pair.person_followers,
        body_followers=pair.body_followers,
    )


def _dialogue_message(talk: reporting.Talk) -> pb.BodyDialogue:
    found, median, slow = talk.dialogue, talk.dialogue.wait_of(50), talk.dialogue.wait_of(90)
    place = dialogue.place(found)
    return pb.BodyDialogue(
        body=body_message(talk.body),
        asked=found.asked,
        answered=found.answered,
        median_s=int(median.total_seconds()) if median is not None else None,
        slow_s=int(slow.total_seconds()) if slow is not None else None,
        posts=found.posts,
        rung=_RUNGS[place.rung] if place else pb.RUNG_UNSPECIFIED,
        rule=place.rule.value if place else "",
    )


def _tone_message(row: reporting.ToneOfMonth) -> pb.ToneOfMonth:
    shares = row.tones.percents
    return pb.ToneOfMonth(
        body=body_message(row.body), month=row.month.strftime("%Y-%m"), conversations=row.tones.conversations,
        labelled=row.tones.labelled,
        shares=pb.ToneShares(friendly=shares[0], neutral=shares[1], angry=shares[2]) if shares else None,
    )  # fmt: skip
