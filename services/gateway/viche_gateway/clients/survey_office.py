"""Calls to surveys by those who write them."""

from collections.abc import Mapping, Sequence

import grpc
from viche.surveys.v1 import (
    answers_pb2,
    answers_pb2_grpc,
    editing_pb2,
    editing_pb2_grpc,
    results_pb2,
    results_pb2_grpc,
)
from viche.surveys.v1 import surveys_pb2 as pb
from viche.surveys.v1 import surveys_pb2_grpc as rpc

from viche_gateway.clients.calls import call

_FORM_TIMEOUT_S = 25.0
PAGE = 50


class SurveyOffice:
    """Surveys as their writers see them, over one channel. All raise DomainError."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._surveys = rpc.SurveysServiceStub(channel)
        self._forms = rpc.FormsServiceStub(channel)
        self._invitations = rpc.InvitationsServiceStub(channel)
        self._answers = answers_pb2_grpc.AnswersServiceStub(channel)
        self._editing = editing_pb2_grpc.EditingServiceStub(channel)
        self._polls = editing_pb2_grpc.PollsServiceStub(channel)
        self._results = results_pb2_grpc.ResultsServiceStub(channel)

    def listed(
        self, access_token: str, state: "pb.SurveyState.ValueType", page_token: str = ""
    ) -> pb.ListOfficeSurveysResponse:
        """A page of surveys of the officer's authorities, those that changed last first."""
        request = pb.ListOfficeSurveysRequest(state=state, page_size=PAGE, page_token=page_token)
        return call(self._surveys.ListOfficeSurveys, request, access_token)

    def get(self, access_token: str, survey_id: str) -> pb.GetSurveyResponse:
        """A survey with its latest definition."""
        return call(self._surveys.GetSurvey, pb.GetSurveyRequest(survey_id=survey_id), access_token)

    def ready(self) -> Sequence[pb.ReadySurvey]:
        """Surveys that come with the product."""
        return call(self._surveys.ListReadySurveys, pb.ListReadySurveysRequest()).surveys

    def create(
        self,
        access_token: str,
        request_id: str,
        authority_id: str,
        definition_json: str,
        settings: pb.SurveySettings | None = None,
        origin: pb.FormOrigin | None = None,
    ) -> pb.CreateSurveyResponse:
        """Starts a draft; ``origin`` is the file that it was read from."""
        request = pb.CreateSurveyRequest(
            request_id=request_id, authority_id=authority_id, definition_json=definition_json, settings=settings,
            origin=origin,
        )  # fmt: skip
        return call(self._surveys.CreateSurvey, request, access_token)

    def redefine(
        self,
        access_token: str,
        request_id: str,
        survey_id: str,
        edition: int,
        definition_json: str,
        renamed: Mapping[str, str],
    ) -> pb.UpdateSurveyResponse:
        """Changes what a survey asks; ``renamed`` are new names of questions by their former ones."""
        request = pb.UpdateSurveyRequest(
            request_id=request_id, survey_id=survey_id, edition=edition, definition_json=definition_json,
            renamed=renamed,
        )  # fmt: skip
        return call(self._surveys.UpdateSurvey, request, access_token)

    def set(
        self, access_token: str, request_id: str, survey_id: str, edition: int, settings: pb.SurveySettings
    ) -> pb.UpdateSurveyResponse:
        """Changes the settings of a survey."""
        request = pb.UpdateSurveyRequest(
            request_id=request_id, survey_id=survey_id, edition=edition, settings=settings
        )  # fmt: skip
        return call(self._surveys.UpdateSurvey, request, access_token)

    def open(self, access_token: str, request_id: str, survey_id: str) -> pb.Survey:
        """Opens a draft, or lets it wait for its time."""
        request = pb.OpenSurveyRequest(request_id=request_id, survey_id=survey_id)
        return call(self._surveys.OpenSurvey, request, access_token).survey

    def close(self, access_token: str, request_id: str, survey_id: str) -> pb.Survey:
        """Closes a survey; one that waits becomes a draft again."""
        request = pb.CloseSurveyRequest(request_id=request_id, survey_id=survey_id)
        return call(self._surveys.CloseSurvey, request, access_token).survey

    def delete(self, access_token: str, request_id: str, survey_id: str) -> None:
        """Throws a draft away."""
        call(
            self._surveys.DeleteSurvey,
            pb.DeleteSurveyRequest(request_id=request_id, survey_id=survey_id),
            access_token,
        )

    def read_form(self, access_token: str, filename: str, content: bytes) -> pb.ReadFormResponse:
        """What a file of another tool holds."""
        request = pb.ReadFormRequest(filename=filename, content=content)
        return call(self._forms.ReadForm, request, access_token, _FORM_TIMEOUT_S)

    def form(self, access_token: str, survey_id: str, format: str) -> pb.GetFormResponse:
        """A survey as a file of another tool."""
        request = pb.GetFormRequest(survey_id=survey_id, format=format)
        return call(self._forms.GetForm, request, access_token, _FORM_TIMEOUT_S)

    def invite(self, access_token: str, request_id: str, survey_id: str, count: int) -> Sequence[str]:
        """Secrets of new links, each good for one answer; none when the request was sent before."""
        request = pb.CreateInvitationsRequest(request_id=request_id, survey_id=survey_id, count=count)
        return call(self._invitations.CreateInvitations, request, access_token).secrets

    def invitations(self, access_token: str, survey_id: str) -> pb.GetInvitationCountsResponse:
        """How many links there are, and how many were used."""
        request = pb.GetInvitationCountsRequest(survey_id=survey_id)
        return call(self._invitations.GetInvitationCounts, request, access_token)

    def preview(self, access_token: str, request: answers_pb2.PreviewPageRequest) -> answers_pb2.PreviewPageResponse:
        """A page as citizens would see it."""
        return call(self._answers.PreviewPage, request, access_token)

    def rename(
        self, access_token: str, definition_json: str, name: str, new_name: str
    ) -> editing_pb2.PreviewRenameResponse:
        """A definition with another name for something in it, or why it cannot have one."""
        request = editing_pb2.PreviewRenameRequest(definition_json=definition_json, item=name, new_name=new_name)
        return call(self._editing.PreviewRename, request, access_token)

    def bring_poll(
        self, access_token: str, request_id: str, survey_id: str, poll: results_pb2.PollResults, *, corrects: bool
    ) -> None:
        """Puts counts of a poll beside a survey; those of the same poll give way, with ``corrects`` newer ones, too."""
        request = results_pb2.ImportPollResultsRequest(
            request_id=request_id, survey_id=survey_id, poll=poll, corrects=corrects
        )
        call(self._results.ImportPollResults, request, access_token)

    def remove_poll(
        self, access_token: str, request_id: str, survey_id: str, platform: str, poll_id: str
    ) -> results_pb2.PollResults | None:
        """Takes counts of a poll away, and gives what they were; None where there were none."""
        request = editing_pb2.DeletePollResultsRequest(
            request_id=request_id, survey_id=survey_id, platform=platform, poll_id=poll_id
        )
        answer = call(self._polls.DeletePollResults, request, access_token)
        return answer.poll if answer.HasField("poll") else None
