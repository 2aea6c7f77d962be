"""What petitions and notifications keep of a person, in doubles; a scope token is "PERSON SCOPE"."""

from typing import Any

from viche.notifications.v1 import privacy_pb2 as notifications
from viche.notifications.v1 import privacy_pb2_grpc as notifications_rpc
from viche.petitions.v1 import privacy_pb2 as petitions
from viche.petitions.v1 import privacy_pb2_grpc as petitions_rpc

from viche_gateway.testing.petitions import FakePetitions


class FakeSigned(petitions_rpc.PrivacyServiceServicer):
    """Signatures by scope token; ids of petitions come two a page."""

    def __init__(self, known: FakePetitions) -> None:
        self.signatures: dict[str, petitions.MySignature] = {}
        self._known = known

    async def ListPetitionIds(self, request: Any, context: Any) -> Any:
        later = sorted(id for id in self._known.petitions if id > request.after_id)
        return petitions.ListPetitionIdsResponse(petition_ids=later[:2])

    async def ListMySignatures(self, request: Any, context: Any) -> Any:
        found = [self.signatures[item.scope_token] for item in request.items if item.scope_token in self.signatures]
        return petitions.ListMySignaturesResponse(signatures=found)


class FakeMails(notifications_rpc.PrivacyServiceServicer):
    """Messages, and those that came back, by address."""

    def __init__(self) -> None:
        self.messages: dict[str, list[notifications.MyMessage]] = {}
        self.returned: dict[str, list[notifications.MyBounce]] = {}

    async def ListMyMessages(self, request: Any, context: Any) -> Any:
        return notifications.ListMyMessagesResponse(
            messages=self.messages.get(request.email, []), bounces=self.returned.get(request.email, [])
        )
