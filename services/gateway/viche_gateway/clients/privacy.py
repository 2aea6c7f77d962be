"""Calls to identity about erasing the person."""

from datetime import UTC, datetime

import grpc
from viche.identity.v1 import privacy_pb2 as pb
from viche.identity.v1 import privacy_pb2_grpc as rpc

from viche_gateway.clients.calls import call


class Privacy:
    """Erasure of the signed-in person, over identity's channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._privacy = rpc.PrivacyServiceStub(channel)

    def request_erasure(self, access_token: str, *, hides_name: bool) -> None:
        """Asks that the person be erased in a day."""
        call(self._privacy.RequestErasure, pb.RequestErasureRequest(hides_name=hides_name), access_token)

    def cancel_erasure(self, access_token: str) -> None:
        """Takes that back."""
        call(self._privacy.CancelErasure, pb.CancelErasureRequest(), access_token)

    def erasure_due_at(self, access_token: str) -> datetime | None:
        """When the person will be erased; None when nobody asked for it."""
        answer = call(self._privacy.GetErasure, pb.GetErasureRequest(), access_token)
        return answer.due_at.ToDatetime(tzinfo=UTC) if answer.HasField("due_at") else None
