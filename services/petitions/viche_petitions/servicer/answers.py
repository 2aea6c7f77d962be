"""AnswersService."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from google.protobuf.message import Message
from viche.petitions.v1 import answers_pb2 as pb
from viche.petitions.v1 import answers_pb2_grpc, petitions_pb2

from viche_chassis import outbox, pages
from viche_chassis.access import covered_authorities, current_person
from viche_chassis.db import Connection, Pool, reading, transaction
from viche_chassis.errors import InvalidFields, NotYourAuthority, invalid
from viche_chassis.ids import new_id
from viche_chassis.messages import timestamp
from viche_chassis.once import caller_of, once
from viche_petitions.answers import Answering, Officer, documents_of
from viche_petitions.domain import steps
from viche_petitions.domain.answer_errors import UnknownStep
from viche_petitions.domain.answers import AnswerDraft, Document
from viche_petitions.domain.deadlines import deadlines_of
from viche_petitions.domain.drafts import clean_line
from viche_petitions.domain.petition import Petition
from viche_petitions.domain.texts import check_texts, clean_texts
from viche_petitions.scope_tokens import read_pseudonym
from viche_petitions.servicer import answer_messages, convert, rules
from viche_petitions.store import drafts as drafts_store
from viche_petitions.store import steps as steps_store
from viche_sdk.types import ClosingEvent, Deadline, Event

OPERATORS = ("operator",)
FAILED_PAGE = 50
MOST_FAILED = 100
MOST_CLOSED_AT_ONCE = 200
MOST_REFERENCE = 100
R = TypeVar("R", bound=Message)
Context = Any


class AnswersServicer(answers_pb2_grpc.AnswersServiceServicer):
    """What officers do from the threshold to the answer.

    Args:
        wake: called after a commit that left something in the outbox.
    """

    def __init__(self, pool: Pool, answering: Answering, wake: Callable[[], None]) -> None:
        self._pool = pool
        self._answering = answering
        self._wake = wake

    async def RecordStep(self, request: pb.RecordStepRequest, context: Context) -> pb.RecordStepResponse:
        step, day, officer = _step(request.event), _day(request.day), _officer()

        async def act(conn: Connection) -> pb.RecordStepResponse:
            done = await self._answering.record_step(conn, UUID(request.petition_id), officer, step, day)
            return pb.RecordStepResponse(petition=self._case(done))

        return await once(self._pool, current_person(), request, pb.RecordStepResponse, act, self._wake)

    async def GetStepPreview(self, request: pb.GetStepPreviewRequest, context: Context) -> pb.GetStepPreviewResponse:
        step, day = _step(request.event), _day(request.day)
        async with transaction(self._pool) as conn:
            found = await self._answering.petition(conn, UUID(request.petition_id), _officer())
            foreseen = self._answering.foresee(found, step, day, await drafts_store.now(conn))
        earliest = foreseen.earliest.astimezone(self._answering.zone).date()
        return pb.GetStepPreviewResponse(
            at=timestamp(foreseen.at), meets=foreseen.meets, earliest_day=earliest.isoformat(),
            starts=(self._deadline(found, each) for each in foreseen.starts),
        )  # fmt: skip

    async def ExtendDeadline(self, request: pb.ExtendDeadlineRequest, context: Context) -> pb.ExtendDeadlineResponse:
        reason = clean_texts(request.reason.texts)
        petition_id, officer = UUID(request.petition_id), _officer()
        if request.validate_only:
            async with transaction(self._pool) as conn:
                found = await self._answering.petition(conn, petition_id, officer)
                now, zone = await drafts_store.now(conn), self._answering.zone
            _, longer = steps.prolonged(found, request.clock, now, zone)
            return pb.ExtendDeadlineResponse(deadline=self._deadline(found, longer))

        async def act(conn: Connection) -> pb.ExtendDeadlineResponse:
            found = await self._answering.petition(conn, petition_id, officer)
            _refuse(*check_texts("reason", reason, steps.MOST_REASON, self._answering.languages(found)))
            done, longer = await self._answering.extend(conn, petition_id, officer, request.clock, reason)
            return pb.ExtendDeadlineResponse(petition=self._case(done), deadline=self._deadline(done, longer))

        return await once(self._pool, current_person(), request, pb.ExtendDeadlineResponse, act, self._wake)

    async def PublishAnswer(self, request: pb.PublishAnswerRequest, context: Context) -> pb.PublishAnswerResponse:
        content = answer_messages.read_content(request.content)
        petition_id, officer = UUID(request.petition_id), _officer()
        given = (petition_id, officer, content, request.corrects_version)
        if request.validate_only:
            async with transaction(self._pool) as conn:
                found, answer = await self._answering.check(conn, *given, is_early=request.is_early)
            case = self._case(found)
            case.answers.append(answer_messages.answer_message(answer))
            return pb.PublishAnswerResponse(petition=case)

        async def act(conn: Connection) -> pb.PublishAnswerResponse:
            done = await self._answering.publish(conn, *given, is_early=request.is_early)
            return pb.PublishAnswerResponse(petition=self._case(done))

        return await once(self._pool, current_person(), request, pb.PublishAnswerResponse, act, self._wake)

    async def GetAnswerDraft(self, request: pb.GetAnswerDraftRequest, context: Context) -> pb.GetAnswerDraftResponse:
        petition_id = UUID(request.petition_id)
        async with transaction(self._pool) as conn:
            found = await self._answering.draft(conn, petition_id, _officer())
            return pb.GetAnswerDraftResponse(draft=await _draft(conn, petition_id, found))

    async def SaveAnswerDraft(self, request: pb.SaveAnswerDraftRequest, context: Context) -> pb.SaveAnswerDraftResponse:
        content, petition_id, officer = (
            answer_messages.read_content(request.content), UUID(request.petition_id), _officer(),
        )  # fmt: skip

        async def act(conn: Connection) -> pb.SaveAnswerDraftResponse:
            if request.discard:
                kept = await self._answering.discard_draft(conn, petition_id, officer)
            else:
                draft = AnswerDraft(request.version, content, request.corrects_version)
                kept = await self._answering.save_draft(conn, petition_id, officer, draft)
            return pb.SaveAnswerDraftResponse(draft=await _draft(conn, petition_id, kept))

        return await once(self._pool, current_person(), request, pb.SaveAnswerDraftResponse, act, self._wake)

    async def CreateDocument(self, request: pb.CreateDocumentRequest, context: Context) -> pb.CreateDocumentResponse:
        officer = _officer()
        document = Document(
            new_id(), clean_line(request.file_name), request.media_type, request.size_bytes, request.sha256
        )

        async def act(conn: Connection) -> pb.CreateDocumentResponse:
            await self._answering.add_document(conn, UUID(request.petition_id), officer, document)
            return pb.CreateDocumentResponse(document_id=str(document.id))

        return await once(self._pool, current_person(), request, pb.CreateDocumentResponse, act, self._wake)

    async def PublishHearing(self, request: pb.PublishHearingRequest, context: Context) -> pb.PublishHearingResponse:
        said, petition_id, officer = answer_messages.read_hearing(request), UUID(request.petition_id), _officer()
        if request.validate_only:
            async with transaction(self._pool) as conn:
                found, checked = await self._answering.check_hearing(conn, petition_id, officer, said)
            case = self._case(found)
            case.hearings.append(answer_messages.hearing_message(checked))
            return pb.PublishHearingResponse(petition=case)

        async def act(conn: Connection) -> pb.PublishHearingResponse:
            done = await self._answering.publish_hearing(conn, petition_id, officer, said)
            return pb.PublishHearingResponse(petition=self._case(done))

        return await once(self._pool, current_person(), request, pb.PublishHearingResponse, act, self._wake)

    async def RecordAppeal(self, request: pb.RecordAppealRequest, context: Context) -> pb.RecordAppealResponse:
        reference, officer = clean_line(request.reference), _officer()
        if not 0 < len(reference) <= MOST_REFERENCE:
            raise InvalidFields(invalid("reference", "TOO_LONG" if reference else "REQUIRED", limit=MOST_REFERENCE))

        async def act(conn: Connection) -> pb.RecordAppealResponse:
            done = await self._answering.take_as_appeal(conn, UUID(request.petition_id), officer, reference)
            return pb.RecordAppealResponse(petition=self._case(done))

        return await once(self._pool, current_person(), request, pb.RecordAppealResponse, act, self._wake)

    async def ListFailedPetitions(
        self, request: pb.ListFailedPetitionsRequest, context: Context
    ) -> pb.ListFailedPetitionsResponse:
        authorities = [UUID(each) for each in _officer().covered]
        size = pages.page_size(request.page_size, FAILED_PAGE, MOST_FAILED)
        async with reading(self._pool) as conn:
            found = await steps_store.failed(conn, authorities, size)
            total = await steps_store.count_failed(conn, authorities)
        return pb.ListFailedPetitionsResponse(petitions=map(convert.petition_message, found), total_size=total)

    async def ListClosingEvents(
        self, request: pb.ListClosingEventsRequest, context: Context
    ) -> pb.ListClosingEventsResponse:
        _operated(request.authority_id)
        async with reading(self._pool) as conn:
            found = await steps_store.closing_cases(conn, UUID(request.authority_id))
        return pb.ListClosingEventsResponse(
            cases=(
                pb.ClosingCase(
                    workflow=each.workflow, event=rules.closing_event_message(ClosingEvent.read(each.event)),
                    open_petitions=each.open_petitions,
                )
                for each in found
            )
        )  # fmt: skip

    async def CloseForEvent(self, request: pb.CloseForEventRequest, context: Context) -> pb.CloseForEventResponse:
        officer = _operated(request.authority_id)
        key = (caller_of(current_person()), request.request_id, request)
        async with transaction(self._pool) as conn:
            before = await outbox.remembered(conn, *key, pb.CloseForEventResponse)
        if before is not None:
            return before
        async with reading(self._pool) as conn:
            ids = await steps_store.closed_by(conn, UUID(request.authority_id), request.workflow, request.event)
        at_once = ids[:MOST_CLOSED_AT_ONCE]
        closed = await self._answering.close_all(self._pool, at_once, officer.pseudonym, request.event)
        response = pb.CloseForEventResponse(closed=closed, left=len(ids) - len(at_once))
        async with transaction(self._pool) as conn:
            if await outbox.remembered(conn, *key, pb.CloseForEventResponse) is None:
                await outbox.remember(conn, *key, response)
        self._wake()
        return response

    def _case(self, petition: Petition) -> petitions_pb2.Petition:
        return convert.petition_message(petition, deadlines_of(petition, self._answering.zone), for_officers=True)

    def _deadline(self, petition: Petition, deadline: Deadline) -> petitions_pb2.Deadline:
        assert petition.terms is not None  # its clock is theirs
        return rules.deadline_message(petition.terms.clock(deadline.clock), deadline)


async def _draft(conn: Connection, petition_id: UUID, draft: AnswerDraft) -> pb.AnswerDraft:
    return answer_messages.draft_message(draft, await documents_of(conn, petition_id, draft.content))


def _officer() -> Officer:
    person = current_person()
    return Officer(read_pseudonym(person.author), covered_authorities())


def _operated(authority_id: str) -> Officer:
    """The operator, if a role of theirs covers the authority."""
    person = current_person()
    if authority_id not in person.authorities(OPERATORS):
        raise NotYourAuthority()
    return Officer(read_pseudonym(person.author), person.authorities(OPERATORS))


def _step(name: str) -> Event:
    try:
        return Event(name)
    except ValueError as error:
        raise UnknownStep(step=name) from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidFields(invalid("day", "BAD_DATE", value=text)) from error


def _refuse(*violations: Any) -> None:
    if violations:
        raise InvalidFields(*violations)
