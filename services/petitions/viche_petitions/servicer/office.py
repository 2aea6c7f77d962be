"""OfficeService."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.petitions.v1 import office_pb2 as pb
from viche.petitions.v1 import office_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_petitions.domain.office import Waits, is_working_day, last_day
from viche_petitions.identity import Authorities
from viche_petitions.servicer.case_messages import TASKS
from viche_petitions.store import cases


class OfficeServicer(office_pb2_grpc.OfficeServiceServicer):
    """What waits, in numbers."""

    def __init__(self, pool: Pool, authorities: Authorities, zone: ZoneInfo) -> None:
        self._pool = pool
        self._authorities = authorities
        self._zone = zone

    async def GetOfficeSummary(self, request: pb.GetOfficeSummaryRequest, context: Any) -> pb.GetOfficeSummaryResponse:
        try:
            day = date.fromisoformat(request.day)
        except ValueError as error:
            raise InvalidFields(invalid("day", "BAD_DATE")) from error
        authorities = [UUID(each) for each in await self._authorities.ids()]
        async with reading(self._pool) as conn:
            found = await cases.summary(conn, authorities)
        grouped = groupby(found, key=lambda each: each.authority_id)
        return pb.GetOfficeSummaryResponse(authorities=[self._message(list(each), day) for _, each in grouped])

    def _message(self, waits: Sequence[Waits], day: date) -> pb.AuthoritySummary:
        first = waits[0]
        return pb.AuthoritySummary(
            authority_id=str(first.authority_id),
            is_working_day=is_working_day(first.calendar, day),
            tasks=[
                pb.TaskSummary(
                    task=TASKS[each.task],
                    cases=each.cases,
                    overdue=each.overdue,
                    next_day=last_day(each.next_ends_at, self._zone).isoformat() if each.next_ends_at else "",
                )
                for each in waits
            ],
        )
