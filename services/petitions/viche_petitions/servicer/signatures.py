"""SignaturesService."""

from typing import Any
from uuid import UUID

from viche.petitions.v1 import petitions_pb2 as pb
from viche.petitions.v1 import petitions_pb2_grpc

from viche_chassis import metrics, pages, telemetry
from viche_chassis.db import Pool, reading, transaction
from viche_chassis.errors import DomainError, InvalidFields
from viche_chassis.messages import timestamp
from viche_chassis.status import to_status
from viche_chassis.tokens import Verifier
from viche_chassis.validation import violations
from viche_petitions.accepting import Accepting, Attempt, Outcome
from viche_petitions.domain.integrity import network_block
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.sides import Side, side_of
from viche_petitions.email_signing import EmailSigning
from viche_petitions.rulebook import Rulebook
from viche_petitions.scope_tokens import read_named_signer, read_signer
from viche_petitions.servicer import convert, rules
from viche_petitions.store import signatures as store

SIGNERS_PAGE = 1_000
Context = Any


class SignaturesServicer(petitions_pb2_grpc.SignaturesServiceServicer):
    """Signing.

    Args:
        tokens: checks scope tokens.
        rulebook: has the words in which people are asked to confirm.
    """

    def __init__(
        self, pool: Pool, tokens: Verifier, accepting: Accepting, by_email: EmailSigning, rulebook: Rulebook
    ) -> None:
        self._pool = pool
        self._tokens = tokens
        self._accepting = accepting
        self._by_email = by_email
        self._rulebook = rulebook

    async def BatchCreateSignatures(
        self, request: pb.BatchCreateSignaturesRequest, context: Context
    ) -> pb.BatchCreateSignaturesResponse:
        telemetry.link_current(item.traceparent for item in request.items)
        read = [self._read_or_refuse(item) for item in request.items]
        signed = iter(await self._accepting.sign([each for each in read if isinstance(each, Attempt)]))
        outcomes = [next(signed) if isinstance(each, Attempt) else each for each in read]
        return pb.BatchCreateSignaturesResponse(results=map(_result, outcomes))

    def _read_or_refuse(self, item: pb.SignatureItem) -> Attempt | DomainError:
        try:
            return self._read(item)
        except DomainError as refusal:
            return refusal

    def _read(self, item: pb.SignatureItem) -> Attempt:
        found = violations(item)
        if found:
            raise InvalidFields(*found)
        petition_id = UUID(item.petition_id)
        signer, given = read_named_signer(self._tokens, item.scope_token, petition_id)
        side = side_of(item.is_against)
        return Attempt(UUID(item.request_id), signer, network_block(item.network), given, side)

    async def GetMySignature(self, request: pb.GetMySignatureRequest, context: Context) -> pb.GetMySignatureResponse:
        signer = read_signer(self._tokens, request.scope_token, UUID(request.petition_id))
        async with reading(self._pool) as conn:
            found = await store.voice_of(conn, signer.petition_id, signer.pseudonym)
        if found is None:
            return pb.GetMySignatureResponse()
        return pb.GetMySignatureResponse(
            signed=True, signed_at=timestamp(found.at), is_against=found.side is Side.AGAINST
        )  # fmt: skip

    async def ListSigners(self, request: pb.ListSignersRequest, context: Context) -> pb.ListSignersResponse:
        size = pages.page_size(request.page_size, SIGNERS_PAGE, SIGNERS_PAGE)
        after = pages.read_page_token(request.page_token, (bytes.fromhex,))
        async with transaction(self._pool) as conn:
            found = await store.list_signers(conn, UUID(request.petition_id), after[0] if after else b"", size + 1)
        next_token = pages.page_token(found[size - 1].hex()) if len(found) > size else ""
        return pb.ListSignersResponse(pseudonyms=found[:size], next_page_token=next_token)

    async def CreateEmailSignature(
        self, request: pb.CreateEmailSignatureRequest, context: Context
    ) -> pb.CreateEmailSignatureResponse:
        return await self._by_email.begin(request)

    async def GetEmailSignature(
        self, request: pb.GetEmailSignatureRequest, context: Context
    ) -> pb.GetEmailSignatureResponse:
        found = await self._by_email.look(request.token)
        return pb.GetEmailSignatureResponse(
            petition=self._spoken(found.petition),
            is_confirmed=found.is_confirmed,
            name=found.name,
            is_against=found.side is Side.AGAINST,
            shown=found.shown,
            residence_code=found.residence_code,
        )

    async def ConfirmEmailSignature(
        self, request: pb.ConfirmEmailSignatureRequest, context: Context
    ) -> pb.ConfirmEmailSignatureResponse:
        signature_id, petition = await self._by_email.confirm(request.token, request.shown)
        return pb.ConfirmEmailSignatureResponse(
            signature_id=str(signature_id), petition=convert.petition_message(petition)
        )

    async def GetConfirmationMail(
        self, request: pb.GetConfirmationMailRequest, context: Context
    ) -> pb.GetConfirmationMailResponse:
        mail = await self._by_email.mail(UUID(request.signature_id))
        return pb.GetConfirmationMailResponse(
            email=mail.contact.email, name=mail.contact.name, token=mail.token, language=mail.contact.language,
            petition=self._spoken(mail.petition), expires_at=timestamp(mail.expires_at),
            is_against=mail.side is Side.AGAINST,
        )  # fmt: skip

    def _spoken(self, petition: Petition) -> pb.Petition:
        return rules.speak(convert.petition_message(petition), self._rulebook.workflows().get(petition.workflow))


def _result(outcome: Outcome) -> pb.SignatureResult:
    if isinstance(outcome, DomainError):
        metrics.signatures.add(1, {"viche.signature.outcome": outcome.reason})
        return pb.SignatureResult(status=to_status(outcome))
    metrics.signatures.add(1, {"viche.signature.outcome": "ACCEPTED"})
    return pb.SignatureResult(signature_id=str(outcome))
