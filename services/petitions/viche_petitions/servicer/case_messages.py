"""Cases, notes and templates as messages."""

from collections.abc import Sequence

from viche.petitions.v1 import moderation_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from viche_chassis.messages import timestamp
from viche_petitions.domain.moderation import Advice, Claim, Note, NoteKind, Task, Template
from viche_petitions.domain.rejections import Rejection
from viche_petitions.servicer import convert
from viche_petitions.store.cases import Case

TASKS = {
    Task.CHECK: pb.CASE_TASK_CHECK,
    Task.OPINION: pb.CASE_TASK_OPINION,
    Task.COMPLAINT: pb.CASE_TASK_COMPLAINT,
    Task.ANNOUNCE: pb.CASE_TASK_ANNOUNCE,
    Task.ANSWER: pb.CASE_TASK_ANSWER,
}
TASKS_BY_MESSAGE = {message: task for task, message in TASKS.items()}
ADVICE = {Advice.OPEN: pb.ADVICE_OPEN, Advice.REJECT: pb.ADVICE_REJECT}
ADVICE_BY_MESSAGE = {message: advice for advice, message in ADVICE.items()}
KINDS = {
    NoteKind.NOTE: pb.CASE_NOTE_KIND_NOTE,
    NoteKind.QUESTION: pb.CASE_NOTE_KIND_QUESTION,
    NoteKind.OPINION: pb.CASE_NOTE_KIND_OPINION,
}


def case_message(case: Case, officer: bytes) -> pb.Case:
    """A case in the queue of an officer."""
    return pb.Case(
        petition=convert.petition_message(case.petition, for_officers=True),
        tasks=(TASKS[task] for task in case.tasks), due_at=timestamp(case.place.due_at), is_overdue=case.is_overdue,
        claim=claim_message(case.claim, officer), waits_since=timestamp(case.place.since),
    )  # fmt: skip


def claim_message(claim: Claim | None, officer: bytes) -> pb.CaseClaim.ValueType:
    """Who is on a case, as an officer sees it."""
    if claim is None:
        return pb.CASE_CLAIM_UNSPECIFIED
    return pb.CASE_CLAIM_ME if claim.officer == officer else pb.CASE_CLAIM_COLLEAGUE


def notes_messages(notes: Sequence[Note], officer: bytes) -> list[pb.CaseNote]:
    """Notes of a case; questions that were not answered are open."""
    answered = {note.answers for note in notes}
    return [note_message(note, officer, is_open=note.id not in answered) for note in notes]


def note_message(note: Note, officer: bytes, *, is_open: bool = True) -> pb.CaseNote:
    """A note as an officer sees it."""
    return pb.CaseNote(
        id=str(note.id), kind=KINDS[note.kind], text=note.text,
        advice=ADVICE[note.advice] if note.advice else pb.ADVICE_UNSPECIFIED, reason=note.reason,
        answers=str(note.answers) if note.answers else "", is_mine=note.officer == officer, at=timestamp(note.at),
        is_open=note.kind is NoteKind.QUESTION and is_open, officer=note.officer,
    )  # fmt: skip


def rejection_message(rejection: Rejection, officer: bytes) -> pb.CaseRejection:
    """A rejection as officers see it, with the complaint about it."""
    return pb.CaseRejection(
        rejection=convert.rejection_message(rejection),
        complaint=convert.complaint_message(rejection.complaint, is_insider=True),
        is_mine=rejection.officer == officer,
        officer=rejection.officer,
    )


def template_message(template: Template) -> pb.AnswerTemplate:
    """An answer that an authority keeps ready."""
    return pb.AnswerTemplate(
        id=str(template.id), authority_id=str(template.authority_id), title=template.title, reason=template.reason,
        text=petitions_pb2.LocalizedText(texts=template.texts), updated_at=timestamp(template.updated_at),
    )  # fmt: skip
