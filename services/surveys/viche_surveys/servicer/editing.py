"""EditingService."""

import asyncio
from typing import Any

from viche.surveys.v1 import editing_pb2 as pb
from viche.surveys.v1 import editing_pb2_grpc

from viche_chassis.errors import InvalidFields, invalid
from viche_surveys import definitions
from viche_surveys.domain.renaming import NothingOfThatName, renamed
from viche_surveys.servicer.convert import fault_messages


class EditingServicer(editing_pb2_grpc.EditingServiceServicer):
    """Help with changes that touch a definition in many places; long ones are read beside the requests."""

    async def PreviewRename(self, request: pb.PreviewRenameRequest, context: Any) -> pb.PreviewRenameResponse:
        return await asyncio.to_thread(_renamed, request)


def _renamed(request: pb.PreviewRenameRequest) -> pb.PreviewRenameResponse:
    try:
        found = renamed(definitions.read(request.definition_json), request.item, request.new_name)
    except NothingOfThatName:
        raise InvalidFields(invalid("item", "UNKNOWN_VALUE", value=request.item[:60])) from None
    if found.faults:
        return pb.PreviewRenameResponse(faults=fault_messages(found.faults))
    return pb.PreviewRenameResponse(definition_json=definitions.written(found.definition), places=found.places)
