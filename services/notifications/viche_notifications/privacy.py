"""PrivacyService: the messages of a person, for the person alone."""

from typing import Any

from viche.notifications.v1 import privacy_pb2 as pb
from viche.notifications.v1 import privacy_pb2_grpc

from viche_chassis.db import Pool, transaction
from viche_notifications.bounces import CLASSES
from viche_notifications.domain.bounces import Bounce
from viche_notifications.sealing import Contacts
from viche_notifications.servicer import STATES
from viche_notifications.store import bounces, own

MOST = 1_000


class PrivacyServicer(privacy_pb2_grpc.PrivacyServiceServicer):
    """Finds messages by the index of their address."""

    def __init__(self, pool: Pool, contacts: Contacts) -> None:
        self._pool = pool
        self._contacts = contacts

    async def ListMyMessages(self, request: pb.ListMyMessagesRequest, context: Any) -> pb.ListMyMessagesResponse:
        index = self._contacts.index(request.email)
        async with transaction(self._pool) as conn:
            found = await own.messages(conn, index, MOST)
            stopped = await own.stopped_subjects(conn, index)
            returned = await bounces.of_address(conn, index)
        return pb.ListMyMessagesResponse(
            messages=map(_message, found), stopped_subjects=stopped, bounces=map(_bounce, returned)
        )


def _bounce(returned: Bounce) -> pb.MyBounce:
    message = pb.MyBounce(bounce_class=CLASSES[returned.kind])
    message.at.FromDatetime(returned.at)
    return message


def _message(found: own.OwnMessage) -> pb.MyMessage:
    message = pb.MyMessage(template=found.template, subject=found.subject, state=STATES[found.state])
    message.created_at.FromDatetime(found.created_at)
    return message
