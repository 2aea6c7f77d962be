"""Calls to petitions for what officers do from the threshold to the answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
from viche.petitions.v1 import answers_pb2 as pb
from viche.petitions.v1 import answers_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2

from viche_chassis.ids import new_id
from viche_gateway.clients.calls import call


def text(texts: Mapping[str, str]) -> petitions_pb2.LocalizedText:
    """A text in its languages."""
    return petitions_pb2.LocalizedText(texts=dict(texts))


class Answers:
    """Answering petitions, over one channel; every call is for the officer behind the access token."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._answers = rpc.AnswersServiceStub(channel)

    def step(
        self, access_token: str, request_id: str, petition_id: str, event: str, day: str
    ) -> petitions_pb2.Petition:  # fmt: skip
        """Notes a step."""
        request = pb.RecordStepRequest(request_id=request_id, petition_id=petition_id, event=event, day=day)
        return call(self._answers.RecordStep, request, access_token).petition

    def foresee(self, access_token: str, petition_id: str, event: str, day: str) -> pb.GetStepPreviewResponse:
        """What would follow from a step."""
        request = pb.GetStepPreviewRequest(petition_id=petition_id, event=event, day=day)
        return call(self._answers.GetStepPreview, request, access_token)

    def prolonged(self, access_token: str, petition_id: str, clock: str) -> petitions_pb2.Deadline:
        """What a term would be if it was prolonged."""
        request = pb.ExtendDeadlineRequest(
            request_id=str(new_id()), petition_id=petition_id, clock=clock, reason=text({"en": "-"}),
            validate_only=True,
        )  # fmt: skip
        return call(self._answers.ExtendDeadline, request, access_token).deadline

    def extend(
        self, access_token: str, request_id: str, petition_id: str, clock: str, reason: Mapping[str, str]
    ) -> petitions_pb2.Petition:
        """Prolongs a term."""
        request = pb.ExtendDeadlineRequest(
            request_id=request_id, petition_id=petition_id, clock=clock, reason=text(reason)
        )
        return call(self._answers.ExtendDeadline, request, access_token).petition

    def draft(self, access_token: str, petition_id: str) -> pb.AnswerDraft:
        """What was written so far."""
        return call(self._answers.GetAnswerDraft, pb.GetAnswerDraftRequest(petition_id=petition_id), access_token).draft

    def save(
        self, access_token: str, request_id: str, petition_id: str, draft: pb.AnswerDraft, *, discard: bool = False
    ) -> pb.AnswerDraft:
        """Keeps a draft in place of that of its version, or throws it away."""
        request = pb.SaveAnswerDraftRequest(
            request_id=request_id, petition_id=petition_id, version=draft.version, content=draft.content,
            corrects_version=draft.corrects_version, discard=discard,
        )  # fmt: skip
        return call(self._answers.SaveAnswerDraft, request, access_token).draft

    def publish(
        self, access_token: str, request_id: str, petition_id: str, draft: pb.AnswerDraft, *, is_early: bool,
        check_only: bool = False,
    ) -> petitions_pb2.Petition:  # fmt: skip
        """Publishes a draft, or shows it as it would be.

        Args:
            is_early: the officer knows that the petition may still collect without having reached anything.
        """
        request = pb.PublishAnswerRequest(
            request_id=request_id, petition_id=petition_id, content=draft.content,
            corrects_version=draft.corrects_version, is_early=is_early, validate_only=check_only,
        )  # fmt: skip
        return call(self._answers.PublishAnswer, request, access_token).petition

    def add_document(self, access_token: str, request_id: str, petition_id: str, file: petitions_pb2.Document) -> str:
        """Notes a file that is about to be stored; gives its id."""
        request = pb.CreateDocumentRequest(
            request_id=request_id, petition_id=petition_id, file_name=file.file_name, media_type=file.media_type,
            size_bytes=file.size_bytes, sha256=file.sha256,
        )  # fmt: skip
        return call(self._answers.CreateDocument, request, access_token).document_id

    def say_of_hearing(
        self, access_token: str, request_id: str, petition_id: str, seen: int, said: petitions_pb2.Hearing, *,
        check_only: bool = False,
    ) -> petitions_pb2.Petition:  # fmt: skip
        """Announces, moves or cancels a hearing, or tells its outcome; or shows what that would be."""
        values: dict[str, Any] = {
            name: getattr(said, name)
            for name in ("title", "place", "outcome", "note", "held_at")
            if said.HasField(name)  # pyright: ignore[reportArgumentType]
        }
        request = pb.PublishHearingRequest(
            request_id=request_id, petition_id=petition_id, version=seen, hearing=said.hearing,
            watch_url=said.watch_url, transcript_url=said.transcript_url, video_url=said.video_url,
            is_cancelled=said.is_cancelled, validate_only=check_only, **values,
        )  # fmt: skip
        return call(self._answers.PublishHearing, request, access_token).petition

    def take_as_appeal(
        self, access_token: str, request_id: str, petition_id: str, reference: str
    ) -> petitions_pb2.Petition:  # fmt: skip
        """Notes that a failed petition is an appeal from now on."""
        request = pb.RecordAppealRequest(request_id=request_id, petition_id=petition_id, reference=reference)
        return call(self._answers.RecordAppeal, request, access_token).petition

    def failed(self, access_token: str) -> pb.ListFailedPetitionsResponse:
        """Petitions that wait to be taken as appeals."""
        return call(self._answers.ListFailedPetitions, pb.ListFailedPetitionsRequest(), access_token)

    def closing_cases(self, access_token: str, authority_id: str) -> Sequence[pb.ClosingCase]:
        """What may close the petitions of an authority early."""
        request = pb.ListClosingEventsRequest(authority_id=authority_id)
        return call(self._answers.ListClosingEvents, request, access_token).cases

    def close_for(
        self, access_token: str, request_id: str, authority_id: str, case: pb.ClosingCase
    ) -> pb.CloseForEventResponse:
        """Closes some hundreds of the petitions that an event ends."""
        request = pb.CloseForEventRequest(
            request_id=request_id, authority_id=authority_id, workflow=case.workflow, event=case.event.name
        )
        return call(self._answers.CloseForEvent, request, access_token)
