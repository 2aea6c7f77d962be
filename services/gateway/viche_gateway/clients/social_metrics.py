"""Calls to social about how posts do."""

from collections.abc import Mapping

import grpc
from viche.social.v1 import metrics_pb2 as pb
from viche.social.v1 import metrics_pb2_grpc as rpc

from viche_gateway.clients.calls import call


class SocialMetrics:
    """What platforms have said of posts, over one channel. Raises DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.MetricsServiceStub(channel)

    def of_post(self, access_token: str, post_id: str) -> Mapping[str, pb.DeliveryMetrics]:
        """What platforms have said of one post, by ids of its deliveries."""
        answer = call(self._stub.GetPostMetrics, pb.GetPostMetricsRequest(post_id=post_id), access_token)
        return {each.delivery_id: each for each in answer.deliveries}
