"""What authorities set up around conversations: answers kept ready, targets, and addresses for platforms."""

from typing import Any
from uuid import UUID

from google.protobuf.duration_pb2 import Duration
from viche.social.v1 import inbox_pb2 as pb

from viche_chassis import acts
from viche_chassis.access import current_caller
from viche_chassis.db import Connection, reading
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_chassis.messages import timestamp
from viche_chassis.once import once
from viche_social import conversing
from viche_social.domain.errors import CannedReplyNotFound, NotAColleague
from viche_social.domain.inbox import LEAST_TARGET, MOST_TARGET, READS, USUAL_TARGET
from viche_social.identity import Region
from viche_social.register import check_covered
from viche_social.servicer.inbox import ThreadsPart, Within
from viche_social.servicer.inbox_messages import canned_message
from viche_social.servicer.posts import asked_authorities
from viche_social.store import canned, channels, inboxes, threads
from viche_social.store.channels import Channel

Context = Any
ANSWERING = frozenset({"press", "officer", "moderator"})
"""Roles that a conversation can be given to."""


class InboxServicer(ThreadsPart):
    """All of InboxService.

    Args:
        within: what the inbox works with.
        region: the authorities.
    """

    def __init__(self, within: Within, region: Region) -> None:
        super().__init__(within)
        self._region = region

    async def AssignThread(self, request: pb.AssignThreadRequest, context: Context) -> pb.AssignThreadResponse:
        id, assignee = UUID(request.thread_id), request.assignee
        async with reading(self._within.pool) as conn:
            thread = await conversing.covered(conn, id)
        if not ANSWERING & await self._region.roles(thread.authority_id, assignee):
            raise NotAColleague()
        return await self._once(
            request, pb.AssignThreadResponse, lambda conn: conversing.assign(conn, id, assignee, "assigned")
        )

    async def ListCannedReplies(
        self, request: pb.ListCannedRepliesRequest, context: Context
    ) -> pb.ListCannedRepliesResponse:
        authorities = asked_authorities(request.authority_ids)
        async with reading(self._within.pool) as conn:
            found = await canned.of(conn, authorities, request.language)
        return pb.ListCannedRepliesResponse(replies=map(canned_message, found))

    async def PutCannedReply(self, request: pb.PutCannedReplyRequest, context: Context) -> pb.PutCannedReplyResponse:
        authority_id = UUID(request.authority_id)
        check_covered(authority_id)
        await self._region.get(authority_id)
        title, text = request.title.strip(), request.text.strip()
        if empty := [name for name, value in (("title", title), ("text", text)) if not value]:
            raise InvalidFields(*(invalid(name, "REQUIRED") for name in empty))

        async def act(conn: Connection) -> pb.PutCannedReplyResponse:
            id = UUID(request.id) if request.id else new_id()
            before = await canned.get(conn, id)
            if request.id and (before is None or before.authority_id != authority_id):
                raise CannedReplyNotFound()
            kept = await canned.put(conn, id, authority_id, request.language, title, text)
            acts.about(object=f"canned-reply:{id}", authority_id=authority_id)
            return pb.PutCannedReplyResponse(reply=canned_message(kept))

        return await once(self._within.pool, current_caller().person, request, pb.PutCannedReplyResponse, act)

    async def DeleteCannedReply(
        self, request: pb.DeleteCannedReplyRequest, context: Context
    ) -> pb.DeleteCannedReplyResponse:
        async def act(conn: Connection) -> pb.DeleteCannedReplyResponse:
            found = await canned.get(conn, UUID(request.id))
            if found is None:
                raise CannedReplyNotFound()
            check_covered(found.authority_id)
            acts.about(object=f"canned-reply:{found.id}", authority_id=found.authority_id)
            await canned.delete(conn, found.id)
            return pb.DeleteCannedReplyResponse()

        return await once(self._within.pool, current_caller().person, request, pb.DeleteCannedReplyResponse, act)

    async def GetInboxSettings(
        self, request: pb.GetInboxSettingsRequest, context: Context
    ) -> pb.GetInboxSettingsResponse:
        authority_id = UUID(request.authority_id)
        check_covered(authority_id)
        async with reading(self._within.pool) as conn:
            target = await inboxes.target(conn, authority_id) or USUAL_TARGET
            found = await channels.of(conn, [authority_id], with_disconnected=False)
            progress = {each.channel_id: each for each in await inboxes.progress(conn, [each.id for each in found])}
        message = pb.GetInboxSettingsResponse(
            channels=[self._channel(each, progress.get(each.id)) for each in found if set(READS) & set(each.granted)]
        )
        message.target.FromTimedelta(target)
        return message

    async def SetInboxSettings(
        self, request: pb.SetInboxSettingsRequest, context: Context
    ) -> pb.SetInboxSettingsResponse:
        authority_id, target = UUID(request.authority_id), request.target.ToTimedelta()
        check_covered(authority_id)
        await self._region.get(authority_id)
        if not LEAST_TARGET <= target <= MOST_TARGET:
            hours = {"least": LEAST_TARGET // LEAST_TARGET, "most": MOST_TARGET // LEAST_TARGET}
            raise InvalidFields(invalid("target", "OUT_OF_RANGE", **hours))

        async def act(conn: Connection) -> pb.SetInboxSettingsResponse:
            await inboxes.put_target(conn, authority_id, target)
            acts.about(object=f"inbox:{authority_id}", authority_id=authority_id)
            message = Duration()
            message.FromTimedelta(target)
            return pb.SetInboxSettingsResponse(target=message)

        return await once(self._within.pool, current_caller().person, request, pb.SetInboxSettingsResponse, act)

    async def GetInboxSummary(self, request: pb.GetInboxSummaryRequest, context: Context) -> pb.GetInboxSummaryResponse:
        async with reading(self._within.pool) as conn:
            found = await threads.summary(conn)
        return pb.GetInboxSummaryResponse(
            summaries=[
                pb.InboxSummary(
                    authority_id=str(each.authority_id), assignee=each.assignee or b"", waiting=each.waiting,
                    overdue=each.overdue,
                )
                for each in found
            ]
        )  # fmt: skip

    async def ReceiveHook(self, request: pb.ReceiveHookRequest, context: Context) -> pb.ReceiveHookResponse:
        channel_id = self._within.hooks.read(request.token)
        channel = None
        if channel_id is not None:
            async with reading(self._within.pool) as conn:
                channel = await channels.get(conn, channel_id)
        challenge = await self._within.intake.receive(channel, request.headers, request.body)
        if challenge is None:
            spec = self._within.calls.specs.get(channel.connector) if channel else None
            return pb.ReceiveHookResponse(body=spec.webhook_answer if spec else "", type="text/plain")
        return pb.ReceiveHookResponse(body=challenge.body, type=challenge.type)

    def _channel(self, channel: Channel, progress: inboxes.Progress | None) -> pb.ReadChannel:
        return pb.ReadChannel(
            channel_id=str(channel.id),
            read_at=timestamp(progress.read_at) if progress else None,
            fault=progress.fault if progress else "",
            hook_path=self._within.hooks.path(channel, self._within.calls.specs.get(channel.connector)),
        )
