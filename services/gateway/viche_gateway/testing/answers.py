"""The double of answering: what officers say goes straight into the petitions of petitions' double."""

from datetime import UTC, datetime, timedelta
from typing import Any

from viche.petitions.v1 import answers_pb2 as pb
from viche.petitions.v1 import answers_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2 as petitions

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import refusal, stamp
from viche_gateway.testing.petitions import FakePetitions

LONGER = timedelta(days=5)


class FakeAnswers(rpc.AnswersServiceServicer):
    """Keeps drafts and files by petition; ``closing`` are the cases of authorities, ``closed`` what was closed."""

    def __init__(self, told: FakePetitions) -> None:
        self._petitions = told.petitions
        self.drafts: dict[str, pb.AnswerDraft] = {}
        self.documents: dict[str, petitions.Document] = {}
        self.closing: list[pb.ClosingCase] = []
        self.closed: list[pb.CloseForEventRequest] = []

    def _found(self, petition_id: str) -> petitions.Petition:
        if petition_id not in self._petitions:
            raise refusal(Code.NOT_FOUND, "PETITION_NOT_FOUND")
        return self._petitions[petition_id]

    async def GetAnswerDraft(self, request: Any, context: Any) -> Any:
        petition = self._found(request.petition_id)
        begun = pb.AnswerDraft(corrects_version=len(petition.answers))
        if petition.answers:
            last = petition.answers[-1]
            begun.content.CopyFrom(
                pb.AnswerContent(
                    decision=last.decision, summary=last.summary, reasons=last.reasons, signed_by=last.signed_by
                )
            )
        return pb.GetAnswerDraftResponse(draft=self.drafts.get(request.petition_id, begun))

    async def SaveAnswerDraft(self, request: Any, context: Any) -> Any:
        known = self.drafts.get(request.petition_id, pb.AnswerDraft())
        if request.discard:
            self.drafts.pop(request.petition_id, None)
            return pb.SaveAnswerDraftResponse()
        if request.version != known.version:
            raise refusal(Code.ABORTED, "STALE_ANSWER")
        if len(request.content.signed_by) > 200:
            raise InvalidFields(invalid("signed_by", "TOO_LONG", limit=200))
        files = [self.documents[each.document_id] for each in request.content.documents]
        for file, named in zip(files, request.content.documents, strict=True):
            file.title.CopyFrom(named.title)
        draft = pb.AnswerDraft(
            version=known.version + 1, content=request.content, corrects_version=request.corrects_version,
            documents=files, saved_at=stamp(datetime.now(UTC)),
        )  # fmt: skip
        self.drafts[request.petition_id] = draft
        return pb.SaveAnswerDraftResponse(draft=draft)

    async def CreateDocument(self, request: Any, context: Any) -> Any:
        document = petitions.Document(
            id=str(new_id()), file_name=request.file_name, media_type=request.media_type,
            size_bytes=request.size_bytes, sha256=request.sha256,
        )  # fmt: skip
        self.documents[document.id] = document
        return pb.CreateDocumentResponse(document_id=document.id)

    async def PublishAnswer(self, request: Any, context: Any) -> Any:
        petition, content = self._found(request.petition_id), request.content
        if not content.decision or not content.summary.texts:
            raise InvalidFields(*(invalid(name, "REQUIRED") for name in ("decision", "summary.en")))
        is_waiting = petition.state == petitions.PETITION_STATE_OPEN
        if is_waiting and not request.is_early:
            raise refusal(Code.FAILED_PRECONDITION, "ANSWER_EARLY")
        answer = petitions.Answer(
            version=request.corrects_version + 1, decision=content.decision, summary=content.summary,
            reasons=content.reasons, signed_by=content.signed_by, correction_note=content.correction_note,
            published_at=stamp(datetime.now(UTC)),
            documents=[self.documents[each.document_id] for each in content.documents],
        )  # fmt: skip
        shown = petitions.Petition()
        shown.CopyFrom(petition)
        (shown if request.validate_only else petition).answers.append(answer)
        if not request.validate_only:
            self.drafts.pop(petition.id, None)
        return pb.PublishAnswerResponse(petition=shown if request.validate_only else petition)

    async def GetStepPreview(self, request: Any, context: Any) -> Any:
        petition = self._found(request.petition_id)
        if any(each.event == request.event for each in petition.happenings):
            raise refusal(Code.ALREADY_EXISTS, "ALREADY_RECORDED")
        if request.day > f"{datetime.now(UTC):%Y-%m-%d}":
            raise refusal(Code.INVALID_ARGUMENT, "IN_THE_FUTURE")
        starts = [each for each in petition.deadlines if each.event == request.event]
        return pb.GetStepPreviewResponse(at=stamp(datetime.now(UTC)), starts=starts, meets=["announcement"])

    async def RecordStep(self, request: Any, context: Any) -> Any:
        petition = self._found(request.petition_id)
        petition.happenings.append(petitions.Happening(event=request.event, at=stamp(datetime.now(UTC))))
        return pb.RecordStepResponse(petition=petition)

    async def ExtendDeadline(self, request: Any, context: Any) -> Any:
        petition = self._found(request.petition_id)
        running = next(each for each in petition.deadlines if each.clock == request.clock)
        longer = petitions.Deadline()
        longer.CopyFrom(running)
        longer.ends_at.CopyFrom(stamp(running.ends_at.ToDatetime(UTC) + LONGER))
        longer.last_day = f"{running.ends_at.ToDatetime(UTC) + LONGER:%Y-%m-%d}"
        longer.extended_by.CopyFrom(petitions.Period(length=LONGER.days, unit=petitions.TIME_UNIT_CALENDAR_DAY))
        longer.extension_reason.CopyFrom(request.reason)
        longer.former_last_day = running.last_day
        if not request.validate_only:
            running.CopyFrom(longer)
        return pb.ExtendDeadlineResponse(deadline=longer)

    async def PublishHearing(self, request: Any, context: Any) -> Any:
        petition = self._found(request.petition_id)
        if not request.place.texts:
            raise InvalidFields(invalid("place.en", "REQUIRED"))
        said = petitions.Hearing(
            version=len(petition.hearings) + 1, hearing=request.hearing or 1, title=request.title,
            held_at=request.held_at, place=request.place, watch_url=request.watch_url, outcome=request.outcome,
            transcript_url=request.transcript_url, video_url=request.video_url, is_cancelled=request.is_cancelled,
            note=request.note, published_at=stamp(datetime.now(UTC)),
        )  # fmt: skip
        shown = petitions.Petition()
        shown.CopyFrom(petition)
        (shown if request.validate_only else petition).hearings.append(said)
        return pb.PublishHearingResponse(petition=shown if request.validate_only else petition)

    async def RecordAppeal(self, request: Any, context: Any) -> Any:
        petition = self._found(request.petition_id)
        if not request.reference:
            raise InvalidFields(invalid("reference", "REQUIRED"))
        now = stamp(datetime.now(UTC))
        petition.happenings.append(petitions.Happening(event="taken_as_appeal", at=now, detail=request.reference))
        return pb.RecordAppealResponse(petition=petition)

    async def ListFailedPetitions(self, request: Any, context: Any) -> Any:
        found = [each for each in self._petitions.values() if _is_failed(each)]
        return pb.ListFailedPetitionsResponse(petitions=found, total_size=len(found))

    async def ListClosingEvents(self, request: Any, context: Any) -> Any:
        return pb.ListClosingEventsResponse(cases=self.closing)

    async def CloseForEvent(self, request: Any, context: Any) -> Any:
        self.closed.append(request)
        return pb.CloseForEventResponse(closed=1)


def _is_failed(petition: petitions.Petition) -> bool:
    is_appeal = petition.terms.failure.becomes == "appeal"
    is_taken = any(each.event == "taken_as_appeal" for each in petition.happenings)
    return petition.state == petitions.PETITION_STATE_CLOSED and is_appeal and not is_taken
