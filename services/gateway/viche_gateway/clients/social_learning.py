"""Calls to social about what is learnt from officers' labels."""

import grpc
from viche.social.v1 import learning_pb2 as pb
from viche.social.v1 import learning_pb2_grpc as rpc

from viche_gateway.clients.calls import call


class SocialLearning:
    """What is learnt, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.LearningServiceStub(channel)

    def get(self, access_token: str, authority_id: str) -> pb.GetLearningResponse:
        """What has been learnt for an authority."""
        return call(self._stub.GetLearning, pb.GetLearningRequest(authority_id=authority_id), access_token)

    def switch(self, access_token: str, request_id: str, authority_id: str, *, is_on: bool) -> None:
        """Lets models be trained for an authority, or stops it."""
        request = pb.SetLearningRequest(request_id=request_id, authority_id=authority_id, is_on=is_on)
        call(self._stub.SetLearning, request, access_token)

    def forget(self, access_token: str, request_id: str, authority_id: str) -> int:
        """Throws labels of forgotten messages away; how many there were."""
        request = pb.ForgetErasedLabelsRequest(request_id=request_id, authority_id=authority_id)
        return call(self._stub.ForgetErasedLabels, request, access_token).labels
