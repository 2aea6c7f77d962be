"""SimilarPetitionsService."""

from typing import Any

from viche.petitions.v1 import similar_pb2 as pb
from viche.petitions.v1 import similar_pb2_grpc

from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.messages import identifier
from viche_petitions.servicer import convert
from viche_petitions.similar import MOST, USUAL, Similar, Wish

Context = Any


class SimilarPetitionsServicer(similar_pb2_grpc.SimilarPetitionsServiceServicer):
    """Petitions like a title."""

    def __init__(self, similar: Similar) -> None:
        self._similar = similar

    async def ListSimilarPetitions(
        self, request: pb.ListSimilarPetitionsRequest, context: Context
    ) -> pb.ListSimilarPetitionsResponse:
        if not 0 <= request.limit <= MOST:
            raise InvalidFields(invalid("limit", "OUT_OF_RANGE", least=0, most=MOST))
        wish = Wish(request.title, request.language, identifier(request.authority_id), request.limit or USUAL)
        return pb.ListSimilarPetitionsResponse(
            petitions=(
                pb.SimilarPetition(petition=convert.petition_message(each.petition), similarity=each.similarity)
                for each in await self._similar.find(wish)
            )
        )
