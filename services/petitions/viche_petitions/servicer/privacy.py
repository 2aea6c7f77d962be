"""PrivacyService: what is kept here of a person, for the person alone."""

import asyncio
from typing import Any
from uuid import UUID

from viche.petitions.v1 import privacy_pb2 as pb
from viche.petitions.v1 import privacy_pb2_grpc

from viche_chassis.db import Pool, reading
from viche_chassis.errors import InvalidFields
from viche_chassis.tokens import Verifier
from viche_chassis.validation import violations
from viche_petitions.domain.signing import Signer
from viche_petitions.scope_tokens import read_signer
from viche_petitions.signer_names import SignerNames
from viche_petitions.store import own

PAGE = 1_000


class PrivacyServicer(privacy_pb2_grpc.PrivacyServiceServicer):
    """Reads what belongs to whoever shows the scope tokens.

    Args:
        tokens: checks scope tokens.
        names: published names of signers.
    """

    def __init__(self, pool: Pool, tokens: Verifier, names: SignerNames) -> None:
        self._pool = pool
        self._tokens = tokens
        self._names = names

    async def ListPetitionIds(self, request: pb.ListPetitionIdsRequest, context: Any) -> pb.ListPetitionIdsResponse:
        async with reading(self._pool) as conn:
            ids = await own.petition_ids(conn, UUID(request.after_id) if request.after_id else UUID(int=0), PAGE)
        return pb.ListPetitionIdsResponse(petition_ids=map(str, ids))

    async def ListMySignatures(self, request: pb.ListMySignaturesRequest, context: Any) -> pb.ListMySignaturesResponse:
        signers = await asyncio.to_thread(self._signers, request)
        async with reading(self._pool) as conn:
            found = await own.signatures(conn, signers)
        return pb.ListMySignaturesResponse(signatures=map(self._message, found))

    def _signers(self, request: pb.ListMySignaturesRequest) -> list[Signer]:
        faults = [fault for item in request.items for fault in violations(item)]
        if faults:
            raise InvalidFields(*faults)
        return [read_signer(self._tokens, item.scope_token, UUID(item.petition_id)) for item in request.items]

    def _message(self, found: own.OwnSignature) -> pb.MySignature:
        message = pb.MySignature(
            petition_id=str(found.petition_id),
            number=found.number,
            title=found.title,
            channel=found.channel,
            territory_code=found.territory_code,
            state=found.state,
            is_against=found.is_against,
            published_name=self._names.open(found.name, found.signature_id) if found.name else "",
        )
        message.signed_at.FromDatetime(found.signed_at)
        return message
