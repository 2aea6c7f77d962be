"""Calls to moderation: what waits, rejections, opinions, complaints, templates, settings of workflows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc
from viche.petitions.v1 import moderation_pb2 as pb
from viche.petitions.v1 import moderation_pb2_grpc as rpc
from viche.petitions.v1 import petitions_pb2

from viche_gateway.clients.calls import call


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a petition is rejected and what its author is told; ``duplicate_of`` 0 names no other petition."""

    reason: str
    note: str
    language: str
    duplicate_of: int = 0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a colleague answers to a question."""

    question_id: str
    advice: int
    reason: str
    text: str


class Moderation:
    """The moderation of the petitions service over one channel. Every call acts for the person of its access token."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = rpc.ModerationServiceStub(channel)

    def cases(self, access_token: str, task: int, authority_id: str, page_token: str = "") -> pb.ListCasesResponse:
        """What waits for the officer."""
        request = pb.ListCasesRequest(task=task, authority_id=authority_id, page_token=page_token)  # pyright: ignore[reportArgumentType]
        return call(self._stub.ListCases, request, access_token)

    def file(self, access_token: str, petition_id: str) -> pb.CaseFile:
        """What officers keep about a petition."""
        return call(self._stub.GetCaseFile, pb.GetCaseFileRequest(petition_id=petition_id), access_token).file

    def claim(self, access_token: str, petition_id: str) -> None:
        """Puts the officer on a case."""
        call(self._stub.ClaimCase, pb.ClaimCaseRequest(petition_id=petition_id), access_token)

    def release(self, access_token: str, petition_id: str) -> None:
        """Gives a case back."""
        call(self._stub.ReleaseCase, pb.ReleaseCaseRequest(petition_id=petition_id), access_token)

    def reject(
        self, access_token: str, request_id: str, petition_id: str, refusal: Refusal
    ) -> petitions_pb2.Petition:  # fmt: skip
        """Rejects what was handed in."""
        request = pb.RejectPetitionRequest(
            request_id=request_id,
            petition_id=petition_id,
            reason=refusal.reason,
            note=refusal.note,
            language=refusal.language,
            duplicate_of=refusal.duplicate_of,
        )
        return call(self._stub.RejectPetition, request, access_token).petition

    def write(self, access_token: str, request_id: str, petition_id: str, text: str, *, asks_opinion: bool) -> None:
        """Writes a note into a case, or asks colleagues for an opinion."""
        request = pb.CreateCaseNoteRequest(
            request_id=request_id, petition_id=petition_id, text=text, asks_opinion=asks_opinion
        )
        call(self._stub.CreateCaseNote, request, access_token)

    def advise(self, access_token: str, request_id: str, petition_id: str, opinion: Opinion) -> None:
        """Answers a colleague."""
        request = pb.GiveOpinionRequest(
            request_id=request_id,
            petition_id=petition_id,
            question_id=opinion.question_id,
            advice=opinion.advice,  # pyright: ignore[reportArgumentType]
            reason=opinion.reason,
            text=opinion.text,
        )
        call(self._stub.GiveOpinion, request, access_token)

    def complain(self, access_token: str, request_id: str, petition_id: str, text: str) -> petitions_pb2.Petition:
        """Complains about the rejection of the person's petition."""
        request = pb.MakeComplaintRequest(request_id=request_id, petition_id=petition_id, text=text)
        return call(self._stub.MakeComplaint, request, access_token).petition

    def decide(
        self, access_token: str, request_id: str, petition_id: str, text: str, language: str, *, is_upheld: bool
    ) -> petitions_pb2.Petition:
        """Decides a complaint."""
        request = pb.DecideComplaintRequest(
            request_id=request_id, petition_id=petition_id, is_upheld=is_upheld, text=text, language=language
        )
        return call(self._stub.DecideComplaint, request, access_token).petition

    def withdraw(self, access_token: str, request_id: str, petition_id: str) -> petitions_pb2.Petition:
        """Makes a draft again of what the person has handed in."""
        request = pb.WithdrawPetitionRequest(request_id=request_id, petition_id=petition_id)
        return call(self._stub.WithdrawPetition, request, access_token).petition

    def templates(self, access_token: str, authority_id: str = "") -> Sequence[pb.AnswerTemplate]:
        """Answers that the officer's authorities keep ready."""
        request = pb.ListAnswerTemplatesRequest(authority_id=authority_id)
        return call(self._stub.ListAnswerTemplates, request, access_token).templates

    def put_template(self, access_token: str, request_id: str, template: pb.AnswerTemplate) -> None:
        """Adds one, or replaces the one with its id."""
        request = pb.PutAnswerTemplateRequest(request_id=request_id, template=template)
        call(self._stub.PutAnswerTemplate, request, access_token)

    def delete_template(self, access_token: str, template_id: str) -> None:
        """Deletes one."""
        call(self._stub.DeleteAnswerTemplate, pb.DeleteAnswerTemplateRequest(template_id=template_id), access_token)

    def undelete_template(self, access_token: str, template_id: str) -> None:
        """Brings a deleted one back."""
        request = pb.UndeleteAnswerTemplateRequest(template_id=template_id)
        call(self._stub.UndeleteAnswerTemplate, request, access_token)

    def settings(self, access_token: str, authority_id: str, workflow: str) -> pb.GetWorkflowSettingsResponse:
        """The figures that an authority has set."""
        request = pb.GetWorkflowSettingsRequest(authority_id=authority_id, workflow=workflow)
        return call(self._stub.GetWorkflowSettings, request, access_token)

    def set_settings(
        self, access_token: str, authority_id: str, workflow: str, settings: Mapping[str, str], *, try_only: bool
    ) -> petitions_pb2.Terms:
        """Sets them, or only says what would hold."""
        request = pb.SetWorkflowSettingsRequest(
            authority_id=authority_id, workflow=workflow, settings=settings, validate_only=try_only
        )
        return call(self._stub.SetWorkflowSettings, request, access_token).terms
