"""Calls to petitions for those that are like a title."""

from collections.abc import Sequence

import grpc
from viche.petitions.v1 import similar_pb2 as pb
from viche.petitions.v1 import similar_pb2_grpc as rpc

from viche_gateway.clients.calls import call


class Similar:
    """What the petitions service finds similar, over one channel."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._similar = rpc.SimilarPetitionsServiceStub(channel)

    def to_title(
        self, title: str, language: str, *, authority_id: str = "", limit: int = 0
    ) -> Sequence[pb.SimilarPetition]:
        """Public petitions with titles like ``title``, the most similar first.

        Args:
            language: of the title.
            authority_id: only petitions to this authority; empty for all.
            limit: how many at most; 0 means the usual.
        """
        request = pb.ListSimilarPetitionsRequest(title=title, language=language, authority_id=authority_id, limit=limit)
        return call(self._similar.ListSimilarPetitions, request).petitions
