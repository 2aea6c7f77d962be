"""Answers and hearings over the API: values, and their shapes for its document."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any
from urllib.parse import quote

from google.protobuf.timestamp_pb2 import Timestamp
from marshmallow import Schema, fields
from viche.petitions.v1 import petitions_pb2 as pb

from viche_gateway.api.saying import moment, said, texts
from viche_gateway.context import settings

DECISIONS: Mapping[int, str] = {
    pb.DECISION_ACCEPTED: "accepted",
    pb.DECISION_PARTLY_ACCEPTED: "partly_accepted",
    pb.DECISION_DECLINED: "declined",
    pb.DECISION_EXPLAINED: "explained",
}
Value = dict[str, Any]


class DocumentShape(Schema):
    """A file of an answer."""

    title = texts("What it is")
    file_name = fields.String(**said("As it is downloaded."))
    media_type = fields.String(**said("By its content."))
    size_bytes = fields.Integer(**said("In bytes.", minimum=1))
    sha256 = fields.String(**said("Of its bytes, in hex."))
    url = fields.String(**said("Where it is.", format="uri"))


class AnswerShape(Schema):
    """An official answer, or its correction. In lists only version, decision and instant of the last are told."""

    version = fields.Integer(**said("1 for the answer, more for its corrections.", minimum=1))
    decision = fields.String(**said("What was decided.", enum=list(DECISIONS.values())))
    summary = texts("The decision in a few sentences")
    reasons = texts("Why")
    signed_by = fields.String(**said("Name and office of who answers."))
    correction_note = texts("For a correction: what changed and why")
    documents = fields.List(fields.Nested(DocumentShape), **said("Its files."))
    published_at = moment("When", nullable=True)


class HearingShape(Schema):
    """What was said of a hearing at a time; the last that was said of a hearing holds."""

    version = fields.Integer(**said("Counts what was said of hearings of this petition.", minimum=1))
    hearing = fields.Integer(**said("Which hearing.", minimum=1))
    title = texts("What it is")
    held_at = moment("When it begins", nullable=True)
    place = texts("Where")
    watch_url = fields.String(allow_none=True, **said("Where one can watch it."))
    outcome = texts("What came of it")
    transcript_url = fields.String(allow_none=True, **said("Where what was said can be read."))
    video_url = fields.String(allow_none=True, **said("Where the recording is."))
    is_cancelled = fields.Boolean(**said("It does not take place."))
    note = texts("Why it was moved or cancelled")
    published_at = moment("When this was said", nullable=True)


def answer(petition: pb.Petition, item: pb.Answer) -> Value:
    """An answer."""
    return {
        "version": item.version,
        "decision": DECISIONS.get(item.decision, "explained"),
        "summary": dict(item.summary.texts),
        "reasons": dict(item.reasons.texts),
        "signed_by": item.signed_by,
        "correction_note": dict(item.correction_note.texts),
        "documents": [_document(petition, each) for each in item.documents],
        "published_at": _instant(item.published_at),
    }


def hearing(item: pb.Hearing) -> Value:
    """What was said of a hearing."""
    return {
        "version": item.version,
        "hearing": item.hearing,
        "title": dict(item.title.texts),
        "held_at": _instant(item.held_at),
        "place": dict(item.place.texts),
        "watch_url": item.watch_url or None,
        "outcome": dict(item.outcome.texts),
        "transcript_url": item.transcript_url or None,
        "video_url": item.video_url or None,
        "is_cancelled": item.is_cancelled,
        "note": dict(item.note.texts),
        "published_at": _instant(item.published_at),
    }


def _document(petition: pb.Petition, item: pb.Document) -> Value:
    path = f"/petitions/{petition.number}/documents/{item.id}/{quote(item.file_name)}"
    return {
        "title": dict(item.title.texts),
        "file_name": item.file_name,
        "media_type": item.media_type,
        "size_bytes": item.size_bytes,
        "sha256": item.sha256,
        "url": settings().public_url + path,
    }


def _instant(timestamp: Timestamp) -> str | None:
    if not timestamp.seconds:
        return None
    return timestamp.ToDatetime(tzinfo=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
