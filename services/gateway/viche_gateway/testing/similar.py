"""The double of what petitions finds similar: public petitions by the words that titles share."""

from collections.abc import Mapping
from typing import Any

from viche.petitions.v1 import petitions_pb2 as petitions
from viche.petitions.v1 import similar_pb2 as pb
from viche.petitions.v1 import similar_pb2_grpc as rpc

from viche_chassis.errors import Unavailable
from viche_gateway.testing.petitions import FakePetitions

LEAST = 0.5


class FakeSimilar(rpc.SimilarPetitionsServiceServicer):
    """Looks among what petitions' double was told, unless ``is_down``."""

    def __init__(self) -> None:
        self.is_down = False
        self._petitions: Mapping[str, petitions.Petition] = {}

    def among(self, told: FakePetitions) -> "FakeSimilar":
        """Itself, looking there."""
        self._petitions = told.petitions
        return self

    async def ListSimilarPetitions(self, request: Any, context: Any) -> Any:
        if self.is_down:
            raise Unavailable(what="database")
        public = [each for each in self._petitions.values() if each.number]
        found = sorted(((_alike(request.title, each), each) for each in public), key=lambda pair: -pair[0])
        near = [pb.SimilarPetition(petition=each, similarity=how) for how, each in found if how >= LEAST]
        return pb.ListSimilarPetitionsResponse(petitions=near[: request.limit or 5])


def _alike(title: str, petition: petitions.Petition) -> float:
    """The part of all their words that both titles have."""
    one, other = set(title.casefold().split()), set(petition.title.casefold().split())
    return len(one & other) / len(one | other)
