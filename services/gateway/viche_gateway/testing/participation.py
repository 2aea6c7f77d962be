"""What surveys keeps of a person, whole forms, and mailed links, in doubles; a scope token is "PERSON SCOPE"."""

import json
from typing import Any

from viche.notifications.v1 import draft_links_pb2 as links
from viche.notifications.v1 import draft_links_pb2_grpc as links_rpc
from viche.surveys.v1 import answers_pb2 as pb
from viche.surveys.v1 import answers_pb2_grpc as rpc
from viche.surveys.v1 import participation_pb2, participation_pb2_grpc

from viche_chassis.errors import DomainError
from viche_gateway.testing.surveys import FakeSurveys


class FakeParticipation(participation_pb2_grpc.ParticipationServiceServicer, rpc.PrivacyServiceServicer):
    """Answers by scope token; drafts and forms are those of surveys' double. Ids of surveys come two a page."""

    def __init__(self, surveys: FakeSurveys) -> None:
        self.answers: dict[str, pb.MyResponse] = {}
        self._surveys = surveys

    async def ListAnswerPages(self, request: Any, context: Any) -> Any:
        pages = self._surveys.form(request.number, request.language)
        return participation_pb2.ListAnswerPagesResponse(
            pages=[participation_pb2.FormPage(page=page) for page in pages]
        )

    async def ListSurveyIds(self, request: Any, context: Any) -> Any:
        later = sorted(each.id for each in self._surveys.surveys.values() if each.id > request.after_id)
        return pb.ListSurveyIdsResponse(survey_ids=later[:2])

    async def ListMyResponses(self, request: Any, context: Any) -> Any:
        found = [self.answers[item.scope_token] for item in request.items if item.scope_token in self.answers]
        return pb.ListMyResponsesResponse(responses=found)

    async def ListMyDrafts(self, request: Any, context: Any) -> Any:
        tokens = {item.scope_token for item in request.items}
        found = [self._draft(token) for token, each in self._surveys.drafts.items() if _of(each) in tokens]
        return participation_pb2.ListMyDraftsResponse(drafts=found)

    def _draft(self, token: str) -> participation_pb2.MyDraft:
        draft = self._surveys.drafts[token]
        survey = self._surveys.surveys[draft.number]
        return participation_pb2.MyDraft(
            survey_id=survey.id, number=survey.number, title=survey.title, token=token,
            fields_json=json.dumps(draft.fields),
        )  # fmt: skip


class FakeDraftLinks(links_rpc.DraftLinksServiceServicer):
    """Mails with links to drafts that were asked for, in their order; ``refusal`` is what it says no with."""

    def __init__(self) -> None:
        self.sent: list[links.SendDraftLinkRequest] = []
        self.refusal: DomainError | None = None

    async def SendDraftLink(self, request: Any, context: Any) -> Any:
        if self.refusal is not None:
            raise self.refusal
        if request.request_id not in {each.request_id for each in self.sent}:
            self.sent.append(request)
        return links.SendDraftLinkResponse()


def _of(draft: Any) -> str:
    return draft.respondent.scope_token
