"""Moderation's double, over the petitions of petitions' double."""

from typing import Any

from viche.petitions.v1 import moderation_pb2 as pb
from viche.petitions.v1 import moderation_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2 as petitions

from viche_chassis.errors import Code, InvalidFields, invalid
from viche_chassis.ids import new_id
from viche_gateway.testing.channel import access_token, refusal
from viche_gateway.testing.petitions import FakePetitions

SHORTEST = 10


class FakeModeration(rpc.ModerationServiceServicer):
    """Case files by the id of their petition; ``rejected_by`` are the sessions of those who rejected.

    ``settings`` are the figures of authorities by id and workflow, ``overdue`` ids of petitions whose term is over.
    """

    def __init__(self, among: FakePetitions) -> None:
        self._among = among
        self.files: dict[str, pb.CaseFile] = {}
        self.rejected_by: dict[str, str] = {}
        self.templates: dict[str, pb.AnswerTemplate] = {}
        self.deleted: dict[str, pb.AnswerTemplate] = {}
        self.settings: dict[tuple[str, str], dict[str, str]] = {}
        self.overdue: set[str] = set()

    async def ListCases(self, request: Any, context: Any) -> Any:
        cases = [self._case(each) for each in self._among.petitions.values() if self._tasks(each)]
        here = [each for each in cases if request.authority_id in ("", each.petition.authority_id)]
        found = [each for each in here if not request.task or request.task in each.tasks]
        counts = {task: sum(task in each.tasks for each in here) for task in pb.CaseTask.values()}
        return pb.ListCasesResponse(
            cases=sorted(found, key=lambda each: not each.is_overdue),
            total_size=len(found),
            counts=[pb.TaskCount(task=task, cases=cases) for task, cases in counts.items() if cases],  # pyright: ignore[reportArgumentType]
        )

    def _case(self, petition: petitions.Petition) -> pb.Case:
        return pb.Case(
            petition=petition, tasks=self._tasks(petition), is_overdue=petition.id in self.overdue,
            due_at=petition.closes_at, waits_since=petition.created_at, claim=self._file(petition.id).claim,
        )  # fmt: skip

    def _tasks(self, petition: petitions.Petition) -> list[Any]:
        if petition.state == petitions.PETITION_STATE_SUBMITTED:
            asked = any(note.is_open and not note.is_mine for note in self._file(petition.id).notes)
            return [pb.CASE_TASK_CHECK, *([pb.CASE_TASK_OPINION] if asked else [])]
        waits = petition.HasField("complaint") and not petition.complaint.HasField("decided_at")
        return [pb.CASE_TASK_COMPLAINT] if waits else []

    def _file(self, petition_id: str) -> pb.CaseFile:
        return self.files.setdefault(petition_id, pb.CaseFile(reasons=[reason("local"), reason("libel", hides=True)]))

    async def GetCaseFile(self, request: Any, context: Any) -> Any:
        petition = (await self._among.GetCase(request, context)).petition
        file = self._file(petition.id)
        tasks = self._tasks(petition)
        is_mine = self.rejected_by.get(petition.id) == access_token()
        shown = pb.CaseFile()
        shown.CopyFrom(file)
        shown.tasks.extend(tasks)
        if petition.HasField("rejection"):
            shown.rejections.add(rejection=petition.rejection, is_mine=is_mine)
        shown.may_decide = pb.CASE_TASK_COMPLAINT in tasks and not is_mine
        return pb.GetCaseFileResponse(file=shown)

    async def ClaimCase(self, request: Any, context: Any) -> Any:
        file = self._file(request.petition_id)
        if file.claim == pb.CASE_CLAIM_COLLEAGUE:
            raise refusal(Code.FAILED_PRECONDITION, "CASE_TAKEN")
        file.claim = pb.CASE_CLAIM_ME
        return pb.ClaimCaseResponse()

    async def ReleaseCase(self, request: Any, context: Any) -> Any:
        self._file(request.petition_id).claim = pb.CASE_CLAIM_UNSPECIFIED
        return pb.ReleaseCaseResponse()

    async def RejectPetition(self, request: Any, context: Any) -> Any:
        petition = self._among.found(request.petition_id)
        if petition.state != petitions.PETITION_STATE_SUBMITTED:
            raise refusal(Code.FAILED_PRECONDITION, "NOT_SUBMITTED")
        if len(request.note) < SHORTEST:
            raise InvalidFields(invalid("note", "TOO_SHORT", limit=SHORTEST))
        known = {each.code: each for each in self._file(petition.id).reasons}
        if request.reason not in known:
            raise refusal(Code.INVALID_ARGUMENT, "UNKNOWN_REASON")
        petition.state = petitions.PETITION_STATE_REJECTED
        petition.number = petition.number or 700_001 + len(self._among.petitions)
        petition.rejection.CopyFrom(
            petitions.Rejection(
                reason=request.reason, title=known[request.reason].title, help=known[request.reason].help,
                note=request.note, language=request.language, duplicate_of=request.duplicate_of,
                hides_text=known[request.reason].hides_text, rejected_at=petition.updated_at,
            )
        )  # fmt: skip
        self.rejected_by[petition.id] = access_token()
        return pb.RejectPetitionResponse(petition=petition)

    async def CreateCaseNote(self, request: Any, context: Any) -> Any:
        if not request.text:
            raise InvalidFields(invalid("text", "REQUIRED"))
        kind = pb.CASE_NOTE_KIND_QUESTION if request.asks_opinion else pb.CASE_NOTE_KIND_NOTE
        note = pb.CaseNote(
            id=str(new_id()), kind=kind, text=request.text, is_mine=True, is_open=request.asks_opinion
        )  # fmt: skip
        self._file(request.petition_id).notes.append(note)
        return pb.CreateCaseNoteResponse(note=note)

    async def GiveOpinion(self, request: Any, context: Any) -> Any:
        notes = self._file(request.petition_id).notes
        question = next((each for each in notes if each.id == request.question_id), None)
        if question is None:
            raise refusal(Code.NOT_FOUND, "QUESTION_NOT_FOUND")
        if request.advice == pb.ADVICE_REJECT and not request.reason:
            raise InvalidFields(invalid("reason", "REQUIRED"))
        question.is_open = False
        note = pb.CaseNote(
            id=str(new_id()), kind=pb.CASE_NOTE_KIND_OPINION, text=request.text, advice=request.advice,
            reason=request.reason, answers=question.id,
        )  # fmt: skip
        notes.append(note)
        return pb.GiveOpinionResponse(note=note)

    async def MakeComplaint(self, request: Any, context: Any) -> Any:
        petition = self._among.found(request.petition_id)
        if petition.HasField("complaint"):
            raise refusal(Code.ALREADY_EXISTS, "ALREADY_COMPLAINED")
        if len(request.text) < SHORTEST:
            raise InvalidFields(invalid("text", "TOO_SHORT", limit=SHORTEST))
        petition.complaint.CopyFrom(petitions.Complaint(text=request.text, made_at=petition.updated_at))
        return pb.MakeComplaintResponse(petition=petition)

    async def DecideComplaint(self, request: Any, context: Any) -> Any:
        petition = self._among.found(request.petition_id)
        if self.rejected_by.get(petition.id) == access_token():
            raise refusal(Code.PERMISSION_DENIED, "FOUR_EYES")
        complaint = petition.complaint
        complaint.decided_at.CopyFrom(petition.updated_at)
        complaint.is_upheld, complaint.decision = request.is_upheld, request.text
        if request.is_upheld:
            petition.state = petitions.PETITION_STATE_SUBMITTED
            petition.ClearField("rejection")
        return pb.DecideComplaintResponse(petition=petition)

    async def WithdrawPetition(self, request: Any, context: Any) -> Any:
        petition = self._among.found(request.petition_id)
        if petition.state != petitions.PETITION_STATE_SUBMITTED:
            raise refusal(Code.FAILED_PRECONDITION, "NOT_WITHDRAWABLE")
        petition.state = petitions.PETITION_STATE_DRAFT
        return pb.WithdrawPetitionResponse(petition=petition)

    async def ListAnswerTemplates(self, request: Any, context: Any) -> Any:
        found = [each for each in self.templates.values() if request.authority_id in ("", each.authority_id)]
        return pb.ListAnswerTemplatesResponse(templates=found)

    async def PutAnswerTemplate(self, request: Any, context: Any) -> Any:
        template = pb.AnswerTemplate()
        template.CopyFrom(request.template)
        template.id = template.id or str(new_id())
        if not template.text.texts:
            raise InvalidFields(invalid("text", "REQUIRED"))
        self.templates[template.id] = template
        return pb.PutAnswerTemplateResponse(template=template)

    async def DeleteAnswerTemplate(self, request: Any, context: Any) -> Any:
        if request.template_id not in self.templates:
            raise refusal(Code.NOT_FOUND, "TEMPLATE_NOT_FOUND")
        self.deleted[request.template_id] = self.templates.pop(request.template_id)
        return pb.DeleteAnswerTemplateResponse()

    async def UndeleteAnswerTemplate(self, request: Any, context: Any) -> Any:
        if request.template_id not in self.deleted:
            raise refusal(Code.NOT_FOUND, "TEMPLATE_NOT_FOUND")
        self.templates[request.template_id] = self.deleted.pop(request.template_id)
        return pb.UndeleteAnswerTemplateResponse()

    async def GetWorkflowSettings(self, request: Any, context: Any) -> Any:
        found = self.settings.get((request.authority_id, request.workflow))
        return pb.GetWorkflowSettingsResponse(settings=found or {}, is_set_up=found is not None)

    async def SetWorkflowSettings(self, request: Any, context: Any) -> Any:
        if not request.settings.get("threshold", "").isdigit():
            raise InvalidFields(invalid("settings.threshold", "NOT_A_NUMBER"))
        if not request.validate_only:
            self.settings[request.authority_id, request.workflow] = dict(request.settings)
        return pb.SetWorkflowSettingsResponse(terms=petitions.Terms(workflow=request.workflow))


def reason(code: str, *, hides: bool = False) -> petitions.RejectionReason:
    """A reason whose title and help are made of its code."""
    return petitions.RejectionReason(
        code=code,
        title=petitions.LocalizedText(texts={"en": f"It is {code}"}),
        help=petitions.LocalizedText(texts={"en": f"Ask somebody about {code}."}),
        hides_text=hides,
    )
