"""Notifications' double: which links are unsubscribed."""

from datetime import UTC, datetime
from typing import Any

from viche.notifications.v1 import bounces_pb2, bounces_pb2_grpc
from viche.notifications.v1 import notifications_pb2 as notifications
from viche.notifications.v1 import notifications_pb2_grpc as notifications_rpc

from viche_chassis.errors import Code
from viche_gateway.testing.channel import refusal


class FakeNotifications(notifications_rpc.SubscriptionsServiceServicer, bounces_pb2_grpc.BouncesServiceServicer):
    """Subjects by link token, the tokens whose mails are stopped, and classes by address that mail came back from."""

    def __init__(self) -> None:
        self.subjects: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.stopped_by_address: set[tuple[str, str]] = set()
        self.undeliverable: dict[str, bounces_pb2.BounceClass.ValueType] = {}

    async def GetSubscription(self, request: Any, context: Any) -> Any:
        return notifications.GetSubscriptionResponse(
            subject=self._subject(request.token), is_unsubscribed=request.token in self.stopped
        )

    async def Unsubscribe(self, request: Any, context: Any) -> Any:
        subject = self._subject(request.token)
        self.stopped.add(request.token)
        return notifications.UnsubscribeResponse(subject=subject)

    async def Resubscribe(self, request: Any, context: Any) -> Any:
        subject = self._subject(request.token)
        self.stopped.discard(request.token)
        return notifications.ResubscribeResponse(subject=subject)

    async def ListStoppedSubjects(self, request: Any, context: Any) -> Any:
        found = [subject for subject in request.subjects if (request.email, subject) in self.stopped_by_address]
        return notifications.ListStoppedSubjectsResponse(subjects=found)

    async def SetSubscription(self, request: Any, context: Any) -> Any:
        change = self.stopped_by_address.add if request.is_stopped else self.stopped_by_address.discard
        change((request.email, request.subject))
        return notifications.SetSubscriptionResponse()

    async def GetAddressStanding(self, request: Any, context: Any) -> Any:
        if request.email not in self.undeliverable:
            return bounces_pb2.GetAddressStandingResponse()
        found = bounces_pb2.GetAddressStandingResponse(bounce_class=self.undeliverable[request.email])
        found.undeliverable_since.FromDatetime(datetime(2026, 11, 2, 9, tzinfo=UTC))
        return found

    async def ConfirmAddress(self, request: Any, context: Any) -> Any:
        found = self.undeliverable.pop(request.email, None)
        return bounces_pb2.ConfirmAddressResponse(was_undeliverable=found is not None)

    def _subject(self, token: str) -> str:
        if token not in self.subjects:
            raise refusal(Code.NOT_FOUND, "LINK_UNKNOWN")
        return self.subjects[token]
