"""Calls to petitions about drafts that officers write for citizens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc
from viche.petitions.v1 import behalf_pb2 as pb
from viche.petitions.v1 import behalf_pb2_grpc as rpc

from viche_gateway.clients.calls import call


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to write for somebody."""

    email: str
    name: str
    language: str
    title: str
    background: str
    authority_id: str


class Behalf:
    """Drafts for others, over the channels of the services by their names."""

    def __init__(self, channels: Mapping[str, grpc.Channel]) -> None:
        self._stub = rpc.BehalfServiceStub(channels["petitions"])

    def write(self, access_token: str, request_id: str, draft: NewDraft) -> None:
        """Writes a draft and has its author told."""
        request = pb.CreateDraftForRequest(
            request_id=request_id, email=draft.email, name=draft.name, language=draft.language, title=draft.title,
            background=draft.background, authority_id=draft.authority_id,
        )  # fmt: skip
        call(self._stub.CreateDraftFor, request, access_token)

    def mine(self, access_token: str) -> Sequence[pb.Written]:
        """What officers wrote for the person, the latest first."""
        return call(self._stub.ListWrittenForMe, pb.ListWrittenForMeRequest(), access_token).petitions

    def writer(self, access_token: str, petition_id: str) -> pb.GetWriterResponse:
        """Who wrote a petition at the desk."""
        return call(self._stub.GetWriter, pb.GetWriterRequest(petition_id=petition_id), access_token)
