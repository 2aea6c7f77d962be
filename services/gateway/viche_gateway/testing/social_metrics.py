"""Social's double for how posts do: what tests put there, by the id of the delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from viche.social.v1 import metrics_pb2 as pb
from viche.social.v1 import metrics_pb2_grpc as rpc

from viche_gateway.testing.channel import stamp
from viche_gateway.testing.social_posts import FakeSocialPosts


class FakeSocialMetrics(rpc.MetricsServiceServicer):
    """Figures by delivery."""

    def __init__(self, posts: FakeSocialPosts) -> None:
        self.posts = posts
        self.known: dict[str, pb.DeliveryMetrics] = {}

    def add(self, delivery_id: str, **fields: Any) -> pb.DeliveryMetrics:
        """What a platform has said."""
        made = pb.DeliveryMetrics(**{"delivery_id": delivery_id, "is_told": True, **fields})
        self.known[delivery_id] = made
        return made

    def put(self, metrics: pb.DeliveryMetrics, name: str, points: Sequence[tuple[datetime, int]]) -> pb.MetricSeries:
        """One figure over time."""
        return metrics.metrics.add(
            metric=name, points=[pb.MetricPoint(at=stamp(at), value=value) for at, value in points]
        )  # fmt: skip

    async def GetPostMetrics(self, request: Any, context: Any) -> Any:
        deliveries = self.posts.known[request.post_id].deliveries
        return pb.GetPostMetricsResponse(
            deliveries=[self.known[each.id] for each in deliveries if each.id in self.known]
        )
