"""The double of what petitions knows of followers; a scope token is "PERSON SCOPE", as identity's double makes it."""

from typing import Any

from viche.petitions.v1 import audience_pb2 as pb
from viche.petitions.v1 import audience_pb2_grpc as rpc

from viche_chassis.errors import Code
from viche_gateway.testing.channel import refusal
from viche_gateway.testing.petitions import FakePetitions


class FakeAudience(rpc.AudienceServiceServicer):
    """Who follows what: ``followers`` by the petition's pseudonym, ``followings`` by that of the person's list."""

    def __init__(self, told: FakePetitions) -> None:
        self.followers: set[tuple[str, str]] = set()
        self.followings: set[tuple[str, str]] = set()
        self._told = told

    async def FollowPetition(self, request: Any, context: Any) -> Any:
        if request.petition_id not in self._told.petitions:
            raise refusal(Code.NOT_FOUND, "PETITION_NOT_FOUND")
        self.followers.add((request.petition_id, request.scope_token))
        self.followings.add((request.petition_id, request.list_token))
        return pb.FollowPetitionResponse()

    async def UnfollowPetition(self, request: Any, context: Any) -> Any:
        self.followers.discard((request.petition_id, request.scope_token))
        self.followings.discard((request.petition_id, request.list_token))
        return pb.UnfollowPetitionResponse()

    async def GetFollowing(self, request: Any, context: Any) -> Any:
        return pb.GetFollowingResponse(is_following=(request.petition_id, request.scope_token) in self.followers)

    async def ListFollowings(self, request: Any, context: Any) -> Any:
        ids = sorted((id for id, token in self.followings if token == request.list_token), reverse=True)
        begin = int(request.page_token or 0)
        end = begin + request.page_size
        return pb.ListFollowingsResponse(
            petitions=[self._told.petitions[id] for id in ids[begin:end]],
            next_page_token=str(end) if end < len(ids) else "",
        )

    async def ListAudience(self, request: Any, context: Any) -> Any:
        raise refusal(Code.PERMISSION_DENIED, "ACCESS_DENIED")  # for notifications alone

    async def GetAuthor(self, request: Any, context: Any) -> Any:
        raise refusal(Code.PERMISSION_DENIED, "ACCESS_DENIED")
