"""Calls to social about corrections of posts that are out: by those who write them, and for everybody."""

from collections.abc import Sequence

import grpc
from viche.social.v1 import editions_pb2 as pb
from viche.social.v1 import editions_pb2_grpc as rpc

from viche_gateway.clients.calls import call

_CHECK_TIMEOUT_S = 20.0


class SocialEditions:
    """Editions of posts, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.EditionsServiceStub(channel)

    def listed(self, access_token: str, post_id: str) -> pb.ListEditionsResponse:
        """Editions of a post, and the correction that is being written."""
        return call(self._stub.ListEditions, pb.ListEditionsRequest(post_id=post_id), access_token)

    def save(
        self, access_token: str, request_id: str, post_id: str, version: int, content: pb.EditionContent, what: str
    ) -> pb.Edition:
        """Writes a correction, or changes the one that is being written."""
        request = pb.SaveEditionRequest(
            request_id=request_id, post_id=post_id, version=version, content=content, what=what
        )
        return call(self._stub.SaveEdition, request, access_token).edition

    def check(self, access_token: str, post_id: str) -> pb.CheckEditionResponse:
        """What keeps a correction from going out, and where it takes the place of what is there."""
        return call(self._stub.CheckEdition, pb.CheckEditionRequest(post_id=post_id), access_token, _CHECK_TIMEOUT_S)

    def submit(self, access_token: str, request_id: str, post_id: str, version: int) -> pb.Edition:
        """Hands a correction to a second person."""
        request = pb.SubmitEditionRequest(request_id=request_id, post_id=post_id, version=version)
        return call(self._stub.SubmitEdition, request, access_token, _CHECK_TIMEOUT_S).edition

    def approve(self, access_token: str, request_id: str, post_id: str, version: int) -> pb.Edition:
        """Makes a correction what the post says."""
        request = pb.ApproveEditionRequest(request_id=request_id, post_id=post_id, version=version)
        return call(self._stub.ApproveEdition, request, access_token, _CHECK_TIMEOUT_S).edition

    def give_back(self, access_token: str, request_id: str, post_id: str, version: int, reason: str) -> pb.Edition:
        """Gives a correction back to its author."""
        request = pb.ReturnEditionRequest(request_id=request_id, post_id=post_id, version=version, reason=reason)
        return call(self._stub.ReturnEdition, request, access_token).edition

    def drop(self, access_token: str, request_id: str, post_id: str) -> None:
        """Throws the correction away that is being written."""
        call(self._stub.DropEdition, pb.DropEditionRequest(request_id=request_id, post_id=post_id), access_token)

    def public(self, number: int) -> Sequence[pb.PublicEdition]:
        """What a post said from edition to edition; none while it says what it said first."""
        return call(self._stub.ListPublicEditions, pb.ListPublicEditionsRequest(number=number)).editions
