"""Calls to petitions about following: a petition is followed under two pseudonyms, so two scope tokens go along."""

from collections.abc import Sequence

import grpc
from viche.petitions.v1 import audience_pb2 as pb
from viche.petitions.v1 import audience_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2

from viche_gateway.clients.calls import call

SCOPE = "petition:{}"
LIST_SCOPE = "followings"
MOST = 100


class Audience:
    """The part of the petitions service that knows who is told."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.AudienceServiceStub(channel)

    def follow(self, petition_id: str, scope_token: str, list_token: str) -> None:
        """Follows a petition."""
        request = pb.FollowPetitionRequest(petition_id=petition_id, scope_token=scope_token, list_token=list_token)
        call(self._stub.FollowPetition, request)

    def unfollow(self, petition_id: str, scope_token: str, list_token: str) -> None:
        """Follows it no more."""
        request = pb.UnfollowPetitionRequest(petition_id=petition_id, scope_token=scope_token, list_token=list_token)
        call(self._stub.UnfollowPetition, request)

    def is_following(self, petition_id: str, scope_token: str) -> bool:
        """Whether the person follows it."""
        request = pb.GetFollowingRequest(petition_id=petition_id, scope_token=scope_token)
        return call(self._stub.GetFollowing, request).is_following

    def followings(self, list_token: str, page_token: str = "") -> tuple[Sequence[petitions_pb2.Petition], str]:
        """A page of what the person follows, newest petitions first, and the token of the next page."""
        request = pb.ListFollowingsRequest(list_token=list_token, page_size=MOST, page_token=page_token)
        answer = call(self._stub.ListFollowings, request)
        return answer.petitions, answer.next_page_token
