"""AuditService: what officers did with petitions."""

from datetime import UTC
from typing import Any
from uuid import UUID

from viche.petitions.v1 import audit_pb2, audit_pb2_grpc

from viche_chassis import trail
from viche_chassis.db import Pool


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Reads the trail."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ListOfficerActions(
        self, request: audit_pb2.ListOfficerActionsRequest, context: Any
    ) -> audit_pb2.ListOfficerActionsResponse:
        asked = trail.Asked(
            since=request.since.ToDatetime(UTC) if request.HasField("since") else None,
            person=request.person,
            before=UUID(request.before_id) if request.before_id else None,
            size=request.page_size,
        )
        found = await trail.entries(self._pool, asked)
        return audit_pb2.ListOfficerActionsResponse(actions=[_action(each) for each in found])


def _action(entry: trail.Entry) -> audit_pb2.OfficerAction:
    message = audit_pb2.OfficerAction(
        id=str(entry.id),
        service=entry.service,
        person=entry.person or b"",
        roles=entry.roles,
        authority_id=str(entry.authority_id or ""),
        action=entry.action,
        object=entry.object,
        request_id=str(entry.request_id or ""),
    )
    message.at.FromDatetime(entry.at)
    return message
