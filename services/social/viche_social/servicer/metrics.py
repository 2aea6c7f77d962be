"""MetricsService."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from viche.social.v1 import metrics_pb2 as pb
from viche.social.v1 import metrics_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_chassis.messages import timestamp
from viche_sdk.connectors.types import Capability
from viche_social import posting
from viche_social.calling import Calls
from viche_social.domain.rhythm import Asked
from viche_social.store import askings, deliveries, post_figures
from viche_social.store.askings import Standing
from viche_social.store.deliveries import Delivery
from viche_social.store.post_figures import Gap, Point, PollCounts


class MetricsServicer(metrics_pb2_grpc.MetricsServiceServicer):
    """How posts that are out do.

    Args:
        pool: of the database.
        calls: of connectors.
    """

    def __init__(self, pool: Pool, calls: Calls) -> None:
        self._pool = pool
        self._calls = calls

    async def GetPostMetrics(self, request: pb.GetPostMetricsRequest, context: Any) -> pb.GetPostMetricsResponse:
        async with reading(self._pool) as conn:
            post = await posting.covered(conn, UUID(request.post_id))
            sent = [each for each in await deliveries.of_posts(conn, [post.id]) if each.published_at is not None]
            ids = [each.id for each in sent]
            standings = await askings.of(conn, ids)
            points, gaps = await post_figures.points(conn, ids), await post_figures.gaps(conn, ids)
            polls = await post_figures.polls(conn, ids)
        return pb.GetPostMetricsResponse(
            deliveries=[
                self._message(
                    each,
                    {Asked(found.what): found for found in standings if found.delivery_id == each.id},
                    _series(
                        [found for found in points if found.delivery_id == each.id],
                        [found for found in gaps if found.delivery_id == each.id],
                    ),
                    polls.get(each.id),
                )
                for each in sent
            ]
        )

    def _message(
        self,
        delivery: Delivery,
        standings: Mapping[Asked, Standing],
        series: Iterable[pb.MetricSeries],
        poll: PollCounts | None,
    ) -> pb.DeliveryMetrics:
        spec, standing = self._calls.specs.get(delivery.connector), standings.get(Asked.FIGURES)
        return pb.DeliveryMetrics(
            delivery_id=str(delivery.id),
            is_told=spec is not None and spec.can(Capability.METRICS_POST) and bool(delivery.ref),
            answered_at=timestamp(standing.answered_at) if standing else None,
            next_at=timestamp(standing.next_at) if standing else None,
            fault=standing.fault if standing else "",
            metrics=series,
            poll=_poll(poll) if poll else None,
        )


def _series(points: Sequence[Point], gaps: Sequence[Gap]) -> Iterable[pb.MetricSeries]:
    missing = {each.metric: each for each in gaps}
    for name in sorted({each.metric for each in (*points, *gaps)}):
        gap = missing.get(name)
        yield pb.MetricSeries(
            metric=name,
            points=[pb.MetricPoint(at=timestamp(each.at), value=each.value) for each in points if each.metric == name],
            missing_since=timestamp(gap.since) if gap else None,
            reason=gap.reason if gap else "",
        )


def _poll(counts: PollCounts) -> pb.PollCounts:
    return pb.PollCounts(
        options=[pb.PollCount(text=text, votes=votes) for text, votes in counts.options],
        voters=counts.voters,
        is_closed=counts.is_closed,
        counted_at=timestamp(counts.counted_at),
    )
