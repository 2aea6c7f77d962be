"""Notifications' double: which links are unsubscribed."""

from typing import Any

from viche.notifications.v1 import notifications_pb2 as notifications
from viche.notifications.v1 import notifications_pb2_grpc as notifications_rpc

from viche_chassis.errors import Code
from viche_gateway.testing.channel import refusal


class FakeNotifications(notifications_rpc.SubscriptionsServiceServicer):
    """Subjects by link token, and the tokens whose mails are stopped."""

    def __init__(self) -> None:
        self.subjects: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.stopped_by_address: set[tuple[str, str]] = set()

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

    def _subject(self, token: str) -> str:
        if token not in self.subjects:
            raise refusal(Code.NOT_FOUND, "LINK_UNKNOWN")
        return self.subjects[token]
