"""ModerationService."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from viche.petitions.v1 import moderation_pb2 as pb
from viche.petitions.v1 import moderation_pb2_grpc, petitions_pb2

from viche_chassis import pages
from viche_chassis.access import covered_authorities, current_person
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields, NotYourAuthority, invalid
from viche_chassis.messages import timestamp
from viche_chassis.once import once
from viche_petitions import casework, listing
from viche_petitions.domain.deadlines import deadlines_of
from viche_petitions.domain.drafts import clean_text
from viche_petitions.domain.moderation import Advice, NoteKind, Opinion
from viche_petitions.domain.petition import Petition
from viche_petitions.identity import Authorities, Authority
from viche_petitions.moderation import Moderation, Refusal, Verdict
from viche_petitions.scope_tokens import read_pseudonym
from viche_petitions.servicer import case_messages, convert, rules
from viche_petitions.servicer.templates import TemplatesPart
from viche_petitions.store import cases, rejections
from viche_petitions.store.cases import Place, Waiting

USUAL_PAGE = 50
Context = Any


class ModerationServicer(TemplatesPart, moderation_pb2_grpc.ModerationServiceServicer):
    """What officers do with petitions that wait for them, and what authors do about it.

    Args:
        wake: called after a commit that left something in the outbox.
    """

    def __init__(self, pool: Pool, moderation: Moderation, authorities: Authorities, wake: Callable[[], None]) -> None:
        super().__init__(pool, moderation.rulebook, authorities)
        self._moderation = moderation
        self._wake = wake

    async def ListCases(self, request: pb.ListCasesRequest, context: Context) -> pb.ListCasesResponse:
        which = _waiting(request.authority_id, request.task)
        size = pages.page_size(request.page_size, USUAL_PAGE, listing.MOST)
        read = pages.read_page_token(request.page_token, (_due, listing.instant, UUID))
        async with reading(self._pool) as conn:
            found = await cases.list_(conn, which, Place(*read) if read else None, size + 1)
            total, counts = await cases.count(conn, which)
        last = found[size - 1].place if len(found) > size else None
        return pb.ListCasesResponse(
            cases=(case_messages.case_message(each, which.officer) for each in found[:size]),
            next_page_token=_token(last) if last else "",
            total_size=total,
            counts=(pb.TaskCount(task=case_messages.TASKS[task], cases=number) for task, number in counts.items()),
        )

    async def GetCaseFile(self, request: pb.GetCaseFileRequest, context: Context) -> pb.GetCaseFileResponse:
        petition_id, covered, officer = UUID(request.petition_id), _covered(), _me()
        async with reading(self._pool) as conn:
            petition = await casework.case(conn, petition_id, covered)
        authority = await self._authority_of(petition)
        async with reading(self._pool) as conn:
            file = await self._file(conn, petition, authority, officer)
        return pb.GetCaseFileResponse(file=file)

    async def _file(self, conn: Connection, petition: Petition, authority: Authority, officer: bytes) -> pb.CaseFile:
        tasks = await cases.tasks_of(conn, Waiting([authority.id], officer), petition.id)
        claim = await cases.claim_of(conn, petition.id)
        notes = await cases.notes_of(conn, petition.id)
        rejected = await rejections.list_of(conn, petition.id)
        reasons = await self._moderation.reasons(conn, petition, authority)
        last = petition.rejection
        return pb.CaseFile(
            tasks=(case_messages.TASKS[task] for task in tasks),
            claim=case_messages.claim_message(claim, officer),
            claimed_until=timestamp(claim.until) if claim else None,
            notes=case_messages.notes_messages(notes, officer),
            rejections=(case_messages.rejection_message(each, officer) for each in rejected),
            reasons=map(rules.reason_message, reasons.values()),
            may_decide=bool(last and last.complaint_waits and last.officer != officer),
            claimed_by=claim.officer if claim else b"",
        )

    async def ClaimCase(self, request: pb.ClaimCaseRequest, context: Context) -> pb.ClaimCaseResponse:
        async with transaction(self._pool) as conn:
            petition = await casework.case(conn, UUID(request.petition_id), _covered())
            claim = await casework.claim(conn, petition.id, _me())
        return pb.ClaimCaseResponse(claimed_until=timestamp(claim.until))

    async def ReleaseCase(self, request: pb.ReleaseCaseRequest, context: Context) -> pb.ReleaseCaseResponse:
        async with transaction(self._pool) as conn:
            petition = await casework.case(conn, UUID(request.petition_id), _covered())
            await cases.release(conn, petition.id)
        return pb.ReleaseCaseResponse()

    async def RejectPetition(self, request: pb.RejectPetitionRequest, context: Context) -> pb.RejectPetitionResponse:
        petition_id, covered, officer = UUID(request.petition_id), _covered(), _me()
        async with reading(self._pool) as conn:
            petition = await casework.case(conn, petition_id, covered)
        authority = await self._authority_of(petition)
        refusal = Refusal(request.reason, clean_text(request.note), request.language, request.duplicate_of or None)

        async def act(conn: Connection) -> pb.RejectPetitionResponse:
            rejected = await self._moderation.reject(conn, petition_id, covered, authority, refusal, officer)
            return pb.RejectPetitionResponse(petition=self._case(rejected))

        return await once(self._pool, current_person(), request, pb.RejectPetitionResponse, act, self._wake)

    async def CreateCaseNote(self, request: pb.CreateCaseNoteRequest, context: Context) -> pb.CreateCaseNoteResponse:
        covered, officer = _covered(), _me()
        kind = NoteKind.QUESTION if request.asks_opinion else NoteKind.NOTE

        async def act(conn: Connection) -> pb.CreateCaseNoteResponse:
            petition = await casework.case(conn, UUID(request.petition_id), covered)
            note = await casework.write(conn, petition, kind, clean_text(request.text), officer)
            return pb.CreateCaseNoteResponse(note=case_messages.note_message(note, officer))

        return await once(self._pool, current_person(), request, pb.CreateCaseNoteResponse, act)

    async def GiveOpinion(self, request: pb.GiveOpinionRequest, context: Context) -> pb.GiveOpinionResponse:
        petition_id, covered, officer = UUID(request.petition_id), _covered(), _me()
        opinion = _opinion(request)
        async with reading(self._pool) as conn:
            petition = await casework.case(conn, petition_id, covered)
        authority = await self._authority_of(petition)

        async def act(conn: Connection) -> pb.GiveOpinionResponse:
            if opinion.reason:
                await self._moderation.reason(conn, petition, authority, opinion.reason)
            note = await casework.give_opinion(conn, petition_id, opinion, officer)
            return pb.GiveOpinionResponse(note=case_messages.note_message(note, officer))

        return await once(self._pool, current_person(), request, pb.GiveOpinionResponse, act)

    async def MakeComplaint(self, request: pb.MakeComplaintRequest, context: Context) -> pb.MakeComplaintResponse:
        author = _me()

        async def act(conn: Connection) -> pb.MakeComplaintResponse:
            found = await self._moderation.complain(conn, UUID(request.petition_id), author, clean_text(request.text))
            return pb.MakeComplaintResponse(petition=self._own(found))

        return await once(self._pool, current_person(), request, pb.MakeComplaintResponse, act, self._wake)

    async def DecideComplaint(self, request: pb.DecideComplaintRequest, context: Context) -> pb.DecideComplaintResponse:
        covered, officer = _covered(), _me()
        verdict = Verdict(request.is_upheld, clean_text(request.text), request.language)

        async def act(conn: Connection) -> pb.DecideComplaintResponse:
            decided = await self._moderation.decide(conn, UUID(request.petition_id), covered, verdict, officer)
            return pb.DecideComplaintResponse(petition=self._case(decided))

        return await once(self._pool, current_person(), request, pb.DecideComplaintResponse, act, self._wake)

    async def WithdrawPetition(
        self, request: pb.WithdrawPetitionRequest, context: Context
    ) -> pb.WithdrawPetitionResponse:
        author = _me()

        async def act(conn: Connection) -> pb.WithdrawPetitionResponse:
            draft = await self._moderation.withdraw(conn, UUID(request.petition_id), author)
            return pb.WithdrawPetitionResponse(petition=self._own(draft))

        return await once(self._pool, current_person(), request, pb.WithdrawPetitionResponse, act)

    async def _authority_of(self, petition: Petition) -> Authority:
        assert petition.authority_id is not None  # officers are let in by it
        return await self._authorities.get(petition.authority_id)

    def _case(self, petition: Petition) -> petitions_pb2.Petition:
        deadlines = deadlines_of(petition, self._rulebook.zone)
        return convert.petition_message(petition, deadlines, for_officers=True)

    def _own(self, petition: Petition) -> petitions_pb2.Petition:
        return convert.petition_message(petition, deadlines_of(petition, self._rulebook.zone), for_author=True)


def _covered() -> frozenset[str]:
    return covered_authorities()


def _me() -> bytes:
    return read_pseudonym(current_person().author)


def _waiting(authority_id: str, task: pb.CaseTask.ValueType) -> Waiting:
    covered = _covered()
    if authority_id and authority_id not in covered:
        raise NotYourAuthority()
    asked = [authority_id] if authority_id else sorted(covered)
    return Waiting([UUID(each) for each in asked], _me(), case_messages.TASKS_BY_MESSAGE.get(task))


def _opinion(request: pb.GiveOpinionRequest) -> Opinion:
    advice = case_messages.ADVICE_BY_MESSAGE.get(request.advice)
    if advice is None or (advice is Advice.REJECT) != bool(request.reason):
        raise InvalidFields(invalid("advice" if advice is None else "reason", "REQUIRED"))
    return Opinion(UUID(request.question_id), advice, request.reason, clean_text(request.text))


def _token(last: Place) -> str:
    return pages.page_token(last.due_at.isoformat() if last.due_at else "", last.since.isoformat(), last.id)


def _due(value: object) -> datetime | None:
    return listing.instant(value) if value else None
