"""AuditService: what officers did with accounts, posts and the inbox."""

from typing import Any

from viche.social.v1 import audit_pb2, audit_pb2_grpc

from viche_chassis import trail
from viche_chassis.db import Pool


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Reads the trail."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ListOfficerActions(
        self, request: audit_pb2.ListOfficerActionsRequest, context: Any
    ) -> audit_pb2.ListOfficerActionsResponse:
        actions = await trail.actions(self._pool, request, audit_pb2.OfficerAction)
        return audit_pb2.ListOfficerActionsResponse(actions=actions)
