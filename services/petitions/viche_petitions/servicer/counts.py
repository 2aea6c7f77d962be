"""CountsService."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from viche.petitions.v1 import petitions_pb2 as pb
from viche.petitions.v1 import petitions_pb2_grpc

from viche_chassis.db import Pool, transaction
from viche_chassis.messages import identifier, timestamp
from viche_petitions.domain.imports import StatedCount, StatedTerritory
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.sides import side_of
from viche_petitions.servicer.counted import channels_message
from viche_petitions.store import archive, counts
from viche_petitions.writing import must_get

Context = Any


class CountsServicer(petitions_pb2_grpc.CountsServiceServicer):
    """Numbers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def GetTally(self, request: pb.GetTallyRequest, context: Context) -> pb.GetTallyResponse:
        petition_id = UUID(request.petition_id)
        async with transaction(self._pool) as conn:
            petition = await must_get(conn, petition_id)
            if petition.is_archived and request.is_against:
                return pb.GetTallyResponse()
            if petition.is_archived:
                return _stated_tally(petition, await archive.territories(conn, petition_id))
            if petition.opened_at is None:  # sponsors alone are no public count
                return pb.GetTallyResponse()
            side = side_of(request.is_against)
            found = await counts.tally(conn, petition_id, side)
            channels = await counts.channels(conn, petition_id, side)
        territories = [pb.TerritoryCount(territory_code=code, signature_count=count) for code, count in found]
        return pb.GetTallyResponse(
            territories=territories,
            signature_count=sum(count for _, count in found),
            channels=channels_message(channels),
        )

    async def GetCountHistory(self, request: pb.GetCountHistoryRequest, context: Context) -> pb.GetCountHistoryResponse:
        petition_id = UUID(request.petition_id)
        async with transaction(self._pool) as conn:
            petition = await must_get(conn, petition_id)
            if petition.is_archived and request.is_against:
                return pb.GetCountHistoryResponse()
            if petition.is_archived:
                return _stated_history(await archive.counts(conn, petition_id))
            if petition.opened_at is None:
                return pb.GetCountHistoryResponse()
            if request.is_coarse and not request.is_against:
                found = await counts.coarse_history(conn, petition_id)
            else:
                found = await counts.history(conn, petition_id, side_of(request.is_against))
        points = [pb.CountPoint(minute=timestamp(minute), signature_count=count) for minute, count in found]
        return pb.GetCountHistoryResponse(points=points)

    async def Recount(self, request: pb.RecountRequest, context: Context) -> pb.RecountResponse:
        petition_id = identifier(request.petition_id)
        async with transaction(self._pool) as conn:
            if petition_id:
                await must_get(conn, petition_id)
            numbers = await counts.recount(conn, petition_id)
        return pb.RecountResponse(counted=numbers.counted, published=numbers.published)


def _stated_tally(petition: Petition, territories: Iterable[StatedTerritory]) -> pb.GetTallyResponse:
    counts = (
        pb.TerritoryCount(
            territory_code=each.code, territory_name=each.name, kind=each.kind, representative=each.representative,
            signature_count=each.count,
        )
        for each in territories
    )  # fmt: skip
    return pb.GetTallyResponse(territories=counts, signature_count=petition.signature_count)


def _stated_history(counts: Iterable[StatedCount]) -> pb.GetCountHistoryResponse:
    points = (
        pb.CountPoint(
            minute=timestamp(datetime.combine(each.day, time.min, UTC)), day=each.day.isoformat(),
            signature_count=each.count,
        )
        for each in counts
    )  # fmt: skip
    return pb.GetCountHistoryResponse(points=points)
