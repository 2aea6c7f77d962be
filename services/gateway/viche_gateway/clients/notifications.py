"""Calls to notifications: what people do not want to get, and whether mail reaches them."""

from collections.abc import Sequence

import grpc
from viche.notifications.v1 import bounces_pb2, bounces_pb2_grpc, draft_links_pb2, draft_links_pb2_grpc
from viche.notifications.v1 import notifications_pb2 as pb
from viche.notifications.v1 import notifications_pb2_grpc as rpc

from viche_gateway.clients.calls import call


class Notifications:
    """The notifications service over one channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._subscriptions = rpc.SubscriptionsServiceStub(channel)
        self._draft_links = draft_links_pb2_grpc.DraftLinksServiceStub(channel)
        self._bounces = bounces_pb2_grpc.BouncesServiceStub(channel)

    def subscription(self, token: str) -> pb.GetSubscriptionResponse:
        """What an unsubscribe link is for."""
        return call(self._subscriptions.GetSubscription, pb.GetSubscriptionRequest(token=token))

    def unsubscribe(self, token: str) -> None:
        """Stops mails of the link's subject."""
        call(self._subscriptions.Unsubscribe, pb.UnsubscribeRequest(token=token))

    def resubscribe(self, token: str) -> None:
        """Undoes it."""
        call(self._subscriptions.Resubscribe, pb.ResubscribeRequest(token=token))

    def stopped(self, email: str, subjects: Sequence[str]) -> Sequence[str]:
        """Those of ``subjects`` whose mails to an address are stopped."""
        request = pb.ListStoppedSubjectsRequest(email=email, subjects=subjects)
        return call(self._subscriptions.ListStoppedSubjects, request).subjects

    def set_subscription(self, email: str, subject: str, *, is_stopped: bool) -> None:
        """Stops mails of a subject to an address, or lets them go on."""
        request = pb.SetSubscriptionRequest(email=email, subject=subject, is_stopped=is_stopped)
        call(self._subscriptions.SetSubscription, request)

    def send_draft_link(self, request: draft_links_pb2.SendDraftLinkRequest) -> None:
        """Mails somebody the link back to their answer."""
        call(self._draft_links.SendDraftLink, request)

    def standing(self, email: str) -> bounces_pb2.GetAddressStandingResponse:
        """Whether mail to an address comes back."""
        return call(self._bounces.GetAddressStanding, bounces_pb2.GetAddressStandingRequest(email=email))

    def confirm_address(self, email: str) -> None:
        """Lets mails to an address go on, whose person has used a link in a mail."""
        call(self._bounces.ConfirmAddress, bounces_pb2.ConfirmAddressRequest(email=email))
