"""PublicEventsService: events, by those who invite and for everybody; who comes is in `registrations`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from viche.social.v1 import public_events_pb2 as pb
from viche.social.v1 import public_events_pb2_grpc

from viche_chassis import pages
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, Pool, reading
from viche_chassis.messages import aware
from viche_chassis.once import M, once
from viche_chassis.tokens import Verifier
from viche_social.domain.event_errors import EventNotFound
from viche_social.domain.public_events import EventState
from viche_social.holding_events import Holding, covered
from viche_social.identity import Region
from viche_social.register import check_covered
from viche_social.registering import Seats
from viche_social.servicer.event_messages import event_message, phase_counts, public_message, read_content, read_phase
from viche_social.servicer.posts import asked_authorities
from viche_social.store import public_events, registrations
from viche_social.store.public_events import Place, PublicEvent, Shown
from viche_social.store.registrations import Counts
from viche_social.visitors import Visitors

PAGE, MOST = 50, 200
PUBLIC_PAGE, MOST_PUBLIC = 20, 100
Context = Any


@dataclass(frozen=True, slots=True)
class Around:
    """What events are surrounded by.

    Args:
        pool: of the database.
        region: the authorities.
        tokens: checks scope tokens.
        visitors: seals who registers.
        seats: moves registrations.
        holding: does what officers do.
        hurry: called when there are mails.
        time_zone: of events that name none.
        host: of the portal.
        kept: for how long after an event names and addresses are kept.
    """

    pool: Pool
    region: Region
    tokens: Verifier
    visitors: Visitors
    seats: Seats
    holding: Holding
    hurry: Callable[[], None]
    time_zone: str
    host: str
    kept: timedelta


class EventsPart(public_events_pb2_grpc.PublicEventsServiceServicer):
    """Events themselves."""

    def __init__(self, around: Around) -> None:
        self._around = around

    async def CreateEvent(self, request: pb.CreateEventRequest, context: Context) -> pb.CreateEventResponse:
        authority_id = UUID(request.authority_id)
        content = read_content(request.content, self._around.time_zone)
        check_covered(authority_id)
        await self._around.region.get(authority_id)

        async def act(conn: Connection) -> pb.CreateEventResponse:
            event = await self._around.holding.create(conn, authority_id, content)
            return pb.CreateEventResponse(event=await self._message(conn, event))

        return await self._once(request, pb.CreateEventResponse, act)

    async def UpdateEvent(self, request: pb.UpdateEventRequest, context: Context) -> pb.UpdateEventResponse:
        id, content = UUID(request.event_id), read_content(request.content, self._around.time_zone)

        async def act(conn: Connection) -> pb.UpdateEventResponse:
            event, told = await self._around.holding.update(conn, id, request.version, content)
            return pb.UpdateEventResponse(event=await self._message(conn, event), told=told)

        return await self._once(request, pb.UpdateEventResponse, act)

    async def PublishEvent(self, request: pb.PublishEventRequest, context: Context) -> pb.PublishEventResponse:
        async def act(conn: Connection) -> pb.PublishEventResponse:
            event = await self._around.holding.publish(conn, UUID(request.event_id), request.version)
            return pb.PublishEventResponse(event=await self._message(conn, event))

        return await self._once(request, pb.PublishEventResponse, act)

    async def CancelEvent(self, request: pb.CancelEventRequest, context: Context) -> pb.CancelEventResponse:
        async def act(conn: Connection) -> pb.CancelEventResponse:
            event, told = await self._around.holding.cancel(conn, UUID(request.event_id), request.reason)
            return pb.CancelEventResponse(event=await self._message(conn, event), told=told)

        return await self._once(request, pb.CancelEventResponse, act)

    async def DeleteEvent(self, request: pb.DeleteEventRequest, context: Context) -> pb.DeleteEventResponse:
        async def act(conn: Connection) -> pb.DeleteEventResponse:
            await self._around.holding.delete(conn, UUID(request.event_id))
            return pb.DeleteEventResponse()

        return await self._once(request, pb.DeleteEventResponse, act)

    async def GetEvent(self, request: pb.GetEventRequest, context: Context) -> pb.GetEventResponse:
        async with reading(self._around.pool) as conn:
            event = await covered(conn, UUID(request.event_id))
            return pb.GetEventResponse(event=await self._message(conn, event))

    async def ListEvents(self, request: pb.ListEventsRequest, context: Context) -> pb.ListEventsResponse:
        size = pages.page_size(request.page_size, PAGE, MOST)
        after = pages.read_page_token(request.page_token, (int, datetime.fromisoformat, UUID))
        authorities, phase = asked_authorities(request.authority_ids), read_phase(request.phase)
        async with reading(self._around.pool) as conn:
            found = await public_events.of_authorities(
                conn, authorities, phase, Place(*after) if after else None, size + 1
            )
            counted = await public_events.phases(conn, authorities)
            events = [event for event, _ in found[:size]]
            who = await registrations.counts(conn, [event.id for event in events])
        last = found[size - 1][1] if len(found) > size else None
        return pb.ListEventsResponse(
            events=[self._made(event, who.get(event.id, Counts())) for event in events],
            next_page_token=pages.page_token(last.rank, last.at.isoformat(), last.id) if last else "",
            counts=phase_counts(counted),
        )

    async def ListPublicEvents(
        self, request: pb.ListPublicEventsRequest, context: Context
    ) -> pb.ListPublicEventsResponse:
        size = pages.page_size(request.page_size, PUBLIC_PAGE, MOST_PUBLIC)
        after = pages.read_page_token(request.page_token, (datetime.fromisoformat, UUID))
        since = getattr(request, "from")
        wanted = Shown(
            [UUID(each) for each in request.authority_ids],
            aware(since) if request.HasField("from") else None,
            aware(request.to) if request.HasField("to") else None,
            request.past,
            request.latest_first,
        )
        async with reading(self._around.pool) as conn:
            found = await public_events.shown(conn, wanted, (after[0], after[1]) if after else None, size + 1)
            messages = await self._public(conn, found[:size])
        last = found[size - 1] if len(found) > size else None
        at = last.times.starts_at if last else None
        token = pages.page_token(at.isoformat(), last.id) if last and at else ""
        return pb.ListPublicEventsResponse(events=messages, next_page_token=token)

    async def GetPublicEvent(self, request: pb.GetPublicEventRequest, context: Context) -> pb.GetPublicEventResponse:
        async with reading(self._around.pool) as conn:
            event = await public_events.by_number(conn, request.number)
            if event is None or event.state is EventState.DRAFT:
                raise EventNotFound()
            return pb.GetPublicEventResponse(event=(await self._public(conn, [event]))[0])

    async def _once(self, request: Any, answer: type[M], act: Callable[[Connection], Awaitable[M]]) -> M:
        around = self._around
        return await once(around.pool, current_caller().person, request, answer, act, around.hurry)

    async def _message(self, conn: Connection, event: PublicEvent) -> pb.Event:
        who = await registrations.counts(conn, [event.id])
        return self._made(event, who.get(event.id, Counts()))

    def _made(self, event: PublicEvent, who: Counts) -> pb.Event:
        over_at = event.times.over_at
        deleted_at = event.people_deleted_at or (over_at + self._around.kept if over_at else None)
        return event_message(event, who, deleted_at, self._around.host)

    async def _public(
        self, conn: Connection, found: Sequence[PublicEvent], *, is_own: bool = False
    ) -> list[pb.PublicEvent]:
        who = await registrations.counts(conn, [event.id for event in found])
        named = {event.content.moments_post_id for event in found if event.content.moments_post_id}
        moments = await public_events.moments(conn, sorted(named))
        return [
            public_message(
                event,
                who.get(event.id, Counts()),
                moments.get(event.content.moments_post_id, 0) if event.content.moments_post_id else 0,
                self._around.host,
                is_own=is_own,
            )
            for event in found
        ]
