"""IntegrityService."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from viche.petitions.v1 import integrity_pb2 as pb
from viche.petitions.v1 import integrity_pb2_grpc, petitions_pb2

from viche_chassis import pages
from viche_chassis.access import covered_authorities, current_caller, current_person, require_operator
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.messages import identifier, timestamp
from viche_chassis.once import once
from viche_petitions import invalidating, listing, papers, trends
from viche_petitions.domain.drafts import clean_line, clean_text
from viche_petitions.domain.errors import PetitionNotFound
from viche_petitions.domain.integrity import Kind, Sheets
from viche_petitions.domain.petition import Petition
from viche_petitions.identity import Authorities
from viche_petitions.invalidating import Invalidating, Wish
from viche_petitions.recounting import Recounting
from viche_petitions.scope_tokens import read_pseudonym
from viche_petitions.servicer.counted import channels_message
from viche_petitions.servicer.integrity_messages import (
    instant_of,
    invalidation_message,
    paper_batch_message,
    read_filter,
    read_texts,
    recount_message,
    stamp,
    trend_message,
)
from viche_petitions.store import integrity as store
from viche_petitions.store import papers as papers_store
from viche_petitions.store import recounts
from viche_petitions.writing import check_covered, must_get

PAGE = 50
MOST = 100
Context = Any


@dataclass(frozen=True, slots=True)
class Work:
    """What runs beside the requests: invalidating and recounting; ``accepted`` is told what has new signatures."""

    invalidating: Invalidating
    recounting: Recounting
    accepted: Callable[[set[UUID]], None]


class IntegrityServicer(integrity_pb2_grpc.IntegrityServiceServicer):
    """What keeps counts true.

    Args:
        zone: of the authorities.
    """

    def __init__(self, pool: Pool, zone: ZoneInfo, authorities: Authorities, work: Work) -> None:
        self._pool = pool
        self._zone = zone
        self._authorities = authorities
        self._work = work

    async def CreatePaperBatch(
        self, request: pb.CreatePaperBatchRequest, context: Context
    ) -> pb.CreatePaperBatchResponse:
        petition_id = UUID(request.petition_id)
        sheets = Sheets(
            clean_line(request.reference), request.signatures, tuple(request.residence_path), request.received_on,
            clean_text(request.note),
        )  # fmt: skip

        async def act(conn: Connection) -> pb.CreatePaperBatchResponse:
            petition = await _covered(conn, petition_id)
            batch = await papers.enter(conn, petition, sheets, self._zone, _officer())
            return pb.CreatePaperBatchResponse(batch=paper_batch_message(batch))

        return await once(
            self._pool, current_person(), request, pb.CreatePaperBatchResponse, act,
            lambda: self._work.accepted({petition_id}),
        )  # fmt: skip

    async def ListPaperBatches(
        self, request: pb.ListPaperBatchesRequest, context: Context
    ) -> pb.ListPaperBatchesResponse:
        petition_id = UUID(request.petition_id)
        async with transaction(self._pool) as conn:
            await _covered(conn, petition_id)
            found = await papers_store.list_(conn, petition_id)
        return pb.ListPaperBatchesResponse(batches=map(paper_batch_message, found))

    async def GetTrends(self, request: pb.GetTrendsRequest, context: Context) -> pb.GetTrendsResponse:
        async with transaction(self._pool) as conn:
            petition = await _covered(conn, UUID(request.petition_id))
            found = await trends.of_petition(conn, petition)
        return pb.GetTrendsResponse(
            trends=map(trend_message, found.rows),
            hours=(pb.HourCount(hour=timestamp(hour), signatures=count) for hour, count in found.hours),
            since=timestamp(found.since),
            signatures=sum(count for _, count in found.hours),
        )

    async def GetInvalidationPreview(
        self, request: pb.GetInvalidationPreviewRequest, context: Context
    ) -> pb.GetInvalidationPreviewResponse:
        async with transaction(self._pool) as conn:
            petition = await _covered(conn, UUID(request.petition_id))
            which = read_filter(request.filter)
            shown = await invalidating.look(conn, petition, which)
        found = shown.preview
        return pb.GetInvalidationPreviewResponse(
            signatures=found.signatures,
            channels=channels_message(found.channels),
            territories=(
                petitions_pb2.TerritoryCount(territory_code=code, signature_count=count)
                for code, count in found.territories
            ),
            falling=shown.falling,
            sample=map(stamp, found.sample),
            cutoff_at=timestamp(shown.cutoff_at),
            signature_count=petition.votes_against if which.is_against else petition.signature_count,
        )

    async def CreateInvalidation(
        self, request: pb.CreateInvalidationRequest, context: Context
    ) -> pb.CreateInvalidationResponse:
        petition_id = UUID(request.petition_id)
        wish = Wish(
            read_filter(request.filter), Kind.FRAUDULENT if request.is_silent else Kind.INVALIDATED, request.reason,
            read_texts(request.note), _required(request, "cutoff_at"), request.signatures,
        )  # fmt: skip

        async def act(conn: Connection) -> pb.CreateInvalidationResponse:
            await _covered(conn, petition_id)
            made = await invalidating.decide(conn, petition_id, wish, _officer())
            return pb.CreateInvalidationResponse(invalidation=invalidation_message(made))

        decided = self._work.invalidating.decided
        return await once(self._pool, current_person(), request, pb.CreateInvalidationResponse, act, decided)

    async def ListInvalidations(
        self, request: pb.ListInvalidationsRequest, context: Context
    ) -> pb.ListInvalidationsResponse:
        petition_id = UUID(request.petition_id)
        async with transaction(self._pool) as conn:
            await _covered(conn, petition_id)
            found = await store.list_(conn, petition_id)
        return pb.ListInvalidationsResponse(invalidations=map(invalidation_message, found))

    async def CancelInvalidation(
        self, request: pb.CancelInvalidationRequest, context: Context
    ) -> pb.CancelInvalidationResponse:
        id = UUID(request.invalidation_id)

        async def act(conn: Connection) -> pb.CancelInvalidationResponse:
            await _covered(conn, (await invalidating.must_get(conn, id)).petition_id)
            stopped = await invalidating.stop(conn, id)
            return pb.CancelInvalidationResponse(invalidation=invalidation_message(stopped))

        return await once(self._pool, current_person(), request, pb.CancelInvalidationResponse, act)

    async def UndoInvalidation(
        self, request: pb.UndoInvalidationRequest, context: Context
    ) -> pb.UndoInvalidationResponse:
        id = UUID(request.invalidation_id)

        async def act(conn: Connection) -> pb.UndoInvalidationResponse:
            await _covered(conn, (await invalidating.must_get(conn, id)).petition_id)
            made = await invalidating.undo(conn, id, _officer())
            return pb.UndoInvalidationResponse(invalidation=invalidation_message(made))

        decided = self._work.invalidating.decided
        return await once(self._pool, current_person(), request, pb.UndoInvalidationResponse, act, decided)

    async def RecountPetitions(
        self, request: pb.RecountPetitionsRequest, context: Context
    ) -> pb.RecountPetitionsResponse:
        if current_caller().person is not None:
            require_operator(await self._authorities.ids())
        if request.number:
            found = await self._work.recounting.one(request.number, mend=request.mend)
            if not found:
                raise PetitionNotFound()
            return pb.RecountPetitionsResponse(recounts=map(recount_message, found))
        page = await self._work.recounting.next_page(identifier(request.after_id), mend=request.mend)
        return pb.RecountPetitionsResponse(recounts=map(recount_message, page), has_more=bool(page))

    async def ListRecounts(self, request: pb.ListRecountsRequest, context: Context) -> pb.ListRecountsResponse:
        authorities = [UUID(each) for each in covered_authorities()]
        size = pages.page_size(request.page_size, PAGE, MOST)
        after = pages.read_page_token(request.page_token, (listing.instant, UUID))
        async with reading(self._pool) as conn:
            found = await recounts.list_(
                conn, authorities, (after[0], after[1]) if after else None, size + 1, only_wrong=request.only_wrong
            )
        last = found[size - 1] if len(found) > size else None
        return pb.ListRecountsResponse(
            recounts=map(recount_message, found[:size]),
            next_page_token=pages.page_token(last.at.isoformat(), last.id) if last else "",
        )


async def _covered(conn: Connection, petition_id: UUID) -> Petition:
    """A petition that was opened here and that the officer may act for."""
    petition = await must_get(conn, petition_id)
    if petition.opened_at is None or petition.is_archived:
        raise PetitionNotFound()
    check_covered(petition, covered_authorities())
    return petition


def _officer() -> bytes:
    return read_pseudonym(current_person().author)


def _required(request: pb.CreateInvalidationRequest, name: str) -> datetime:
    found = instant_of(request, name)
    if found is None:
        raise InvalidFields(invalid(name, "REQUIRED"))
    return found
