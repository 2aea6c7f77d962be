"""PausesService."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from viche.petitions.v1 import pauses_pb2 as pb
from viche.petitions.v1 import pauses_pb2_grpc, petitions_pb2

from viche_chassis.access import covered_authorities, current_caller, require_operator
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.messages import timestamp
from viche_chassis.once import once
from viche_petitions import pauses
from viche_petitions.domain.pauses import Pause, Wish
from viche_petitions.domain.texts import clean_texts
from viche_petitions.identity import Authorities
from viche_petitions.scope_tokens import read_pseudonym
from viche_petitions.store import pauses as store

MOST_LISTED = 200


class PausesServicer(pauses_pb2_grpc.PausesServiceServicer):
    """Pauses of authorities.

    Args:
        languages: of the instance; in one of them citizens must be told why.
    """

    def __init__(self, pool: Pool, authorities: Authorities, languages: tuple[str, ...]) -> None:
        self._pool = pool
        self._authorities = authorities
        self._languages = languages

    async def GetPausePreview(
        self, request: pb.GetPausePreviewRequest, context: Any
    ) -> pb.GetPausePreviewResponse:  # fmt: skip
        authorities = await self._operated(UUID(request.authority_id))
        async with reading(self._pool) as conn:
            found = await pauses.look(conn, authorities, request.except_numbers, _instant(request, "from_at"))
        return pb.GetPausePreviewResponse(
            authorities=len(authorities), collecting=found.collecting, waiting=found.waiting, terms=found.terms
        )

    async def ListPauses(self, request: pb.ListPausesRequest, context: Any) -> pb.ListPausesResponse:
        covered = [UUID(each) for each in covered_authorities()] if current_caller().person else None
        async with reading(self._pool) as conn:
            found = await store.list_(conn, covered, with_past=request.with_past, limit=MOST_LISTED)
        return pb.ListPausesResponse(pauses=map(pause_message, found))

    async def CreatePause(self, request: pb.CreatePauseRequest, context: Any) -> pb.CreatePauseResponse:
        authority_id = UUID(request.authority_id)
        wish = Wish(
            authority_id, await self._operated(authority_id), _instant(request, "from_at"),
            request.until_at.ToDatetime(UTC), clean_texts(request.reason.texts, lines=True), request.stops_signing,
            request.stops_opening, tuple(request.except_numbers),
        )  # fmt: skip

        async def act(conn: Connection) -> pb.CreatePauseResponse:
            return pb.CreatePauseResponse(
                pause=pause_message(await pauses.decide(conn, wish, self._languages, _officer()))
            )

        return await once(self._pool, current_caller().person, request, pb.CreatePauseResponse, act)

    async def EndPause(self, request: pb.EndPauseRequest, context: Any) -> pb.EndPauseResponse:
        async def act(conn: Connection) -> pb.EndPauseResponse:
            pause = await _covered(conn, UUID(request.pause_id))
            return pb.EndPauseResponse(pause=pause_message(await pauses.end(conn, pause, _officer())))

        return await once(self._pool, current_caller().person, request, pb.EndPauseResponse, act)

    async def ProlongTerms(self, request: pb.ProlongTermsRequest, context: Any) -> pb.ProlongTermsResponse:
        async with transaction(self._pool) as conn:
            pause = await _covered(conn, UUID(request.pause_id))
        done, left = await pauses.prolong(self._pool, pause, _officer())
        return pb.ProlongTermsResponse(petitions=done, left=left)

    async def _operated(self, authority_id: UUID) -> tuple[UUID, ...]:
        """The authority and all below it, if the caller operates them."""
        found = await self._authorities.below(authority_id)
        require_operator(str(each) for each in found)
        return found


def pause_message(pause: Pause) -> pb.Pause:
    """A pause as it was decided."""
    return pb.Pause(
        id=str(pause.id), authority_id=str(pause.authority_id), from_at=timestamp(pause.from_at),
        until_at=timestamp(pause.until_at), reason=petitions_pb2.LocalizedText(texts=dict(pause.reason)),
        stops_signing=pause.stops_signing, stops_opening=pause.stops_opening, except_numbers=pause.except_numbers,
        decided_at=timestamp(pause.decided_at), ended_at=timestamp(pause.ended_at), holds=pause.holds,
    )  # fmt: skip


async def _covered(conn: Connection, pause_id: UUID) -> Pause:
    """A pause of authorities that the caller operates."""
    pause = await pauses.get(conn, pause_id)
    require_operator(str(each) for each in pause.authorities)
    return pause


def _officer() -> bytes | None:
    person = current_caller().person
    return read_pseudonym(person.author) if person else None


def _instant(request: Message, name: str) -> datetime | None:
    return getattr(request, name).ToDatetime(UTC) if request.HasField(name) else None
