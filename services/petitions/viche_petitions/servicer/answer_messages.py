"""Between answers and hearings of the domain and messages."""

from collections.abc import Iterable
from uuid import UUID

from viche.petitions.v1 import answers_pb2 as pb
from viche.petitions.v1 import petitions_pb2

from viche_chassis.errors import InvalidFields, invalid
from viche_chassis.messages import aware, timestamp
from viche_petitions.domain.answers import Answer, AnswerDraft, Attached, Content, Decision, Document
from viche_petitions.domain.drafts import clean_line
from viche_petitions.domain.hearings import Hearing
from viche_petitions.domain.petition import Happened
from viche_petitions.domain.texts import Texts, clean_texts

DECISIONS = {
    Decision.ACCEPTED: petitions_pb2.DECISION_ACCEPTED,
    Decision.PARTLY_ACCEPTED: petitions_pb2.DECISION_PARTLY_ACCEPTED,
    Decision.DECLINED: petitions_pb2.DECISION_DECLINED,
    Decision.EXPLAINED: petitions_pb2.DECISION_EXPLAINED,
}
_READ = {message: decision for decision, message in DECISIONS.items()}


def happening_message(happened: Happened) -> petitions_pb2.Happening:
    """Something that happened."""
    return petitions_pb2.Happening(event=happened.event, at=timestamp(happened.at), detail=happened.detail)


def answer_message(answer: Answer) -> petitions_pb2.Answer:
    """An answer as published."""
    return petitions_pb2.Answer(
        version=answer.version, decision=DECISIONS[answer.decision], summary=_texts(answer.summary),
        reasons=_texts(answer.reasons), signed_by=answer.signed_by, documents=map(_document, answer.documents),
        published_at=timestamp(answer.published_at), correction_note=_texts(answer.correction_note),
    )  # fmt: skip


def hearing_message(said: Hearing) -> petitions_pb2.Hearing:
    """What was said of a hearing."""
    return petitions_pb2.Hearing(
        version=said.version, hearing=said.hearing, title=_texts(said.title), held_at=timestamp(said.held_at),
        place=_texts(said.place), watch_url=said.watch_url, outcome=_texts(said.outcome),
        transcript_url=said.transcript_url, video_url=said.video_url, is_cancelled=said.is_cancelled,
        note=_texts(said.note), published_at=timestamp(said.published_at),
    )  # fmt: skip


def draft_message(draft: AnswerDraft, documents: Iterable[Document]) -> pb.AnswerDraft:
    """A draft of an answer, and what is known of its files."""
    content = draft.content
    return pb.AnswerDraft(
        version=draft.version, corrects_version=draft.corrects_version, saved_at=timestamp(draft.saved_at),
        content=pb.AnswerContent(
            decision=DECISIONS[content.decision] if content.decision else petitions_pb2.DECISION_UNSPECIFIED,
            summary=_texts(content.summary), reasons=_texts(content.reasons), signed_by=content.signed_by,
            documents=(
                pb.AnswerDocument(document_id=str(each.document_id), title=_texts(each.title))
                for each in content.documents
            ),
            correction_note=_texts(content.correction_note),
        ),
        documents=map(_document, documents),
    )  # fmt: skip


def read_content(message: pb.AnswerContent) -> Content:
    """What an answer says, cleaned.

    Raises:
        InvalidFields: the id of a file is none.
    """
    return Content(
        decision=_READ.get(message.decision),
        summary=clean_texts(message.summary.texts),
        reasons=clean_texts(message.reasons.texts),
        signed_by=clean_line(message.signed_by),
        documents=tuple(
            Attached(_uuid(each.document_id, f"documents.{place}"), clean_texts(each.title.texts, lines=True))
            for place, each in enumerate(message.documents)
        ),
        correction_note=clean_texts(message.correction_note.texts),
    )


def read_hearing(request: pb.PublishHearingRequest) -> Hearing:
    """What is to be said of a hearing, cleaned; its version is the one that was seen last."""
    held_at = aware(request.held_at)
    return Hearing(
        version=request.version, hearing=request.hearing, title=clean_texts(request.title.texts, lines=True),
        held_at=held_at, place=clean_texts(request.place.texts, lines=True), watch_url=request.watch_url.strip(),
        outcome=clean_texts(request.outcome.texts), transcript_url=request.transcript_url.strip(),
        video_url=request.video_url.strip(), is_cancelled=request.is_cancelled, note=clean_texts(request.note.texts),
        published_at=held_at,
    )  # fmt: skip


def _document(document: Document) -> petitions_pb2.Document:
    return petitions_pb2.Document(
        id=str(document.id), file_name=document.file_name, media_type=document.media_type,
        size_bytes=document.size_bytes, sha256=document.sha256, title=_texts(document.title),
    )  # fmt: skip


def _texts(texts: Texts) -> petitions_pb2.LocalizedText | None:
    return petitions_pb2.LocalizedText(texts=dict(texts)) if texts else None


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidFields(invalid(field, "NOT_A_UUID")) from error
