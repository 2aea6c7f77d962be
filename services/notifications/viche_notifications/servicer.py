"""The RPCs of notifications: proto in, proto out."""

from datetime import datetime
from typing import Any
from uuid import UUID

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from viche.notifications.v1 import notifications_pb2 as pb
from viche.notifications.v1 import notifications_pb2_grpc as pb_grpc

from viche_chassis import pages
from viche_chassis.app import Register
from viche_chassis.db import Pool, transaction
from viche_notifications.domain.messages import WAITING, MessageNotFound, State
from viche_notifications.sealing import Contacts, Subscription, UnsubscribeLinks
from viche_notifications.store import messages, suppressions
from viche_notifications.store.messages import MessageRow

Context = Any  # grpc.aio.ServicerContext

DEFAULT_PAGE = 50
LARGEST_PAGE = 100
STATES = {state: pb.MessageState.Value(f"MESSAGE_STATE_{state.name}") for state in State}


class MessagesServicer(pb_grpc.MessagesServiceServicer):
    """Messages and their fates."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def GetQueue(self, request: pb.GetQueueRequest, context: Context) -> pb.GetQueueResponse:
        """How many messages are in which state; states that none is in are left out."""
        async with transaction(self._pool) as conn:
            counts = await messages.count_states(conn)
            waiting = await messages.waiting(conn) if WAITING & counts.keys() else {}
        states = [pb.StateCount(state=STATES[state], messages=count) for state, count in counts.items()]
        return pb.GetQueueResponse(
            states=states, oldest_waiting_s=max((oldest_s for _, oldest_s in waiting.values()), default=0)
        )

    async def GetMessage(self, request: pb.GetMessageRequest, context: Context) -> pb.GetMessageResponse:
        """One message.

        Raises:
            MessageNotFound: there is none.
        """
        async with transaction(self._pool) as conn:
            row = await messages.get(conn, UUID(request.message_id))
        if row is None:
            raise MessageNotFound()
        return pb.GetMessageResponse(message=_message(row))

    async def ListFailedMessages(
        self, request: pb.ListFailedMessagesRequest, context: Context
    ) -> pb.ListFailedMessagesResponse:
        """Messages that ended without being sent, newest first.

        Raises:
            InvalidFields: page size or token are not of ours.
        """
        size = pages.page_size(request.page_size, DEFAULT_PAGE, LARGEST_PAGE)
        before = pages.read_page_token(request.page_token, (UUID,))
        async with transaction(self._pool) as conn:
            rows = await messages.list_failed(conn, before[0] if before else None, size + 1)
        token = pages.page_token(rows[size - 1].id) if len(rows) > size else ""
        return pb.ListFailedMessagesResponse(messages=[_message(row) for row in rows[:size]], next_page_token=token)


class SubscriptionsServicer(pb_grpc.SubscriptionsServiceServicer):
    """What people do not want to get. Every RPC raises LinkUnknown for a token that is not ours."""

    def __init__(self, pool: Pool, unsubscribing: UnsubscribeLinks, contacts: Contacts) -> None:
        self._pool = pool
        self._unsubscribing = unsubscribing
        self._contacts = contacts

    async def GetSubscription(self, request: pb.GetSubscriptionRequest, context: Context) -> pb.GetSubscriptionResponse:
        """What the link is for."""
        subscription = self._read(request.token)
        async with transaction(self._pool) as conn:
            stopped = await suppressions.has(conn, subscription)
        return pb.GetSubscriptionResponse(subject=subscription.subject, is_unsubscribed=stopped)

    async def Unsubscribe(self, request: pb.UnsubscribeRequest, context: Context) -> pb.UnsubscribeResponse:
        """Stops the mails."""
        subscription = self._read(request.token)
        async with transaction(self._pool) as conn:
            await suppressions.add(conn, subscription)
        return pb.UnsubscribeResponse(subject=subscription.subject)

    async def Resubscribe(self, request: pb.ResubscribeRequest, context: Context) -> pb.ResubscribeResponse:
        """Lets them go on."""
        subscription = self._read(request.token)
        async with transaction(self._pool) as conn:
            await suppressions.remove(conn, subscription)
        return pb.ResubscribeResponse(subject=subscription.subject)

    async def ListStoppedSubjects(
        self, request: pb.ListStoppedSubjectsRequest, context: Context
    ) -> pb.ListStoppedSubjectsResponse:
        """Which subjects are stopped."""
        index = self._contacts.index(request.email)
        async with transaction(self._pool) as conn:
            stopped = await suppressions.among(conn, index, request.subjects)
        return pb.ListStoppedSubjectsResponse(subjects=stopped)

    async def SetSubscription(self, request: pb.SetSubscriptionRequest, context: Context) -> pb.SetSubscriptionResponse:
        """Stops mails or lets them go on, for the person whose address it is."""
        subscription = Subscription(request.subject, self._contacts.index(request.email))
        act = suppressions.add if request.is_stopped else suppressions.remove
        async with transaction(self._pool) as conn:
            await act(conn, subscription)
        return pb.SetSubscriptionResponse()

    def _read(self, token: str) -> Subscription:
        return self._unsubscribing.read(token)


def registrations(pool: Pool, unsubscribing: UnsubscribeLinks, contacts: Contacts) -> list[Register]:
    """Functions that add the servicers to a server."""

    def add_messages(server: grpc.aio.Server) -> None:
        pb_grpc.add_MessagesServiceServicer_to_server(MessagesServicer(pool), server)

    def add_subscriptions(server: grpc.aio.Server) -> None:
        servicer = SubscriptionsServicer(pool, unsubscribing, contacts)
        pb_grpc.add_SubscriptionsServiceServicer_to_server(servicer, server)

    return [add_messages, add_subscriptions]


def _message(row: MessageRow) -> pb.Message:
    message = pb.Message(
        id=str(row.id),
        template=row.template,
        state=STATES[row.state],
        attempts=row.attempts,
        created_at=_timestamp(row.created_at),
        last_reply=row.last_reply,
    )
    if row.ended_at is not None:
        message.ended_at.CopyFrom(_timestamp(row.ended_at))
    return message


def _timestamp(instant: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(instant)
    return timestamp
